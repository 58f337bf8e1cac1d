import type { Condition, Policy, Statement, Who } from '@ringfence/policy'
import type { Account, AccountResource, AccountRole } from './account.js'

/** Whose requests a policy is read for. */
export interface Asking {
  readonly account: Account
  readonly kind: Who['kind']
  /** Of the account itself. */
  readonly isOwn: boolean
  readonly resource: AccountResource | AccountRole | undefined
}

/** A policy with what cannot be decided counted one way, and why it cannot be. */
export interface Settled {
  readonly policy: Policy
  readonly reasons: readonly string[]
}

/**
 * The policy as far as it is decided: a condition whose key has a value that nobody can tell counts so that it allows as
 * much as it may (`most`), or as little. The same policy where all is decided.
 */
export function settle(policy: Policy, asking: Asking, most: boolean): Settled {
  if (!mentionsOpenKey(policy)) return { policy, reasons: [] }
  const open = new Map<Condition, string>()
  for (const { conditions, effect } of policy.statements)
    for (const condition of conditions) {
      const reason = undecided(condition, effect, policy, asking)
      if (reason !== undefined) open.set(condition, reason)
    }
  if (open.size === 0) return { policy, reasons: [] }
  return { policy: counted(policy, open, most), reasons: [...new Set(open.values())] }
}

const OPEN_KEY =
  /^(?:aws:(?:(?:principal|resource)org(?:id|paths)|sourceowner|principaltag\/.*)|s3:(?:dataaccesspoint(?:account|arn)|accesspointnetworkorigin))$/
const mentioning = new WeakMap<Policy, boolean>()

function mentionsOpenKey(policy: Policy): boolean {
  let mentions = mentioning.get(policy)
  if (mentions === undefined) {
    mentions = policy.statements.some(({ conditions }) =>
      conditions.some(({ key }) => OPEN_KEY.test(key.toLowerCase())),
    )
    mentioning.set(policy, mentions)
  }
  return mentions
}

/** Why nobody can tell whether a condition holds; undefined where the prover can. */
function undecided(
  condition: Condition,
  effect: Statement['effect'],
  policy: Policy,
  asking: Asking,
): string | undefined {
  const { account, isOwn, kind } = asking
  const key = condition.key.toLowerCase()
  switch (key) {
    case 'aws:principalorgid':
    case 'aws:resourceorgid':
      if (account.organization !== undefined || (key === 'aws:principalorgid' && !isOwn)) return undefined
      // The account's resources are of the organization that its principals are of.
      if (isOwn && literalsOf(condition) === undefined) return undefined
      return `it asks for ${condition.key}, and which organization the account is of is not known (aws organizations describe-organization tells it)`
    case 'aws:principalorgpaths':
    case 'aws:resourceorgpaths':
      if (key === 'aws:principalorgpaths' && !isOwn) return undefined
      return `it asks for ${condition.key}, and where in its organization the account is, is not known`
    case 'aws:sourceowner':
      return isOfOwnerDecided(condition, asking)
        ? undefined
        : `it asks for ${condition.key}, of which AWS documents only what it is in requests to SNS`
    case 's3:dataaccesspointaccount':
    case 's3:dataaccesspointarn':
    case 's3:accesspointnetworkorigin':
      // What lets in, or spares, requests without an access point hangs on no other policy.
      return condition.operator.negated === (effect === 'Deny') && condition.operator.family !== 'null'
        ? `it is for requests through access points (${condition.key}), and no file tells their policies`
        : undefined
    default:
      return kind === 'service' &&
        key.startsWith('aws:principaltag/') &&
        policy.kind === 'trust' &&
        letsTag(policy)
        ? `it asks for ${condition.key}, which the service sets, and nothing tells to what`
        : undefined
  }
}

/** The texts that a condition compares with; undefined where one has a variable. */
function literalsOf({ values }: Condition): readonly string[] | undefined {
  const texts = values.flatMap((value) => ('text' in value ? [value.text] : []))
  return texts.some(({ parts }) => parts.some(({ type }) => type === 'variable'))
    ? undefined
    : texts.map(({ source }) => source)
}

/**
 * For SNS it is the account of who asks, as the first policy of each topic has it. Elsewhere it may be that or missing:
 * where both come to the same, that is decided. [SNS guide, "aws:SourceAccount versus aws:SourceOwner"]
 */
function isOfOwnerDecided(condition: Condition, { account, isOwn, kind, resource }: Asking): boolean {
  if (resource?.arn.split(':')[2] === 'sns' || kind === 'anonymous' || kind === 'service') return true
  const { family, ifExists, quantifier } = condition.operator
  const literals = literalsOf(condition)
  const isPlain = family === 'string' && !ifExists && quantifier === undefined
  if (literals === undefined || !isPlain) return false
  return isOwn ? !literals.includes(account.account) : literals.every((one) => one === account.account)
}

/** Whether a trust policy lets somebody tag sessions. [IAM User Guide, "Pass session tags in AWS STS"] */
function letsTag({ statements }: Policy): boolean {
  return statements.some(
    ({ action: { negated, patterns }, effect }) =>
      effect === 'Allow' &&
      (negated || patterns.some(({ name }) => name === 'tagsession' || /[*?]/.test(name))),
  )
}

const known = new WeakMap<Policy, Map<string, Policy>>()

/** The same object for the same conditions. */
function counted(policy: Policy, open: ReadonlyMap<Condition, string>, most: boolean): Policy {
  let byKey = known.get(policy)
  if (!byKey) known.set(policy, (byKey = new Map()))
  const at = policy.statements.flatMap(({ conditions, index }) =>
    conditions.flatMap((condition, position) => (open.has(condition) ? [`${index}.${position}`] : [])),
  )
  const key = `${most} ${at.join(' ')}`
  let made = byKey.get(key)
  if (!made) {
    const statements = policy.statements.flatMap((one) => countedStatement(one, open, most))
    byKey.set(key, (made = { ...policy, statements }))
  }
  return made
}

function countedStatement(
  statement: Statement,
  open: ReadonlyMap<Condition, string>,
  most: boolean,
): readonly Statement[] {
  const conditions = statement.conditions.filter((condition) => !open.has(condition))
  if (conditions.length === statement.conditions.length) return [statement]
  const holds = (statement.effect === 'Allow') === most
  if (holds) return [{ ...statement, conditions }]
  // Where statements have a Principal one that names nobody stands for it: a policy has at least one.
  return statement.principal === undefined
    ? []
    : [{ ...statement, conditions, principal: { negated: false, entries: [] } }]
}
