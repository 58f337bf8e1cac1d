import type { Database, Table } from '../call.js'
import { under } from '../iam/tables.js'
import type {
  AssignmentRecord,
  InstanceRecord,
  PermissionSetRecord,
  RequestRecord,
  StoreGroupRecord,
  StoreMembershipRecord,
  StoreUserRecord,
} from './records.js'

export interface IdentityCenterTables {
  /** [`own`] */
  readonly instances: Table<InstanceRecord>
  /** [ARN] */
  readonly permissionSets: Table<PermissionSetRecord>
  /** [permission set, account, type of principal, principal] */
  readonly assignments: Table<AssignmentRecord>
  /** [request id] */
  readonly requests: Table<RequestRecord>
  /** [group id] */
  readonly groups: Table<StoreGroupRecord>
  /** [user id] */
  readonly users: Table<StoreUserRecord>
  /** [membership id] */
  readonly memberships: Table<StoreMembershipRecord>
}

export function openIdentityCenterTables(database: Database): IdentityCenterTables {
  return {
    instances: database.table('identity-center.instances'),
    permissionSets: database.table('identity-center.permission-sets'),
    assignments: database.table('identity-center.assignments'),
    requests: database.table('identity-center.requests'),
    groups: database.table('identity-center.groups'),
    users: database.table('identity-center.users'),
    memberships: database.table('identity-center.memberships'),
  }
}

const place = ['own']

export function findInstance(tables: IdentityCenterTables): InstanceRecord | undefined {
  return tables.instances.get(place)
}

/** Inside a transaction. */
export function putInstance(tables: IdentityCenterTables, instance: InstanceRecord): void {
  tables.instances.put(place, instance)
}

export function all<Value>(table: Table<Value>): Value[] {
  return [...under(table, [])].map(({ value }) => value)
}

/** Assignments of a permission set, in all accounts or in one. */
export function assignmentsOf(
  tables: IdentityCenterTables,
  permissionSet: string,
  account?: string,
): AssignmentRecord[] {
  const parts = account === undefined ? [permissionSet] : [permissionSet, account]
  return [...under(tables.assignments, parts)].map(({ value }) => value)
}

export function assignmentPlace(one: AssignmentRecord): readonly string[] {
  return [one.permissionSet, one.account, one.principalType, one.principalId]
}
