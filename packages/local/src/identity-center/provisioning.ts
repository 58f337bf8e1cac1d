import { randomUUID } from 'node:crypto'
import { reservedRolePath, reservedRoleStart } from '@ringfence/plan'
import type { Call } from '../call.js'
import { iamArn } from '../iam/identifiers.js'
import { findInstance } from './tables.js'
import type { IdentityCenterDeps } from './operation.js'
import { newSuffix } from './operation.js'
import type { PermissionSetRecord, PolicyReference, RequestRecord } from './records.js'
import {
  dropReservedRole,
  ensureProvider,
  missingPolicies,
  putReservedRole,
  type ReservedRole,
} from './reserved-roles.js'

/**
 * Inside a transaction: the role of a permission set in an account, made or brought up to date. Gives why that cannot
 * be, in which case nothing has changed: Identity Center refers to customer managed policies by name, and the account
 * has to have them (User Guide, "Custom permissions").
 */
export function provision(
  { iam, tables }: IdentityCenterDeps,
  set: PermissionSetRecord,
  account: string,
  nowMs: number,
): string | undefined {
  const region = findInstance(tables)?.region ?? ''
  const wanted: Omit<ReservedRole, 'provider'> = {
    account,
    name: set.roles[account] ?? `${reservedRoleStart(set.name)}${newSuffix()}`,
    path: reservedRolePath(region),
    attached: [...set.managed, ...set.customer.map((one) => arnOf(account, one))],
    ...(set.description === undefined ? {} : { description: set.description }),
    ...(set.inlinePolicy === undefined ? {} : { inline: set.inlinePolicy }),
    ...boundaryOf(set, account),
  }
  const missing = missingPolicies(iam, wanted)
  if (missing.length > 0)
    return `Received a 404 status error: Policy ${missing.join(', ')} does not exist or is not attachable.`
  putReservedRole(iam, { ...wanted, provider: ensureProvider(iam, account, nowMs) }, nowMs)
  tables.permissionSets.put([set.arn], { ...set, roles: { ...set.roles, [account]: wanted.name } })
  return undefined
}

/** Inside a transaction: takes the role of a permission set out of an account. */
export function withdraw(
  { iam, replacePrincipal, tables }: IdentityCenterDeps,
  set: PermissionSetRecord,
  account: string,
): void {
  const { [account]: name, ...roles } = set.roles
  if (name === undefined) return
  dropReservedRole(iam, account, name, replacePrincipal)
  tables.permissionSets.put([set.arn], { ...set, roles })
}

/** Inside a transaction: notes how an operation ended of which the client will ask later. */
export function noteRequest(
  { tables }: IdentityCenterDeps,
  call: Call,
  request: Omit<RequestRecord, 'id' | 'createdMs'>,
): RequestRecord {
  const noted = { ...request, id: randomUUID(), createdMs: call.timeMs }
  tables.requests.put([noted.id], noted)
  return noted
}

function boundaryOf({ boundary }: PermissionSetRecord, account: string): { readonly boundary?: string } {
  if (boundary === undefined) return {}
  return { boundary: 'managed' in boundary ? boundary.managed : arnOf(account, boundary.customer) }
}

function arnOf(account: string, { name, path }: PolicyReference): string {
  return iamArn(account, `policy${path}${name}`)
}
