import type {
  Account,
  AccountGroup,
  AccountRole,
  AccountUser,
  ManagedPolicy,
  NamedPolicy,
} from '../account/account.js'
import { managedPolicyOf } from '../account/read-policies.js'
import type { Subject } from './access-oracle.js'
import type { Facts } from './fact.js'

/** Entities of an account by ARN and name. */
export interface Entities {
  readonly account: Account
  readonly principals: ReadonlyMap<string, AccountUser | AccountRole>
  readonly groups: ReadonlyMap<string, AccountGroup>
  readonly groupsByArn: ReadonlyMap<string, AccountGroup>
  readonly policies: ReadonlyMap<string, ManagedPolicy>
}

export function entitiesOf(account: Account): Entities {
  return {
    account,
    principals: new Map([...account.users, ...account.roles].map((one) => [one.arn, one])),
    groups: new Map(account.groups.map((one) => [one.name, one])),
    groupsByArn: new Map(account.groups.map((one) => [one.arn, one])),
    policies: new Map(account.managedPolicies.map((one) => [one.arn, one])),
  }
}

/** Managed policies of AWS that make an administrator, the strongest first: there in every account. */
export function administratorPolicies(account: Account): readonly string[] {
  return ['AdministratorAccess', 'IAMFullAccess'].map(
    (name) => `arn:${account.partition}:iam::aws:policy/${name}`,
  )
}

/** Groups of a user, and those that it was added to. */
export function groupsOf(
  principal: AccountUser | AccountRole,
  facts: Facts,
  index: Entities,
): readonly AccountGroup[] {
  if (principal.kind === 'role') return []
  const joined = facts.values(principal.arn, 'joined')
  return [
    ...principal.groups.flatMap((name) => index.groups.get(name) ?? []),
    ...joined.flatMap((arn) => index.groupsByArn.get(arn) ?? []),
  ]
}

/**
 * A user or role as it is with what was brought about: the same one with other policies, once for each boundary that it
 * can have. What the caller added counts with its Allow statements and what the caller can take away without its Deny
 * statements, as the caller would rather have it; so more may be taken for possible than is where both stand in one
 * policy.
 */
export function strengthen(
  principal: AccountUser | AccountRole,
  facts: Facts,
  index: Entities,
): readonly Subject[] {
  if (!isTouched(principal, facts, index)) return [{ principal }]
  const groups = groupsOf(principal, facts, index)
  const left = new Set(facts.values(principal.arn, 'left'))
  const joined = new Set(facts.values(principal.arn, 'joined'))
  const inline = [principal, ...groups].flatMap((entity) => {
    const policies = policiesOf(entity, facts, index)
    return left.has(entity.arn) || joined.has(entity.arn) ? policies.flatMap(withoutDenials) : policies
  })
  const { permissionsBoundary: _, ...rest } = principal
  const changed = { ...rest, attached: [], inline, ...(rest.kind === 'user' ? { groups: [] } : {}) }
  const tags = facts.values(principal.arn, 'tag')
  const free = tags.length === 0 ? {} : { freeTags: new Set(tags) }
  return boundariesOf(principal, facts).map((boundary) => {
    const limit = boundary === undefined ? {} : { permissionsBoundary: boundary }
    // The kind is the same; TypeScript does not follow it through the spread.
    const subject = Object.assign({}, changed, limit) as AccountUser | AccountRole
    return Object.assign({ principal: subject }, free)
  })
}

/** Everything that decides what somebody may do: itself, groups, managed policies, boundaries. */
export function entitiesAround(
  principal: AccountUser | AccountRole,
  facts: Facts,
  index: Entities,
): ReadonlySet<string> {
  const holders = [principal, ...groupsOf(principal, facts, index)]
  const boundaries = boundariesOf(principal, facts).flatMap((arn) => arn ?? [])
  return new Set([
    ...holders.map(({ arn }) => arn),
    ...holders.flatMap(({ arn, attached }) => attached.concat(facts.values(arn, 'attached'))),
    ...(principal.permissionsBoundary === undefined ? [] : [principal.permissionsBoundary]),
    ...boundaries,
  ])
}

function isTouched(principal: AccountUser | AccountRole, facts: Facts, index: Entities): boolean {
  return [...entitiesAround(principal, facts, index)].some((arn) =>
    facts.of(arn).some(({ kind }) => kind !== 'controls' && kind !== 'factor'),
  )
}

