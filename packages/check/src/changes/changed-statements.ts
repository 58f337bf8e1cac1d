import { printPolicy, type Policy, type PolicyKind, type Statement } from '@ringfence/policy'
import type { Account, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { everything } from '../account/layers-of.js'
import { identityPoliciesOf, managedPolicyOf, readNamed } from '../account/read-policies.js'
import { besideKnown, requestsAbout, type BesideKnown } from '../answers/beside-known.js'
import { mayOverlap, type Shape } from '../answers/region.js'
import { contentOf } from './content.js'

/** A statement that only one of two sides has, or that means something else to one of them. */
export interface ChangedStatement {
  /** Absent: it is not about more than resources with policies of their own. */
  readonly statement?: Statement
  /** It may be any statement. */
  readonly isUnknown?: true
  /** It gives something by itself; others take away, or leave over, what these give. */
  readonly isGrant?: boolean
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
  const differing = inOneAlone(before, after)
  const tagged = isTaggedAnew(older.principal, newer.principal)
    ? [
        { touches: () => true },
        ...[
          ...before.values(),
          ...after.values(),
          ...guardrailsOf(older.account),
          ...guardrailsOf(newer.account),
        ].flatMap(aboutTags),
      ]
    : []
  const statements = differing.flatMap(([, { kind, named }]): readonly ChangedStatement[] => {
    const read = readNamed(named, kind)
    if ('unknown' in read) return [ANYTHING]
    const others = [...(after.has(contentOf(named) + kind) ? before : after).values()]
    const same = new Set(others.flatMap((one) => printedStatements(one)))
    return read.policy.statements
      .filter((statement) => !same.has(printed(read.policy, statement)))
      .map((statement) => changedOf(statement, kind))
  })
  return [...statements, ...tagged]
}

/** The statements of the account's guardrails that differ. A side without a level allows everything there. */
export function changedGuardrails(older: Account, newer: Account): readonly ChangedStatement[] {
  if (older.managementAccount !== newer.managementAccount) return [ANYTHING]
  return [
    ...changedLevels(older.serviceControlPolicies, newer.serviceControlPolicies, 'serviceControl'),
    ...changedLevels(older.resourceControlPolicies, newer.resourceControlPolicies, 'resourceControl'),
  ]
}

function changedLevels(
  older: Account['serviceControlPolicies'],
  newer: Account['serviceControlPolicies'],
  kind: Guardrail,
): readonly ChangedStatement[] {
  const length = Math.max(older?.length ?? 0, newer?.length ?? 0)
  return Array.from({ length }, (_, level) => {
    const [before, after] = [older?.[level], newer?.[level]].map((policies) => statementsAt(policies, kind))
    if (!before || !after) return [ANYTHING]
    return inOneAlone(before, after).map(([, statement]) => changedOf(statement, kind))
  }).flat()
}

/** The entries whose key only one of both has. */
function inOneAlone<One>(
  before: ReadonlyMap<string, One>,
  after: ReadonlyMap<string, One>,
): readonly (readonly [string, One])[] {
  return [
    ...[...before].filter(([key]) => !after.has(key)),
    ...[...after].filter(([key]) => !before.has(key)),
  ]
}

/** By what they say; undefined where some policy is not known. */
function statementsAt(
  policies: readonly NamedPolicy[] | undefined,
  kind: Guardrail,
): ReadonlyMap<string, Statement> | undefined {
  const read = policies?.map((named) => readNamed(named, kind)) ?? [{ policy: everything(kind) }]
  const known = read.flatMap((one) => ('policy' in one ? [one.policy] : []))
  if (known.length < read.length) return undefined
  return new Map(
    known.flatMap((policy) =>
      policy.statements.map((statement) => [printed(policy, statement), statement] as const),
    ),
  )
}

type Guardrail = 'serviceControl' | 'resourceControl'

function changedOf(statement: Statement, kind: PolicyKind): ChangedStatement {
  const isGrant = kind === 'identity' && statement.effect === 'Allow'
  return { statement, isGrant, touches: (arn) => touches(statement, arn) }
}

/** Statements that mean something else to somebody with other tags. */
function aboutTags({ kind, named }: Read): readonly ChangedStatement[] {
  const read = readNamed(named, kind)
  if ('unknown' in read) return []
  return read.policy.statements
    .filter((statement) => /aws:principaltag\//i.test(printed(read.policy, statement)))
    .map((statement) => changedOf(statement, kind))
}

interface Read {
  readonly named: NamedPolicy
  readonly kind: PolicyKind
}

function guardrailsOf({ resourceControlPolicies, serviceControlPolicies }: Account): readonly Read[] {
  return [
    ...(serviceControlPolicies?.flat().map((named): Read => ({ named, kind: 'serviceControl' })) ?? []),
    ...(resourceControlPolicies?.flat().map((named): Read => ({ named, kind: 'resourceControl' })) ?? []),
  ]
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

/**
 * Requests to what has no policy of its own that changed statements may be about, each of them once: first those that a
 * statement gives.
 */
export function requestsOf(
  changed: readonly ChangedStatement[],
  known: readonly string[],
  services: Iterable<string>,
): readonly BesideKnown[] {
  const asked = new Map<string, Pick<Shape, 'actions' | 'resources'>>()
  const grants = changed.filter(({ isGrant }) => isGrant === true)
  const others = changed.filter(({ isGrant }) => isGrant !== true)
  return [...grants, ...others].flatMap((one): BesideKnown[] => {
    const about = aboutOf(one)
    const key = JSON.stringify(about)
    if (!about || asked.has(key)) return []
    const { shape, ...rest } = besideKnown(about, known, services)
    const without = [...asked.values()].filter(({ resources }) =>
      resources.some((resource) => about.resources.some((other) => mayOverlap(resource, other))),
    )
    asked.set(key, about)
    return [{ ...rest, ...(shape && { shape: without.length === 0 ? shape : { ...shape, without } }) }]
  })
}

/** The requests that it may be about; undefined where these are asked about by themselves. */
function aboutOf({
  isUnknown,
  statement,
}: ChangedStatement): Pick<Shape, 'actions' | 'resources'> | undefined {
  if (isUnknown) return { actions: ['*'], resources: ['*'] }
  return statement && requestsAbout(statement)
}
