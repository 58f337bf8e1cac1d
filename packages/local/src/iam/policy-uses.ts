import { limitExceeded, noSuchEntity } from './errors.js'
import type { PolicyRecord, PolicyUse } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'
import { awsManagedPolicy } from './aws-managed-policies.js'

/** Managed policies that one user, group or role may have (IAM quotas, default). */
const maximumAttached = 10

/** A managed policy of the account or of AWS. */
export function getPolicy(tables: IamTables, account: string, arn: string): PolicyRecord {
  const policy = findPolicy(tables, account, arn)
  if (policy !== undefined) return policy
  throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
}

export function findPolicy(tables: IamTables, account: string, arn: string): PolicyRecord | undefined {
  return awsManagedPolicy(arn) ?? tables.policies.get([account, arn])
}

/** The text of a managed policy's default version. */
export function defaultDocument(policy: PolicyRecord): string {
  const version = policy.versions.find(({ id }) => id === policy.defaultVersion)
  if (version === undefined) throw new Error(`policy ${policy.arn} has no version ${policy.defaultVersion}`)
  return version.document
}

export interface Holder {
  readonly account: string
  readonly name: string
  readonly attached: readonly string[]
}

/** The attached list with one more; attaching twice is no error. */
export function attach(
  tables: IamTables,
  holder: Holder,
  kind: PolicyUse['kind'],
  arn: string,
): readonly string[] {
  getPolicy(tables, holder.account, arn)
  if (holder.attached.includes(arn)) return holder.attached
  if (holder.attached.length >= maximumAttached) {
    const quota = { user: 'PoliciesPerUser', group: 'PoliciesPerGroup', role: 'PoliciesPerRole' }[kind]
    throw limitExceeded(`Cannot exceed quota for ${quota}: ${maximumAttached}`)
  }
  putUse(tables, holder, { kind, name: holder.name, usage: 'PermissionsPolicy' }, arn)
  return [...holder.attached, arn]
}

export function detach(
  tables: IamTables,
  holder: Holder,
  kind: PolicyUse['kind'],
  arn: string,
): readonly string[] {
  if (!holder.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`)
  dropUse(tables, holder, { kind, name: holder.name, usage: 'PermissionsPolicy' }, arn)
  return holder.attached.filter((other) => other !== arn)
}

/** Moves a holder's permissions boundary from one policy to another; `undefined` is none. */
export function moveBoundary(
  tables: IamTables,
  holder: { readonly account: string; readonly name: string; readonly boundary?: string },
  kind: 'user' | 'role',
  to: string | undefined,
): void {
  const use: PolicyUse = { kind, name: holder.name, usage: 'PermissionsBoundary' }
  if (to !== undefined) getPolicy(tables, holder.account, to)
  if (holder.boundary !== undefined) dropUse(tables, holder, use, holder.boundary)
  if (to !== undefined) putUse(tables, holder, use, to)
}

/** Follows a user or group that got another name. */
export function renameUses(
  tables: IamTables,
  holder: Holder & { readonly boundary?: string },
  kind: PolicyUse['kind'],
  name: string,
): void {
  for (const arn of holder.attached) {
    dropUse(tables, holder, { kind, name: holder.name, usage: 'PermissionsPolicy' }, arn)
    putUse(tables, holder, { kind, name, usage: 'PermissionsPolicy' }, arn)
  }
  if (holder.boundary === undefined) return
  dropUse(tables, holder, { kind, name: holder.name, usage: 'PermissionsBoundary' }, holder.boundary)
  putUse(tables, holder, { kind, name, usage: 'PermissionsBoundary' }, holder.boundary)
}

/** Everyone of the account who has the policy. */
export function usesOf(tables: IamTables, account: string, arn: string): PolicyUse[] {
  return [...under(tables.policyUses, [account, arn])].map(({ value }) => value)
}

function putUse(tables: IamTables, { account }: { account: string }, use: PolicyUse, arn: string): void {
  tables.policyUses.put([account, arn, use.usage, use.kind, use.name], use)
}

function dropUse(tables: IamTables, { account }: { account: string }, use: PolicyUse, arn: string): void {
  tables.policyUses.delete([account, arn, use.usage, use.kind, use.name])
}
