import type { AccountRole, AccountUser } from '../account/account.js'
import type { Facts } from './fact.js'
import { changesOf } from './changes.js'
import { UNLIKELY_NAME } from './mentioned.js'
import type { Candidate } from './offer.js'
import { anyOf, keysAbout, requestFor } from './requests.js'
import { isRoleOfAws } from './roles-of-aws.js'
import { asksForFactor, withFactor } from './second-factor.js'
import type { Servants } from './servants.js'
import type { BecomeStep, PassRoleStep, SignInStep, Step, TakeOverStep } from './step.js'
import type { Entities } from './strengthen.js'

/** Users and roles to do something to: one of each that policies treat alike. */
export interface Targets {
  /** By ARN. */
  readonly users: ReadonlyMap<string, AccountUser>
  readonly roles: ReadonlyMap<string, AccountRole>
}

/** What candidates are looked for among. */
export interface Situation {
  readonly index: Entities
  readonly targets: Targets
  /** Whose steps these are. */
  readonly actor: AccountUser | AccountRole
  /** ARN of who takes the first step. */
  readonly start: string
  /** What was brought about so far. */
  readonly facts: Facts
  /** Who is the caller's already, the actor among them. */
  readonly controlled: readonly (AccountUser | AccountRole)[]
  readonly servants: Servants
  /** Whether the actor may do an action on anything of a kind, before each one is asked about. */
  readonly mightDo: (action: string, resource: string) => boolean
  /** Of things by ARN those that the actor's policies name for an action. */
  readonly named: <T>(action: string, things: ReadonlyMap<string, T>) => Iterable<T>
}

/** Everything that a step could be done to, if it is allowed. */
export function* candidatesOf(step: Step, situation: Situation): Generator<Candidate> {
  if (step.kind === 'become') yield* becoming(step, situation)
  else if (step.kind === 'signIn') yield* signingIn(step, situation)
  else if (step.kind === 'change') yield* changesOf(step, situation)
  else if (step.kind !== 'create') yield* serving(step, situation)
}

function* becoming(step: BecomeStep, situation: Situation): Generator<Candidate> {
  const { index, actor, facts, start } = situation
  const isAssume = step.id === 'assume-role'
  const opensWithFactor = isAssume && actor.kind === 'user' && asksForFactor(index.account)
  const wide = anyOf(step.target, index)
  if (!isAssume && step.asks.some(({ action }) => !situation.mightDo(action, wide))) return
  const targets = isAssume
    ? situation.servants.assumableBy(actor)
    : step.target === 'user'
      ? situation.named(step.asks[0]!.action, situation.targets.users)
      : situation.named(step.asks[0]!.action, situation.targets.roles)
  for (const target of targets) {
    if (target.arn === actor.arn || target.arn === start) continue
    if (!isAssume && isRoleOfAws(target.arn)) continue
    const needs = target.kind === 'user' ? needsOf(step, target) : []
    if (needs === undefined) continue
    yield {
      step,
      target: target.arn,
      concerns: target.arn,
      gives: [{ kind: 'controls', of: target.arn }, ...(opensWithFactor ? [withFactor(target.arn)] : [])],
      requests: step.asks.map((ask) =>
        requestFor(ask, target.arn, index, keysAbout(target, ask.action, facts, index)),
      ),
      ...(isAssume ? { assumes: target.arn } : {}),
      needs,
    }
  }
}

/** Whoever has an identity provider say what it likes signs in to the roles that trust it. */
function* signingIn(step: SignInStep, situation: Situation): Generator<Candidate> {
  const { actor, index, mightDo, servants, start } = situation
  const { account } = index
  const any = `arn:${account.partition}:iam::${account.account}:${step.provider}-provider/*`
  if (step.asks.some(({ action }) => !mightDo(action, any))) return
  for (const { role, provider } of servants.signedInBy) {
    const [own = '', host = ''] = provider.split(/(?<=:(?:saml|oidc)-provider\/)/)
    if (`${own}*` !== any || role.arn === actor.arn || role.arn === start) continue
    if (account.identityProviders.includes(provider) === (step.makes ?? false)) continue
    const words = step.thing?.replace('{host}', host).replace('{target}', `role/${role.name}`)
    yield {
      step,
      target: role.arn,
      concerns: role.arn,
      gives: [{ kind: 'controls', of: role.arn }],
      requests: step.asks.map((ask) => requestFor(ask, provider, index)),
      signIn: {
        provider,
        action: SIGN_IN_ACTIONS[step.provider],
        claims: step.newAudience === true ? { [`${host}:aud`]: UNLIKELY_NAME } : {},
      },
      needs: words === undefined ? [] : [words],
    }
  }
}

const SIGN_IN_ACTIONS = { saml: 'sts:AssumeRoleWithSAML', oidc: 'sts:AssumeRoleWithWebIdentity' } as const

/** What is not known about a user and has to hold for new credentials; `undefined` where it is known not to. */
function needsOf(
  { needs }: BecomeStep,
  { accessKeys, hasLoginProfile, name }: AccountUser,
): string[] | undefined {
  if (needs === 'freeKey' || needs === 'noFreeKey') {
    if (accessKeys === undefined)
      return [
        needs === 'freeKey'
          ? `fewer than two access keys of user/${name}`
          : `two access keys of user/${name}`,
      ]
    return accessKeys < 2 === (needs === 'freeKey') ? [] : undefined
  }
  if (hasLoginProfile === undefined)
    return [needs === 'loginProfile' ? `a password of user/${name}` : `no password of user/${name} so far`]
  return hasLoginProfile === (needs === 'loginProfile') ? [] : undefined
}

function* serving(step: PassRoleStep | TakeOverStep, situation: Situation): Generator<Candidate> {
  const { index, servants, mightDo } = situation
  const passes = step.kind === 'passRole'
  if (passes && !mightDo('iam:PassRole', anyOf('role', index))) return
  const asks = step.asks.map((ask) => requestFor(ask, '', index))
  if (asks.some(({ action, resource }) => !mightDo(action, resource))) return
  const servantsOfStep = servants.of(step)
  const among = passes ? situation.named('iam:PassRole', servantsOfStep) : servantsOfStep.values()
  for (const { role, service, needs } of [...among].flat()) {
    if (role.arn === situation.actor.arn || role.arn === situation.start) continue
    const pass = requestFor({ action: 'iam:PassRole', on: '{target}' }, role.arn, index, {
      'iam:PassedToService': service,
      ...keysAbout(role, 'iam:PassRole', situation.facts, index),
    })
    const base: Candidate = {
      step,
      target: role.arn,
      concerns: role.arn,
      gives: [{ kind: 'controls', of: role.arn }],
      requests: passes ? [pass, ...asks] : asks,
      service,
      needs: [
        ...needs,
        ...(step.thing === undefined ? [] : [step.thing.replace('{target}', `role/${role.name}`)]),
      ],
    }
    if (!passes || step.through !== true) yield base
    else
      for (const { arn } of servants.reachedThrough(role))
        yield { ...base, concerns: arn, gives: [{ kind: 'controls', of: arn }] }
  }
}