/** Only those that are worth asking about: without a boundary nothing is lacking that one would allow. */
function boundariesOf(principal: AccountUser | AccountRole, facts: Facts): readonly (string | undefined)[] {
  const own = principal.permissionsBoundary
  const all = [
    own,
    ...facts.of(principal.arn).flatMap((fact) => (fact.kind === 'boundary' ? [fact.value] : [])),
  ]
  const isLifted = all.some(
    (arn) =>
      arn === undefined ||
      arn.endsWith(':iam::aws:policy/AdministratorAccess') ||
      facts.of(arn).some(({ kind }) => kind === 'rewritten' || kind === 'switched'),
  )
  return isLifted ? [undefined] : [...new Set(all)]
}

function policiesOf(
  entity: AccountUser | AccountRole | AccountGroup,
  facts: Facts,
  index: Entities,
): readonly NamedPolicy[] {
  const known = new Set(facts.of(entity.arn).map(({ kind }) => kind))
  const detached = new Set(facts.values(entity.arn, 'detached'))
  const added = facts.values(entity.arn, 'attached')
  return [
    ...(known.has('inline')
      ? [anything(`inline policy of ${entity.arn}`)]
      : known.has('inlineGone')
        ? entity.inline.flatMap(withoutDenials)
        : entity.inline),
    ...entity.attached.flatMap((arn) => {
      const policies = managed(arn, facts, index)
      return detached.has(arn) ? policies.flatMap(withoutDenials) : policies
    }),
    ...added.flatMap((arn) => managed(arn, facts, index).flatMap(withoutDenials)),
  ]
}

/** What a managed policy says, or can be made to say. */
function managed(arn: string, facts: Facts, index: Entities): readonly NamedPolicy[] {
  const kinds = new Set(facts.of(arn).map(({ kind }) => kind))
  if (kinds.has('rewritten')) return [anything(arn)]
  const policy = index.policies.get(arn)
  if (policy !== undefined && kinds.has('switched')) return policy.versions.flatMap(withoutDenials)
  const [full, iam] = administratorPolicies(index.account)
  if (policy === undefined && arn === full) return [anything(arn)]
  if (policy === undefined && arn === iam) return [allowing(arn, 'iam:*')]
  return [managedPolicyOf(index.account, arn)]
}

const allowed = new Map<string, NamedPolicy>()

function anything(name: string): NamedPolicy {
  return allowing(name, '*')
}

/** One object for each name and action, so that it is read once. */
function allowing(name: string, Action: string): NamedPolicy {
  const key = `${Action} ${name}`
  let policy = allowed.get(key)
  if (policy === undefined) {
    if (allowed.size >= MOST_REMEMBERED) allowed.clear()
    const Statement = [{ Effect: 'Allow', Action, Resource: '*' }]
    policy = { name, document: { Version: '2012-10-17', Statement } }
    allowed.set(key, policy)
  }
  return policy
}

const MOST_REMEMBERED = 1_000

/** Statements of a document; empty where it is not known or no policy. */
export function statementsOf({ document }: NamedPolicy): readonly Record<string, unknown>[] {
  const { Statement } = (document ?? {}) as { Statement?: unknown }
  const list: readonly unknown[] = Array.isArray(Statement)
    ? Statement
    : Statement === undefined
      ? []
      : [Statement]
  return list.filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
}

/** Whether a Deny statement is among them, or could be because what it says is not known. */
export function mayDeny(policy: NamedPolicy): boolean {
  return policy.document === undefined || statementsOf(policy).some(({ Effect }) => Effect === 'Deny')
}

/** The managed policy as it is in force. */
export function managedOf(arn: string, { account }: Entities): NamedPolicy {
  return managedPolicyOf(account, arn)
}

const stripped = new WeakMap<NamedPolicy, readonly NamedPolicy[]>()

/** What a policy allows by itself; none where it only denies. */
function withoutDenials(policy: NamedPolicy): readonly NamedPolicy[] {
  const { name, document } = policy
  if (document === undefined || !mayDeny(policy)) return [policy]
  let rest = stripped.get(policy)
  if (rest === undefined) {
    const Statement = statementsOf(policy).filter(({ Effect }) => Effect !== 'Deny')
    rest = Statement.length === 0 ? [] : [{ name, document: { ...document, Statement } }]
    stripped.set(policy, rest)
  }
  return rest
}
