import type { Statement } from '@ringfence/policy'
import type { Account, AccountRole, AccountUser } from '../account/account.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'

/** The statements of all identity policies of somebody, and whether some policy is not known. */
export function identityStatements(
  account: Account,
  principal: AccountUser | AccountRole,
): { readonly statements: readonly Statement[]; readonly isUnknown: boolean } {
  const read = identityPoliciesOf(account, principal).map((named) => readNamed(named, 'identity'))
  return {
    statements: read.flatMap((one) => ('policy' in one ? one.policy.statements : [])),
    isUnknown: read.some((one) => 'unknown' in one),
  }
}
