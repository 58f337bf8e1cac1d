import type { Capability, Declaration, SourceSpan, Store } from '@ringfence/plan'
import { accessOf, holdsAt, type Access } from './access.js'
import { actorId, actorLabel, type Actor } from './actor.js'
import type { Expectation } from './probe.js'

type StoreName = Pick<Store, 'kind' | 'name'>

/**
 * The expected answers, from the declaration alone. `key` is an object's key, `prefix` what a listing asks
 * for; both are plain strings compared with the declared prefixes.
 */
export interface Expectations {
  accessOf(actor: Actor): readonly Access[]
  mayOnStore(
    actor: Actor,
    capability: 'read' | 'write' | 'delete',
    store: StoreName,
    key: string,
    atMs: number,
  ): Expectation
  /** Settings of the bucket that neither open it nor move or destroy data, such as its tags. */
  mayAdminister(actor: Actor, store: StoreName, atMs: number): Expectation
  mayList(actor: Actor, store: StoreName, prefix: string, atMs: number): Expectation
  mayOnPlatform(
    actor: Actor,
    capability: 'train' | 'deploy' | 'invoke',
    platform: string,
    as: string,
    atMs: number,
  ): Expectation
  /** To look at what runs on a platform, and to stop it: whose work it is, and who administers all of it. */
  mayHandleWork(
    actor: Actor,
    capability: 'train' | 'deploy',
    platform: string,
    as: string,
    atMs: number,
  ): Expectation
}

export function createExpectations(declaration: Declaration): Expectations {
  const accesses = new Map<string, readonly Access[]>()
  const access = (actor: Actor): readonly Access[] => {
    const id = actorId(actor)
    const known = accesses.get(id) ?? accessOf(declaration, actor)
    accesses.set(id, known)
    return known
  }
  const decide = (
    actor: Actor,
    capability: Capability,
    on: Access['on'],
    atMs: number,
    fits: (access: Access) => boolean,
  ) => {
    const candidates = access(actor).filter(
      (one) => one.capability === capability && one.on.kind === on.kind && one.on.name === on.name,
    )
    const granting = candidates.find((one) => fits(one) && holdsAt(one, atMs))
    if (granting !== undefined) return allowed([granting.declaredAt], `declared: ${capability}`)
    return denied(
      [...candidates.map((one) => one.declaredAt), placeOf(declaration, on)],
      whyNot(actor, capability, on, candidates.find(fits)),
    )
  }
  return {
    accessOf: access,
    mayOnStore: (actor, capability, store, key, atMs) =>
      decide(actor, capability, store, atMs, ({ under }) => key.startsWith(under)),
    mayAdminister: (actor, store, atMs) =>
      actor.kind === 'administrator'
        ? administratorsMay(declaration, actor.name)
        : decide(actor, 'administer', store, atMs, () => true),
    mayList: (actor, store, prefix, atMs) =>
      actor.kind === 'administrator'
        ? administratorsMay(declaration, actor.name, 'administrators see names of objects')
        : decide(actor, 'read', store, atMs, ({ under }) => prefix.startsWith(under)),
    mayOnPlatform: (actor, capability, platform, as, atMs) =>
      decide(
        actor,
        capability,
        { kind: 'platform', name: platform },
        atMs,
        (one) => capability === 'invoke' || one.as === as,
      ),
    mayHandleWork: (actor, capability, platform, as, atMs) => {
      const on = { kind: 'platform', name: platform } as const
      const own = decide(actor, capability, on, atMs, (one) => one.as === as)
      return own.expected === 'allowed' ? own : decide(actor, 'administer', on, atMs, () => true)
    },
  }
}

/** Both must be allowed, as for a copy, which reads and writes. */
export function both(first: Expectation, second: Expectation): Expectation {
  if (first.expected === 'denied') return first
  if (second.expected === 'denied') return second
  return allowed([...first.because, ...second.because], `${first.reason}; ${second.reason}`)
}

/** Administrators may change what protects data and members, and see what objects are called; not the data. */
export function administratorsMay(
  declaration: Declaration,
  name: string,
  reason = 'administrators may change the fence',
): Expectation {
  const declared = declaration.administrators.find((one) => one.name === name)
  return allowed([declared?.declaredAt ?? declaration.declaredAt], reason)
}

/** Only the organization's own guardrail binds somebody who has AdministratorAccess in the account. */
export function undeclaredMay({ guardrail, declaredAt }: Declaration): Expectation {
  return guardrail === 'serviceControlPolicy'
    ? denied([declaredAt], 'the guardrail keeps this to administrators')
    : allowed(
        [declaredAt],
        'without `guardrail: serviceControlPolicy` AdministratorAccess reaches IAM, every role and every platform',
      )
}

export function allowed(because: readonly SourceSpan[], reason: string): Expectation {
  return { expected: 'allowed', because, reason }
}

export function denied(because: readonly SourceSpan[], reason: string): Expectation {
  return { expected: 'denied', because, reason }
}

function whyNot(actor: Actor, capability: Capability, on: Access['on'], ended: Access | undefined): string {
  const who = actorLabel(actor)
  if (ended?.endsAtMs !== undefined)
    return `${capability} on ${on.kind} ${on.name} ended for ${who} at ${new Date(ended.endsAtMs).toISOString()}`
  return `nothing declared lets ${who} ${capability} this on ${on.kind} ${on.name}`
}

/** Where a store or platform is declared. */
export function placeOf(declaration: Declaration, on: Access['on']): SourceSpan {
  const declared =
    on.kind === 'platform'
      ? declaration.platforms.find(({ name }) => name === on.name)
      : declaration.stores.find(({ kind, name }) => kind === on.kind && name === on.name)
  return declared?.declaredAt ?? declaration.declaredAt
}
