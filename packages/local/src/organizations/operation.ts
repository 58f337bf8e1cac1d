import type { Organizations } from '@aws-sdk/client-organizations'
import { randomBytes } from 'node:crypto'
import type { AnyOperation, OperationsOf } from '../operation-types.js'
import { notInUse, policyNotFound, targetNotFound } from './errors.js'
import type { OrganizationPolicyRecord, OrganizationRecord } from './records.js'
import type { OrganizationTables } from './tables.js'
import { findOrganization } from './tables.js'

/** What Organizations' operations work with. */
export interface OrganizationDeps {
  readonly tables: OrganizationTables
  readonly write: <Result>(work: () => Result) => Promise<Result>
}

export type OrganizationOperations = Partial<OperationsOf<Organizations, OrganizationDeps>>
export type AnyOrganizationOperation = AnyOperation<OrganizationDeps>

export function getOrganization(tables: OrganizationTables): OrganizationRecord {
  const organization = findOrganization(tables)
  if (organization === undefined) throw notInUse()
  return organization
}

export function getPolicy(tables: OrganizationTables, id: string | undefined): OrganizationPolicyRecord {
  const policy = id === undefined ? undefined : tables.policies.get([id])
  if (policy === undefined) throw policyNotFound()
  return policy
}

/** What policies are attached to: the root or an account. The local AWS has no organizational units. */
export interface Target {
  readonly id: string
  readonly arn: string
  readonly name: string
  readonly type: 'ROOT' | 'ACCOUNT'
}

export function getTarget(organization: OrganizationRecord, id: string | undefined): Target {
  const target = findTarget(organization, id)
  if (target === undefined) throw targetNotFound()
  return target
}

export function findTarget(organization: OrganizationRecord, id: string | undefined): Target | undefined {
  const { id: organizationId, managementAccount, members, rootId } = organization
  const arn = (kind: string, last: string) =>
    `arn:aws:organizations::${managementAccount}:${kind}/${organizationId}/${last}`
  if (id === rootId) return { id, arn: arn('root', id), name: 'Root', type: 'ROOT' }
  if (id !== undefined && members.some((member) => member.id === id)) {
    return { id, arn: arn('account', id), name: accountName(organization, id), type: 'ACCOUNT' }
  }
  return undefined
}

export function accountName({ managementAccount }: OrganizationRecord, id: string): string {
  return id === managementAccount ? 'management' : `account ${id}`
}

/** An id as AWS's, whose characters after the prefix are small letters and digits. */
export function newOrganizationId(prefix: 'o' | 'r' | 'p', length: number): string {
  // The first 36 * 7 of 256 values, so that every character is as likely.
  const letters: string[] = []
  while (letters.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 252 && letters.length < length) letters.push((byte % 36).toString(36))
    }
  }
  return `${prefix}-${letters.join('')}`
}
