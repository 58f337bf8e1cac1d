import type { Caller } from './caller.js'
import { asList, type RawPrincipal, type RawStatement } from './case.js'

/**
 * How a statement of a resource policy names the caller. It matters for rule 17: an allow that names the
 * caller more closely is limited by less.
 */
export type Naming = 'everyone' | 'account' | 'user' | 'role' | 'session' | 'service' | 'provider'

/** The ways in which `Principal` names the caller; none when it does not. Rule 13. */
export function namings(principal: RawPrincipal, caller: Caller): ReadonlySet<Naming> {
  const found = new Set<Naming>()
  for (const [type, value] of principalEntries(principal)) {
    const naming = namingBy(type, value, caller)
    if (naming !== undefined) found.add(naming)
  }
  return found
}

/** `"*"` is the same as `{"AWS": "*"}` (IAM User Guide, "Principal", all principals). */
function principalEntries(principal: RawPrincipal): readonly (readonly [string, string])[] {
  if (principal === '*') return [['AWS', '*']]
  return Object.entries(principal).flatMap(([type, values]) =>
    asList(values).map((value) => [type, value] as const),
  )
}

function namingBy(type: string, value: string, caller: Caller): Naming | undefined {
  switch (type) {
    case 'AWS':
      return namingByAws(value, caller)
    case 'Service':
      return caller.kind === 'service' && caller.text === value ? 'service' : undefined
    case 'Federated':
      return caller.kind === 'provider' && caller.text === value ? 'provider' : undefined
    case 'CanonicalUser':
      // S3 User Guide, "Principals for bucket policies": another way to name an account.
      return caller.account !== undefined && caller.canonicalUserId === value ? 'account' : undefined
    default:
      throw new Error(`principal type not understood: ${type}`)
  }
}

function namingByAws(value: string, caller: Caller): Naming | undefined {
  if (value === '*') return 'everyone'
  if (caller.account === undefined) return undefined
  if (value === caller.account || isRootOf(value, caller.account)) return 'account'
  if (value === caller.text && caller.kind === 'user') return 'user'
  if (value === caller.text && (caller.kind === 'session' || caller.kind === 'federated')) return 'session'
  // A session is its role too.
  if (value === caller.roleArn) return 'role'
  return undefined
}

function isRootOf(value: string, account: string): boolean {
  return /^arn:[^:]+:iam::(\d{12}):root$/.exec(value)?.[1] === account
}

/**
 * Rule 14: whether `NotPrincipal` of a Deny spares the caller: it has to list the account, the role and the
 * session. It spares nobody who has a permissions boundary.
 */
export function notPrincipalSpares(principal: RawPrincipal, caller: Caller, hasBoundary: boolean): boolean {
  if (hasBoundary) return false
  const listed = namings(principal, caller)
  if (listed.has('everyone')) return true
  switch (caller.kind) {
    case 'user':
      return listed.has('account') && listed.has('user')
    case 'role':
      return listed.has('account') && listed.has('role')
    case 'session':
      return listed.has('account') && listed.has('role') && listed.has('session')
    case 'federated':
      return listed.has('account') && listed.has('session')
    case 'root':
      return listed.has('account')
    case 'service':
      return listed.has('service')
    case 'provider':
      return listed.has('provider')
    case 'anonymous':
      return false
  }
}

/**
 * Rule 17: whether an allow to `*` is narrowed by `aws:PrincipalArn`. `IfExists` and `ForAllValues` narrow too:
 * every signed request has the key.
 */
export function isNarrowedByPrincipalArn(statement: RawStatement): boolean {
  const narrowing =
    /^(For(Any|All)Values?:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)(IfExists)?$/i
  return Object.entries(statement.Condition ?? {}).some(
    ([operator, keys]) =>
      narrowing.test(operator) && Object.keys(keys).some((key) => key.toLowerCase() === 'aws:principalarn'),
  )
}
