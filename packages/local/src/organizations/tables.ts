import type { Database, Table } from '../call.js'
import { under } from '../iam/tables.js'
import type { OrganizationPolicyRecord, OrganizationRecord, OrganizationTags } from './records.js'

/** Organizations' tables; their names begin with `organizations.`, which enforcement watches. */
export interface OrganizationTables {
  /** [`own`] */
  readonly organizations: Table<OrganizationRecord>
  /** [policy id] */
  readonly policies: Table<OrganizationPolicyRecord>
  /** [target id, policy id]: what is attached where. */
  readonly attachments: Table<true>
  /** [policy id, target id]: the same turned round. */
  readonly targets: Table<true>
  /** [id of a root, account or policy] */
  readonly tags: Table<OrganizationTags>
}

export function openOrganizationTables(database: Database): OrganizationTables {
  return {
    organizations: database.table('organizations.organizations'),
    policies: database.table('organizations.policies'),
    attachments: database.table('organizations.attachments'),
    targets: database.table('organizations.targets'),
    tags: database.table('organizations.tags'),
  }
}

const place = ['own']

export function findOrganization(tables: OrganizationTables): OrganizationRecord | undefined {
  return tables.organizations.get(place)
}

export function putOrganization(tables: OrganizationTables, organization: OrganizationRecord): void {
  tables.organizations.put(place, organization)
}

/** Ids of the policies that are attached to a root or account, in order. */
export function attachedTo(tables: OrganizationTables, target: string): string[] {
  return [...under(tables.attachments, [target])].map(({ key }) => key[1] ?? '')
}

/** Ids of the roots and accounts that a policy is attached to, in order. */
export function targetsOf(tables: OrganizationTables, policy: string): string[] {
  return [...under(tables.targets, [policy])].map(({ key }) => key[1] ?? '')
}

/** Inside a transaction. */
export function attach(tables: OrganizationTables, policy: string, target: string): void {
  tables.attachments.put([target, policy], true)
  tables.targets.put([policy, target], true)
}

/** Inside a transaction. */
export function detach(tables: OrganizationTables, policy: string, target: string): void {
  tables.attachments.delete([target, policy])
  tables.targets.delete([policy, target])
}
