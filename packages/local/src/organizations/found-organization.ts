import { newOrganizationId } from './operation.js'
import type { OrganizationPolicyRecord, OrganizationRecord } from './records.js'
import type { OrganizationTables } from './tables.js'
import { attach, findOrganization, putOrganization } from './tables.js'

/** The policy that AWS attaches to every root and account (Organizations User Guide, "FullAWSAccess"). */
export const fullAccessId = 'p-FullAWSAccess'

const fullAccess: OrganizationPolicyRecord = {
  id: fullAccessId,
  arn: `arn:aws:organizations::aws:policy/service_control_policy/${fullAccessId}`,
  name: 'FullAWSAccess',
  description: 'Allows access to every operation',
  content: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
  awsManaged: true,
}

/**
 * Inside a transaction: the organization, made where there is none, of which `account` is a member. All features
 * are on, service control policies included; FullAWSAccess is attached to the root and to each account.
 */
export function foundOrganization(
  tables: OrganizationTables,
  managementAccount: string,
  account: string,
  nowMs: number,
): OrganizationRecord {
  const present = findOrganization(tables)
  if (present !== undefined) return present
  const organization: OrganizationRecord = {
    id: newOrganizationId('o', 10),
    rootId: newOrganizationId('r', 4),
    managementAccount,
    members: [account, managementAccount].map((id) => ({ id, joinedMs: nowMs })),
  }
  putOrganization(tables, organization)
  tables.policies.put([fullAccess.id], fullAccess)
  for (const target of [organization.rootId, account, managementAccount]) {
    attach(tables, fullAccess.id, target)
  }
  return organization
}
