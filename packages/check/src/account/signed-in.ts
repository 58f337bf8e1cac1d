import type { Policy, Statement, Who } from '@ringfence/policy'
import type { AccountRole } from './account.js'
import { readNamed } from './read-policies.js'

/** Whether an identity provider, by its ARN or host, may have signed somebody in. */
export type MayBeFrom = (provider: string) => boolean

/**
 * Of sessions of roles that are not described: a provider signs in to roles of its own account alone, and the public ones,
 * which have a host and no ARN, to roles of any. [IAM User Guide, "Create a role for a third-party identity provider"]
 */
export function signedInBeside({ account, outside }: Pick<Who, 'account' | 'outside'>): MayBeFrom {
  return (provider) => {
    const owner = provider.startsWith('arn:') ? provider.split(':')[4] : undefined
    return owner === undefined || (owner !== outside && (account === undefined || owner === account))
  }
}

/** Of sessions of one role: those that its trust policy names, or any where that is not known. */
export function signedInTo({ trust }: AccountRole): MayBeFrom {
  const read = readNamed(trust, 'trust')
  return (provider) =>
    'unknown' in read ||
    read.policy.statements.some((one) => one.effect === 'Allow' && providersOf(one).includes(provider))
}

const narrowed = new WeakMap<Policy, Map<string, Policy>>()

/** The policy without the identity providers that have signed none of those in who ask; the same one where it names none. */
export function namingProviders(policy: Policy, mayBeFrom: MayBeFrom): Policy {
  const left = policy.statements.flatMap(providersOf).filter((provider) => !mayBeFrom(provider))
  if (left.length === 0) return policy
  let known = narrowed.get(policy)
  if (!known) narrowed.set(policy, (known = new Map()))
  const key = [...new Set(left)].join(' ')
  let made = known.get(key)
  if (!made) {
    const statements = policy.statements.map((one) => without(one, new Set(left)))
    known.set(key, (made = { ...policy, statements }))
  }
  return made
}

function providersOf({ principal }: Statement): readonly string[] {
  if (principal === undefined || principal.negated) return []
  return principal.entries.flatMap(({ source, type }) => (type === 'federated' ? [source] : []))
}

function without(statement: Statement, left: ReadonlySet<string>): Statement {
  const { principal } = statement
  if (principal === undefined || principal.negated) return statement
  const entries = principal.entries.filter(({ source, type }) => type !== 'federated' || !left.has(source))
  return entries.length === principal.entries.length
    ? statement
    : { ...statement, principal: { ...principal, entries } }
}
