import { iamArn, newId } from '../iam/identifiers.js'
import { attach, detach, findPolicy, type Holder, moveBoundary } from '../iam/policy-uses.js'
import { putRole } from '../iam/operation.js'
import type { RoleRecord } from '../iam/records.js'
import type { IamTables } from '../iam/tables.js'
import { nameKey, under } from '../iam/tables.js'
import { newSuffix } from './operation.js'

/** A role of Identity Center in an account, which nobody there makes or changes. */
export interface ReservedRole {
  readonly account: string
  readonly name: string
  readonly path: string
  readonly description?: string
  readonly inline?: string
  /** ARNs. */
  readonly attached: readonly string[]
  readonly boundary?: string
  /** ARN of the SAML provider by which people come. */
  readonly provider: string
}

/** What Identity Center calls the inline policy of a permission set, on each of its roles. */
const inlineName = 'AwsSSOInlinePolicy'
/** Sessions are limited by the permission set. */
const maxSessionSeconds = 43_200

/** Policies of the role that the account does not have. */
export function missingPolicies(
  tables: IamTables,
  role: Pick<ReservedRole, 'account' | 'attached' | 'boundary'>,
) {
  return [...role.attached, ...(role.boundary === undefined ? [] : [role.boundary])].filter(
    (arn) => findPolicy(tables, role.account, arn) === undefined,
  )
}

/** Inside a transaction: makes the role, or brings the one that is there to what is wanted. */
export function putReservedRole(tables: IamTables, wanted: ReservedRole, nowMs: number): void {
  const { account, name, path, description, inline, boundary, provider } = wanted
  const present = tables.roles.get(nameKey(account, name))
  const holder = { account, name, ...(present?.boundary === undefined ? {} : { boundary: present.boundary }) }
  moveBoundary(tables, holder, 'role', boundary)
  const role: RoleRecord = {
    account,
    name,
    path,
    id: present?.id ?? newId('AROA'),
    arn: iamArn(account, `role${path}${name}`),
    createdMs: present?.createdMs ?? nowMs,
    trust: JSON.stringify(trustOf(provider)),
    maxSessionDuration: maxSessionSeconds,
    tags: {},
    inline: inline === undefined ? {} : { [inlineName]: inline },
    attached: moveAttached(tables, { account, name, attached: present?.attached ?? [] }, wanted.attached),
    ...(description === undefined ? {} : { description }),
    ...(boundary === undefined ? {} : { boundary }),
  }
  putRole(tables, role)
}

function moveAttached(tables: IamTables, holder: Holder, wanted: readonly string[]): readonly string[] {
  let { attached } = holder
  for (const arn of holder.attached)
    if (!wanted.includes(arn)) attached = detach(tables, { ...holder, attached }, 'role', arn)
  for (const arn of wanted) attached = attach(tables, { ...holder, attached }, 'role', arn)
  return attached
}

/** Inside a transaction. */
export function dropReservedRole(
  tables: IamTables,
  account: string,
  name: string,
  replacePrincipal: (from: string, to: string) => void,
): void {
  const role = tables.roles.get(nameKey(account, name))
  if (role === undefined) return
  for (const arn of role.attached) detach(tables, role, 'role', arn)
  moveBoundary(tables, role, 'role', undefined)
  tables.roles.delete(nameKey(account, name))
  replacePrincipal(role.arn, role.id)
}

const providerName = /^AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE$/

/** Inside a transaction: the SAML provider that Identity Center makes once in each account. */
export function ensureProvider(tables: IamTables, account: string, nowMs: number): string {
  const present = findProvider(tables, account)
  if (present !== undefined) return present
  const name = `AWSSSO_${newSuffix()}_DO_NOT_DELETE`
  const arn = iamArn(account, `saml-provider/${name}`)
  tables.samlProviders.put([account, arn], { account, arn, name, metadata: '', tags: {}, createdMs: nowMs })
  return arn
}

export function findProvider(tables: IamTables, account: string): string | undefined {
  return [...under(tables.samlProviders, [account])].find(({ value }) => providerName.test(value.name))?.value
    .arn
}

function trustOf(provider: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ],
  }
}
