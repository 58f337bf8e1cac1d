import type { SourceSpan, Tags } from './plan.js'

interface Base<Type extends string> {
  readonly type: Type
  /** Stable name within the plan, e.g. `team/product/permission-set`. */
  readonly id: string
  /** Ids of this plan, and of the first one. */
  readonly dependsOn: readonly string[]
  readonly declaredAt: SourceSpan
}

/** A managed policy of the account that is signed in to, by name: Identity Center looks it up there. */
export interface PolicyReference {
  readonly name: string
  readonly path: string
}

/** What people of a team get in the account, with the policies that the first plan makes there. */
export interface PermissionSet extends Base<'ssoadmin.PermissionSet'> {
  readonly name: string
  readonly description: string
  /** ISO 8601 duration. */
  readonly sessionDuration: string
  readonly customerManagedPolicies: readonly PolicyReference[]
  readonly permissionsBoundary: PolicyReference
  readonly tags: Tags
}
export interface IdentityStoreGroup extends Base<'identitystore.Group'> {
  readonly displayName: string
  readonly description: string
}
export interface IdentityStoreUser extends Base<'identitystore.User'> {
  readonly userName: string
  readonly displayName: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
}
export interface IdentityStoreGroupMembership extends Base<'identitystore.GroupMembership'> {
  /** Ids within the plan. */
  readonly group: string
  readonly user: string
}
export interface AccountAssignment extends Base<'ssoadmin.AccountAssignment'> {
  /** Id of the permission set within the plan. */
  readonly permissionSet: string
  /** Id of a group within the plan, or the display name of one that is provisioned. */
  readonly group: { readonly id: string } | { readonly displayName: string }
  readonly targetAccount: string
}

export type IdentityCenterResource =
  PermissionSet | IdentityStoreGroup | IdentityStoreUser | IdentityStoreGroupMembership | AccountAssignment

/** A group that the identity provider provisions, whose members it decides. */
export interface ProvisionedGroup {
  readonly kind: 'identityStoreGroup'
  readonly displayName: string
  /** Whom the file has in the team: the group has to hold them, and nobody else. */
  readonly members: readonly { readonly name: string; readonly email: string }[]
  readonly declaredAt: SourceSpan
}

/**
 * What a declaration becomes in the account of Identity Center: the second plan of a file, which refers to policies of
 * the first one by name. Plain JSON, in the order in which its parts can be made, after the first plan.
 */
export interface IdentityCenterPlan {
  /** ARN of the instance. */
  readonly instance: string
  readonly identityStore: string
  readonly region: string
  /** The account that people sign in to. */
  readonly targetAccount: string
  readonly resources: readonly IdentityCenterResource[]
  readonly external: readonly ProvisionedGroup[]
}
