import type { IamRole, IamUser, Plan } from '@ringfence/plan'
import { documentOf, type Document } from './documents.js'

/** A user or a role, with all that decides on what it may do but the policies of buckets. */
export interface Holder {
  readonly kind: 'user' | 'role'
  readonly name: string
  readonly arn: string
  /** Of AWS; a planned one has none. */
  readonly uniqueId?: string
  readonly tags: Readonly<Record<string, string>>
  readonly boundary: Document | undefined
  /** Its own and those of its groups. */
  readonly policies: readonly Document[]
  /** Of roles. */
  readonly trust?: Document
}

/** Who may do what with which buckets: of an account as it is, or of a plan. */
export interface AccessView {
  readonly account: string
  readonly users: ReadonlyMap<string, Holder>
  readonly roles: ReadonlyMap<string, Holder>
  /** By name; without a policy: `undefined`. */
  readonly buckets: ReadonlyMap<string, Document | undefined>
}

/** What a plan gives, once it is deployed. */
export function viewOfPlan(plan: Plan): AccessView {
  const policies = new Map<string, Document>()
  const attached = new Map<string, readonly string[]>()
  const groupsOf = new Map<string, readonly string[]>()
  const buckets = new Map<string, Document | undefined>()
  for (const one of plan.resources) {
    if (one.type === 'iam.Policy') policies.set(one.arn, documentOf(JSON.stringify(one.policy)))
    if (one.type === 'iam.PolicyAttachments') attached.set(`${one.target}/${one.name}`, one.policyArns)
    if (one.type === 'iam.UserGroupMembership') groupsOf.set(one.user, one.groups)
    if (one.type === 's3.BucketPolicy') buckets.set(one.bucket, documentOf(JSON.stringify(one.policy)))
  }
  const holder = (kind: Holder['kind'], one: IamUser | IamRole): Holder => {
    const groups = kind === 'user' ? (groupsOf.get(one.name) ?? []) : []
    const keys = [`${kind}/${one.name}`, ...groups.map((group) => `group/${group}`)]
    const arns = keys.flatMap((key) => attached.get(key) ?? [])
    return {
      kind,
      name: one.name,
      arn: one.arn,
      tags: one.tags,
      boundary: policies.get(one.permissionsBoundary),
      policies: arns.flatMap((arn) => policies.get(arn) ?? []),
      ...(one.type === 'iam.Role' ? { trust: documentOf(JSON.stringify(one.assumeRolePolicy)) } : {}),
    }
  }
  const users = new Map<string, Holder>()
  const roles = new Map<string, Holder>()
  for (const one of plan.resources) {
    if (one.type === 'iam.User') users.set(one.name, holder('user', one))
    if (one.type === 'iam.Role') roles.set(one.name, holder('role', one))
  }
  return { account: plan.account, users, roles, buckets }
}
