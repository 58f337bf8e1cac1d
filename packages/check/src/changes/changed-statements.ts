import { printPolicy, type Policy, type Statement } from '@ringfence/policy'
import type { Account, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { identityPoliciesOf, managedPolicyOf, readNamed } from '../account/read-policies.js'
import { covers, mayOverlap, type Shape } from '../answers/region.js'
import { contentOf } from './content.js'

/** A statement that only one of two sides has, or that means something else to one of them. */
export interface ChangedStatement {
  /** Absent: it is not about more than resources with policies of their own. */
  readonly statement?: Statement
  /** It may be any statement. */
  readonly isUnknown?: true
  readonly touches: (arn: string) => boolean
}

interface Side {
  readonly account: Account
  readonly principal?: AccountUser | AccountRole
}

/** A policy that is not known may touch anything. */
const ANYTHING: ChangedStatement = { isUnknown: true, touches: () => true }

/** The statements of identity policies and boundaries that differ between two sides. */
export function changedStatements(older: Side, newer: Side): readonly ChangedStatement[] {
  const [before, after] = [policiesOf(older), policiesOf(newer)].map(
    (policies) => new Map(policies.map((policy) => [contentOf(policy.named) + policy.kind, policy])),
  ) as [Map<string, Read>, Map<string, Read>]
  const differing = [
    ...[...before].filter(([key]) => !after.has(key)),
    ...[...after].filter(([key]) => !before.has(key)),
  ]
  const tagged = isTaggedAnew(older.principal, newer.principal)
    ? [{ touches: () => true }, ...[...before.values(), ...after.values()].flatMap(aboutTags)]
    : []
  const statements = differing.flatMap(([, { kind, named }]): readonly ChangedStatement[] => {
    const read = readNamed(named, kind)
    if ('unknown' in read) return [ANYTHING]
    const others = [...(after.has(contentOf(named) + kind) ? before : after).values()]
    const same = new Set(others.flatMap((one) => printedStatements(one)))
    return read.policy.statements
      .filter((statement) => !same.has(printed(read.policy, statement)))
      .map(changedOf)
  })
  return [...statements, ...tagged]
}

function changedOf(statement: Statement): ChangedStatement {
  return { statement, touches: (arn) => touches(statement, arn) }
}

/** Statements that mean something else to somebody with other tags. */
function aboutTags({ kind, named }: Read): readonly ChangedStatement[] {
  const read = readNamed(named, kind)
  if ('unknown' in read) return []
  return read.policy.statements
    .filter((statement) => /aws:principaltag\//i.test(printed(read.policy, statement)))
    .map(changedOf)
}

interface Read {
  readonly named: NamedPolicy
  readonly kind: 'identity' | 'boundary'
}

function policiesOf({ account, principal }: Side): readonly Read[] {
  if (!principal) return []
  const { permissionsBoundary: boundary } = principal
  return [
    ...identityPoliciesOf(account, principal).map((named): Read => ({ named, kind: 'identity' })),
    ...(boundary === undefined
      ? []
      : [{ named: managedPolicyOf(account, boundary), kind: 'boundary' } as const]),
  ]
}

function isTaggedAnew(
  older: AccountUser | AccountRole | undefined,
  newer: AccountUser | AccountRole | undefined,
): boolean {
  if (!older || !newer) return false
  return JSON.stringify(older.tags) !== JSON.stringify(newer.tags)
}

function printedStatements({ kind, named }: Read): readonly string[] {
  const read = readNamed(named, kind)
  return 'unknown' in read ? [] : read.policy.statements.map((statement) => printed(read.policy, statement))
}

const remembered = new WeakMap<Statement, string>()

function printed(policy: Policy, statement: Statement): string {
  let text = remembered.get(statement)
  if (text === undefined) {
    const { kind, version } = policy
    const { sid: _, ...rest } = statement
    text = `${kind} ${printPolicy({ kind, name: '', ...(version && { version }), statements: [rest] })}`
    remembered.set(statement, text)
  }
  return text
}

function touches({ resource }: Statement, arn: string): boolean {
  return !resource || resource.negated || resource.patterns.some(({ source }) => mayOverlap(source, arn))
}

/** More than these are not told apart from what has no policy of its own. */
const MOST_KNOWN = 200

/** Shapes of requests to what has no policy of its own that changed statements may be about. */
export function shapesOf(
  changed: readonly ChangedStatement[],
  known: readonly string[],
  services: Iterable<string>,
): readonly Shape[] {
  const shapes = changed.flatMap(({ isUnknown, statement }): Shape[] => {
    if (isUnknown) return [wideShape(known, services)]
    if (!statement) return []
    const { action, resource } = statement
    if (action.negated || !resource || resource.negated) return [wideShape(known, services)]
    const actions = action.patterns.map(({ source }) => source)
    const asked = resource.patterns.map(({ source }) => source)
    const touched = known.filter((arn) => asked.some((one) => mayOverlap(one, arn)))
    const resources = asked.filter((one) => !touched.some((arn) => covers(arn, one)))
    if (resources.length === 0) return []
    const others = actions.filter((one) => !OWN.test(one))
    if (touched.length <= MOST_KNOWN) return [{ actions, resources, except: touched }]
    return others.length === 0 ? [] : [{ actions: others, resources }]
  })
  return [...new Map(shapes.map((shape) => [JSON.stringify(shape), shape])).values()]
}

/** Services whose resources have policies of their own. */
const OWN = /^(?:\*$|s3:|kms:|sts:)/i

/** Everything but what is asked about by itself; where that is too much to name, no service that has such things. */
export function wideShape(known: readonly string[], services: Iterable<string>): Shape {
  if (known.length <= MOST_KNOWN) return { actions: ['*'], resources: ['*'], except: known }
  const others = [...services].map((service) => `${service}:*`).filter((pattern) => !OWN.test(pattern))
  return { actions: others, resources: ['*'] }
}
