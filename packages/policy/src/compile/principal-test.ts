import { contextKey, DERIVED } from '../authorize/context-keys.js'
import type { Evaluation } from '../authorize/evaluation.js'
import type { PrincipalElement, Statement } from '../policy.js'

/**
 * How a statement's Principal names the requester, as bits: it decides which implicit denies the grant passes.
 * [reference_policies_evaluation-logic, access_policies_boundaries, access_policies_session]
 */
export const GRANT = {
  none: 0,
  /** `*` */
  everyone: 1,
  /** Account ID or root ARN: delegates to that account. */
  account: 2,
  user: 4,
  role: 8,
  /** The ARN of a role session or federated user. */
  session: 16,
  /** Service, identity provider or canonical user, for principals of that kind. */
  direct: 32,
  /** `*` narrowed by a condition on aws:PrincipalArn. */
  narrowedEveryone: 64,
} as const

/** What `*` in a statement's Principal gives: narrowed by a condition on who asks it passes more. */
export function everyoneBits({ conditions, principal }: Statement): number {
  // AWS documents this of `Principal: "*"` only: whom NotPrincipal leaves over is limited like everyone else.
  const isNarrowed =
    principal?.negated === false &&
    conditions.some(
      ({ key, operator }) =>
        key.toLowerCase() === 'aws:principalarn' && !operator.negated && operator.family !== 'null',
    )
  return isNarrowed ? GRANT.everyone | GRANT.narrowedEveryone : GRANT.everyone
}

/** The bits with which a principal element takes the requester; 0 when it does not. */
export type PrincipalTest = (evaluation: Evaluation) => number

/** What a principal element lists, by type. */
interface Listed {
  readonly everyone: boolean
  readonly accounts: ReadonlySet<string>
  readonly arns: ReadonlyMap<string, number>
  readonly services: ReadonlySet<string>
  readonly federated: ReadonlySet<string>
  readonly canonicalUsers: ReadonlySet<string>
  readonly uniqueIds: readonly string[]
}

const FEDERATED_PROVIDER = contextKey('aws:FederatedProvider')

const BITS = {
  user: GRANT.user,
  role: GRANT.role,
  session: GRANT.session,
  federatedUser: GRANT.session,
} as const

function list(element: PrincipalElement): Listed {
  const { entries } = element
  const sources = (type: string): string[] =>
    entries.filter((entry) => entry.type === type).map((entry) => entry.source)
  return {
    everyone: entries.some((entry) => entry.type === 'everyone'),
    accounts: new Set(entries.flatMap((entry) => (entry.type === 'account' ? [entry.account] : []))),
    arns: new Map(
      entries.flatMap((entry) =>
        entry.type in BITS ? [[entry.source, BITS[entry.type as keyof typeof BITS]]] : [],
      ),
    ),
    services: new Set(sources('service').map((host) => host.toLowerCase())),
    federated: new Set(sources('federated')),
    canonicalUsers: new Set(sources('canonicalUser')),
    uniqueIds: sources('uniqueId'),
  }
}

/** Compiles `Principal`, or `NotPrincipal` by what it means for the statement's effect. */
export function compilePrincipal(element: PrincipalElement, effect: 'Allow' | 'Deny'): PrincipalTest {
  const listed = list(element)
  if (!element.negated) return (evaluation) => grantsOf(listed, evaluation)
  if (effect === 'Deny') return (evaluation) => (isSpared(listed, evaluation) ? GRANT.none : GRANT.everyone)
  return (evaluation) => (grantsOf(listed, evaluation) === 0 ? GRANT.everyone : GRANT.none)
}

function grantsOf(listed: Listed, evaluation: Evaluation): number {
  const { principal } = evaluation
  let grants: number = listed.everyone ? GRANT.everyone : GRANT.none
  switch (principal.kind) {
    case 'user':
    case 'federatedUser':
      grants |= listed.arns.get(principal.arn) ?? 0
      break
    case 'role':
    case 'session':
      grants |= listed.arns.get(principal.arn) ?? 0
      if (principal.kind === 'session' && listed.arns.size > 0)
        grants |= listed.arns.get(evaluation.roleArn) ?? 0
      if (listed.federated.size > 0 && isFromListedProvider(listed, evaluation)) grants |= GRANT.role
      break
    case 'root':
    case 'anonymous':
      break
    case 'service':
      return listed.services.has(principal.arn) ? grants | GRANT.direct : grants
    case 'provider':
      return listed.federated.has(principal.arn) ? grants | GRANT.direct : grants
    case 'canonicalUser':
      return listed.canonicalUsers.has(principal.arn) || listed.arns.has(principal.arn)
        ? grants | GRANT.direct
        : grants
  }
  if (principal.account !== '' && listed.accounts.has(principal.account)) grants |= GRANT.account
  if (listed.uniqueIds.length > 0) grants |= uniqueIdGrant(listed.uniqueIds, evaluation)
  const canonical = evaluation.request.canonicalUserId
  if (canonical !== undefined && listed.canonicalUsers.has(canonical)) grants |= GRANT.account
  return grants
}

/** A session that came from an identity provider carries `aws:FederatedProvider`. [elements_principal] */
function isFromListedProvider(listed: Listed, evaluation: Evaluation): boolean {
  const provider = evaluation.variable(FEDERATED_PROVIDER)
  return provider !== undefined && listed.federated.has(provider)
}

/** After a deletion a policy shows the unique ID: no one new ever has it, only `aws:userid` can tell. */
function uniqueIdGrant(uniqueIds: readonly string[], evaluation: Evaluation): number {
  const userId = evaluation.variable(DERIVED.userId)
  if (userId === undefined) return GRANT.none
  const id = uniqueIds.find((candidate) => userId === candidate || userId.startsWith(`${candidate}:`))
  if (id === undefined) return GRANT.none
  return id.startsWith('AIDA') ? GRANT.user : GRANT.role
}

/**
 * Whether `NotPrincipal` with Deny spares the requester. ▲ It has to list the account, the role and the session,
 * each by itself; and it never spares a principal with a permissions boundary. [elements_notprincipal]
 */
function isSpared(listed: Listed, evaluation: Evaluation): boolean {
  const { hasBoundary, principal } = evaluation
  if (hasBoundary) return false
  if (listed.everyone) return true
  switch (principal.kind) {
    case 'user':
    case 'federatedUser':
      return listed.accounts.has(principal.account) && listed.arns.has(principal.arn)
    case 'role':
      return listed.accounts.has(principal.account) && listed.arns.has(principal.arn)
    case 'session':
      return (
        listed.accounts.has(principal.account) &&
        listed.arns.has(evaluation.roleArn) &&
        listed.arns.has(principal.arn)
      )
    case 'root':
      return listed.accounts.has(principal.account)
    default:
      return grantsOf(listed, evaluation) !== 0
  }
}
