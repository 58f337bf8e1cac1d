import type { IAM } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import type { AnyOperation, OperationsOf } from '../operation-types.js'
import type { LastUse } from './last-use.js'
import { noSuchNamed, validationError } from './errors.js'
import type { GroupRecord, RoleRecord, UserRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'

/** What IAM's operations work with. */
export interface IamDeps {
  readonly tables: IamTables
  /** Runs atomically; resolves when it is durable and the enforcement has forgotten what it knew. */
  readonly write: <Result>(work: () => Result) => Promise<Result>
  readonly lastUse: LastUse
  /** Inside a transaction: follows a renamed or deleted user or role through the policies that name it. */
  readonly replacePrincipal: (from: string, to: string) => void
}

/** Operations of IAM, some or all, with the SDK's types. */
export type IamOperations = Partial<OperationsOf<IAM, IamDeps>>
export type AnyIamOperation = AnyOperation<IamDeps>

/** A member that AWS requires; the SDK's types allow `undefined`. */
export function required<Value>(value: Value | undefined, member: string): Value {
  if (value !== undefined) return value
  throw validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must not be null`,
  )
}

export function getUser(tables: IamTables, account: string, name: string): UserRecord {
  const user = tables.users.get(nameKey(account, name))
  if (user === undefined) throw noSuchNamed('user', name)
  return user
}

export function getGroup(tables: IamTables, account: string, name: string): GroupRecord {
  const group = tables.groups.get(nameKey(account, name))
  if (group === undefined) throw noSuchNamed('group', name)
  return group
}

export function getRole(tables: IamTables, account: string, name: string): RoleRecord {
  const role = tables.roles.get(nameKey(account, name))
  if (role === undefined) throw noSuchNamed('role', name)
  return role
}

export function putUser(tables: IamTables, user: UserRecord): void {
  tables.users.put(nameKey(user.account, user.name), user)
}

export function putGroup(tables: IamTables, group: GroupRecord): void {
  tables.groups.put(nameKey(group.account, group.name), group)
}

export function putRole(tables: IamTables, role: RoleRecord): void {
  tables.roles.put(nameKey(role.account, role.name), role)
}

/** The name of the IAM user whose long-lived or GetSessionToken credentials signed the call. */
export function callingUser(call: Call): string | undefined {
  const marker = ':user/'
  const at = call.caller.principal.indexOf(marker)
  return at < 0 ? undefined : call.caller.principal.slice(call.caller.principal.lastIndexOf('/') + 1)
}

/** The user that is named, or else the calling one, as AWS implies it from the access key. */
export function namedOrCalling(name: string | undefined, call: Call): string {
  const user = name ?? callingUser(call)
  if (user !== undefined) return user
  throw validationError('Must specify userName when calling with non-User credentials')
}
