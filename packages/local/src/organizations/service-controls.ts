import { fullAccessId } from './found-organization.js'
import type { OrganizationPolicyRecord } from './records.js'
import type { OrganizationTables } from './tables.js'
import { attachedTo, findOrganization } from './tables.js'

/**
 * What limits the principals of an account, one list a level: the root, then the account. `undefined` where
 * nothing does: outside of the organization, for its management account (Organizations User Guide, "SCPs"), and
 * while FullAWSAccess is all that is attached, which is the usual case and costs nothing this way.
 */
export function serviceControlsOf(
  tables: OrganizationTables,
  account: string,
): OrganizationPolicyRecord[][] | undefined {
  const organization = findOrganization(tables)
  if (organization === undefined || organization.managementAccount === account) return undefined
  if (!organization.members.some(({ id }) => id === account)) return undefined
  const levels = [organization.rootId, account].map((target) => attachedTo(tables, target))
  if (levels.every((ids) => ids.length === 1 && ids[0] === fullAccessId)) return undefined
  // A level without any policy allows nothing.
  return levels.map((ids) => ids.flatMap((id) => tables.policies.get([id]) ?? []))
}
