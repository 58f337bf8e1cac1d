import type { PolicyKind } from '@ringfence/policy'
import { parsePolicy, policyLength } from '@ringfence/policy'
import { rootArn } from './identifiers.js'
import { limitExceeded, malformedPolicy } from './errors.js'
import type { IamTables } from './tables.js'
import { nameKey } from './tables.js'

/** AWS's limits in characters that are no white space (IAM User Guide, "IAM and AWS STS quotas"). */
export const managedPolicySize = 6_144
export const trustPolicySize = 2_048
export const inlinePolicySizes = { user: 2_048, group: 5_120, role: 10_240 } as const

/** Refuses what AWS would refuse, with the first reason; `kind` tells which elements are admitted. */
export function checkPolicyDocument(text: string, kind: PolicyKind): void {
  const read = parsePolicy(text, { kind, name: kind })
  if (read.ok) return
  const reason = read.diagnostics.find(({ severity }) => severity === 'error')?.message
  throw malformedPolicy(reason ?? 'The policy is not in the valid JSON format.')
}

export function checkManagedPolicy(text: string): void {
  checkPolicyDocument(text, 'identity')
  if (policyLength(text) > managedPolicySize) {
    throw limitExceeded(`Cannot exceed quota for PolicySize: ${managedPolicySize}`)
  }
}

/** A role's trust policy; principals of accounts that live here must exist, as AWS demands. */
export function checkTrustPolicy(tables: IamTables, text: string): void {
  checkPolicyDocument(text, 'trust')
  if (policyLength(text) > trustPolicySize) {
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustPolicySize}`)
  }
  const unknown = unknownPrincipal(tables, text)
  if (unknown !== undefined) throw malformedPolicy(`Invalid principal in policy: "AWS":"${unknown}"`)
}

/** All inline policies of one holder together count against its limit. */
export function checkInlineSize(
  holder: { readonly name: string; readonly inline: Readonly<Record<string, string>> },
  kind: 'user' | 'group' | 'role',
): void {
  let size = 0
  for (const text of Object.values(holder.inline)) size += policyLength(text)
  const limit = inlinePolicySizes[kind]
  if (size > limit) {
    throw limitExceeded(`Maximum policy size of ${limit} bytes exceeded for ${kind} ${holder.name}`)
  }
}

/**
 * The first AWS principal of a resource or trust policy that names a user or role which an account of this
 * local AWS does not have. Principals of accounts that do not live here are taken on trust.
 */
export function unknownPrincipal(tables: IamTables, text: string): string | undefined {
  return awsPrincipals(text).find((arn) => !principalExists(tables, arn))
}

/** Every value of `Principal.AWS` and `NotPrincipal.AWS`, as written. */
export function awsPrincipals(text: string): readonly string[] {
  const document = JSON.parse(text) as { Statement?: unknown }
  const statements = [document.Statement ?? []].flat() as Readonly<Record<string, unknown>>[]
  const found: string[] = []
  for (const statement of statements) {
    for (const element of [statement['Principal'], statement['NotPrincipal']]) {
      if (typeof element !== 'object' || element === null || !('AWS' in element)) continue
      for (const value of [element.AWS].flat()) if (typeof value === 'string') found.push(value)
    }
  }
  return found
}

function principalExists(tables: IamTables, principal: string): boolean {
  const match = /^arn:aws:(iam|sts)::(\d{12}):([^/]+)(?:\/(.+))?$/.exec(principal)
  if (match === null) return true
  const [, , account = '', type = '', rest = ''] = match
  if (principal === rootArn(account) || tables.accounts.get([account]) === undefined) return true
  const last = rest.slice(rest.lastIndexOf('/') + 1)
  if (type === 'user') return tables.users.get(nameKey(account, last))?.arn === principal
  if (type === 'role') return tables.roles.get(nameKey(account, last))?.arn === principal
  if (type === 'assumed-role')
    return tables.roles.get(nameKey(account, rest.split('/')[0] ?? '')) !== undefined
  return type === 'federated-user'
}
