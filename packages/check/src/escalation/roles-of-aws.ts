import type { Account } from '../account/account.js'

/** Where AWS puts the roles that its services make for themselves. */
const SERVICE_LINKED = /:role\/aws-service-role\//

/** The same, and those of Identity Center. */
const OF_AWS = /:role\/aws-(service-role|reserved)\//

/**
 * The account as far as chains go: nobody but its service has a service-linked role, and what the service does with it is
 * AWS's own. [IAM User Guide, "Create a service-linked role"]
 */
export function withoutServiceLinked(account: Account): Account {
  const roles = account.roles.filter(({ arn }) => !SERVICE_LINKED.test(arn))
  return roles.length === account.roles.length ? account : { ...account, roles }
}

/**
 * Whether AWS refuses to everybody to change a role, whatever policies allow. [IAM Identity Center User Guide,
 * "I get a 'Cannot perform the operation on the protected role' error"]
 */
export function isRoleOfAws(arn: string): boolean {
  return OF_AWS.test(arn)
}
