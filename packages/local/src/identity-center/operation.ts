import type { Identitystore } from '@aws-sdk/client-identitystore'
import type { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { randomBytes } from 'node:crypto'
import type { Call } from '../call.js'
import type { IamTables } from '../iam/tables.js'
import type { OperationsOf } from '../operation-types.js'
import type { OrganizationTables } from '../organizations/tables.js'
import { notFound } from './errors.js'
import type { InstanceRecord, PermissionSetRecord, StoreGroupRecord, StoreUserRecord } from './records.js'
import { findInstance, type IdentityCenterTables } from './tables.js'

/** What the operations of IAM Identity Center and of its identity store work with. */
export interface IdentityCenterDeps {
  readonly tables: IdentityCenterTables
  readonly iam: IamTables
  readonly organizations: OrganizationTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
  /** Inside a transaction: follows a deleted role through the policies that name it. */
  readonly replacePrincipal: (from: string, to: string) => void
}

export type SsoAdminOperations = Partial<OperationsOf<SSOAdmin, IdentityCenterDeps>>
export type IdentityStoreOperations = Partial<OperationsOf<Identitystore, IdentityCenterDeps>>

/** The instance, where the call asks in its region. */
export function getInstance(
  tables: IdentityCenterTables,
  call: Pick<Call, 'region'>,
  arn: string | undefined,
): InstanceRecord {
  const instance = findInstance(tables)
  if (instance !== undefined && instance.arn === arn && instance.region === call.region) return instance
  throw notFound(`Instance not found: ${arn}`)
}

export function getPermissionSet(
  tables: IdentityCenterTables,
  call: Pick<Call, 'region'>,
  input: { readonly InstanceArn: string | undefined; readonly PermissionSetArn: string | undefined },
): PermissionSetRecord {
  const { arn } = getInstance(tables, call, input.InstanceArn)
  const found = tables.permissionSets.get([input.PermissionSetArn ?? ''])
  if (found?.instance === arn) return found
  throw notFound(`Could not find PermissionSet with id ${input.PermissionSetArn}`)
}

/** Refuses an identity store that is not the instance's. */
export function checkStore(
  tables: IdentityCenterTables,
  call: Pick<Call, 'region'>,
  id: string | undefined,
): string {
  const instance = findInstance(tables)
  if (instance?.identityStoreId === id && instance?.region === call.region) return instance.identityStoreId
  throw notFound('IDENTITY_STORE not found.')
}

export function getGroup(tables: IdentityCenterTables, id: string | undefined): StoreGroupRecord {
  const group = tables.groups.get([id ?? ''])
  if (group === undefined) throw notFound('GROUP not found.')
  return group
}

export function getUser(tables: IdentityCenterTables, id: string | undefined): StoreUserRecord {
  const user = tables.users.get([id ?? ''])
  if (user === undefined) throw notFound('USER not found.')
  return user
}

/** 16 hexadecimal digits, as permission sets, roles and providers have them at the end of their names. */
export function newSuffix(): string {
  return randomBytes(8).toString('hex')
}
