import type { Identitystore } from '@aws-sdk/client-identitystore'
import type { SSOAdmin } from '@aws-sdk/client-sso-admin'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { notYours } from '../identity-center/errors.js'
import { requestTags, resourceTags, type Row, type Rows, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/**
 * Service Authorization Reference, "IAM Identity Center" and "Identity Store". An operation takes its permission on
 * every resource that it names: the instance, the permission set, the account. The instance is administered from its
 * own account; nobody is a delegated administrator here.
 */

function forOwner<Input>(row: Row<Input>): Row<Input> {
  return (input, call, view) => {
    if (view.identityCenter()?.owner !== call.caller.account) throw notYours()
    return row(input, call, view)
  }
}

interface SsoInput {
  readonly InstanceArn?: string | undefined
  readonly PermissionSetArn?: string | undefined
  readonly AccountId?: string | undefined
  readonly TargetId?: string | undefined
}

type ResourceKind = 'instance' | 'permissionSet' | 'account'

function on(action: string, ...kinds: readonly ResourceKind[]) {
  return forOwner((input: SsoInput, call, view) =>
    kinds.flatMap((kind) => {
      const arn = arnOf(kind, input)
      return arn === undefined ? [] : [requirement(`sso:${action}`, arn, call, view)]
    }),
  )
}

/** An account that is not named is none that is asked about. */
function arnOf(kind: ResourceKind, input: SsoInput): string | undefined {
  if (kind === 'instance') return input.InstanceArn ?? ''
  if (kind === 'permissionSet') return input.PermissionSetArn ?? ''
  const account = input.AccountId ?? input.TargetId
  return account === undefined ? undefined : `arn:aws:sso:::account/${account}`
}

function requirement(
  action: string,
  resource: string,
  { caller }: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  return {
    action,
    resource,
    // Their ARNs name no account.
    resourceAccount: caller.account,
    context: { ...resourceTags(view.identityCenterTags(resource), 'aws'), ...more },
  }
}

export const ssoAdminRows: Rows<SSOAdmin> = {
  ListInstances: () => [{ action: 'sso:ListInstances', resource: '*' }],
  DescribeInstance: on('DescribeInstance', 'instance'),
  CreatePermissionSet: forOwner((input, call, view) => {
    const instance = input.InstanceArn ?? ''
    const made = `${instance.replace(':instance/', ':permissionSet/')}/*`
    const tags = requestTags(input.Tags)
    return [
      requirement('sso:CreatePermissionSet', instance, call, view, tags),
      requirement('sso:CreatePermissionSet', made, call, view, tags),
      ...(input.Tags === undefined ? [] : [requirement('sso:TagResource', made, call, view, tags)]),
    ]
  }),
  DescribePermissionSet: on('DescribePermissionSet', 'instance', 'permissionSet'),
  UpdatePermissionSet: on('UpdatePermissionSet', 'instance', 'permissionSet'),
  DeletePermissionSet: on('DeletePermissionSet', 'instance', 'permissionSet'),
  ListPermissionSets: on('ListPermissionSets', 'instance'),
  ListPermissionSetsProvisionedToAccount: on('ListPermissionSetsProvisionedToAccount', 'instance', 'account'),
  ListAccountsForProvisionedPermissionSet: on(
    'ListAccountsForProvisionedPermissionSet',
    'instance',
    'permissionSet',
  ),
  PutInlinePolicyToPermissionSet: on('PutInlinePolicyToPermissionSet', 'instance', 'permissionSet'),
  GetInlinePolicyForPermissionSet: on('GetInlinePolicyForPermissionSet', 'instance', 'permissionSet'),
  DeleteInlinePolicyFromPermissionSet: on('DeleteInlinePolicyFromPermissionSet', 'instance', 'permissionSet'),
  AttachManagedPolicyToPermissionSet: on('AttachManagedPolicyToPermissionSet', 'instance', 'permissionSet'),
  DetachManagedPolicyFromPermissionSet: on(
    'DetachManagedPolicyFromPermissionSet',
    'instance',
    'permissionSet',
  ),
  ListManagedPoliciesInPermissionSet: on('ListManagedPoliciesInPermissionSet', 'instance', 'permissionSet'),
  AttachCustomerManagedPolicyReferenceToPermissionSet: on(
    'AttachCustomerManagedPolicyReferenceToPermissionSet',
    'instance',
    'permissionSet',
  ),
  DetachCustomerManagedPolicyReferenceFromPermissionSet: on(
    'DetachCustomerManagedPolicyReferenceFromPermissionSet',
    'instance',
    'permissionSet',
  ),
  ListCustomerManagedPolicyReferencesInPermissionSet: on(
    'ListCustomerManagedPolicyReferencesInPermissionSet',
    'instance',
    'permissionSet',
  ),
  PutPermissionsBoundaryToPermissionSet: on(
    'PutPermissionsBoundaryToPermissionSet',
    'instance',
    'permissionSet',
  ),
  GetPermissionsBoundaryForPermissionSet: on(
    'GetPermissionsBoundaryForPermissionSet',
    'instance',
    'permissionSet',
  ),
  DeletePermissionsBoundaryFromPermissionSet: on(
    'DeletePermissionsBoundaryFromPermissionSet',
    'instance',
    'permissionSet',
  ),
  CreateAccountAssignment: on('CreateAccountAssignment', 'account', 'instance', 'permissionSet'),
  DeleteAccountAssignment: on('DeleteAccountAssignment', 'account', 'instance', 'permissionSet'),
  DescribeAccountAssignmentCreationStatus: on('DescribeAccountAssignmentCreationStatus', 'instance'),
  DescribeAccountAssignmentDeletionStatus: on('DescribeAccountAssignmentDeletionStatus', 'instance'),
  ListAccountAssignments: on('ListAccountAssignments', 'account', 'instance', 'permissionSet'),
  ListAccountAssignmentsForPrincipal: on('ListAccountAssignmentsForPrincipal', 'instance'),
  ProvisionPermissionSet: on('ProvisionPermissionSet', 'account', 'instance', 'permissionSet'),
  DescribePermissionSetProvisioningStatus: on('DescribePermissionSetProvisioningStatus', 'instance'),
  TagResource: forOwner((input, call, view) => [
    requirement('sso:TagResource', input.ResourceArn ?? '', call, view, requestTags(input.Tags)),
  ]),
  UntagResource: forOwner((input, call, view) => [
    requirement('sso:UntagResource', input.ResourceArn ?? '', call, view, tagKeys(input.TagKeys)),
  ]),
  ListTagsForResource: forOwner((input, call, view) => [
    requirement('sso:ListTagsForResource', input.ResourceArn ?? '', call, view),
  ]),
}

interface StoreInput {
  readonly IdentityStoreId?: string | undefined
  readonly GroupId?: string | undefined
  readonly UserId?: string | undefined
  readonly MembershipId?: string | undefined
  readonly MemberId?: { readonly UserId?: string | undefined } | undefined
  readonly GroupIds?: readonly string[] | undefined
}

type StoreKind = 'group' | 'groups' | 'user' | 'users' | 'membership' | 'memberships'

/** On the identity store itself and on what the operation names; what only an attribute names stands for all of its kind. */
function inStore(action: string, ...kinds: readonly StoreKind[]) {
  return forOwner((input: StoreInput, call, view) => {
    const { account } = call.caller
    const store = `arn:aws:identitystore::${account}:identitystore/${input.IdentityStoreId ?? ''}`
    const named = kinds.flatMap((kind) => storeArns(kind, input, view))
    return [store, ...named].map((resource) => ({
      action: `identitystore:${action}`,
      resource,
      resourceAccount: account,
    }))
  })
}

function storeArn(of: string, id: string | undefined): string {
  return `arn:aws:identitystore:::${of}/${id ?? '*'}`
}

function storeArns(kind: StoreKind, input: StoreInput, view: ResourceView): readonly string[] {
  const membership = view.identityStoreMembership(input.MembershipId ?? '')
  switch (kind) {
    case 'group':
      return (input.GroupIds ?? [input.GroupId ?? membership?.group]).map((id) => storeArn('group', id))
    case 'user':
      return [storeArn('user', input.UserId ?? input.MemberId?.UserId ?? membership?.user)]
    case 'membership':
      return [storeArn('membership', input.MembershipId)]
    case 'groups':
      return [storeArn('group', undefined)]
    case 'users':
      return [storeArn('user', undefined)]
    case 'memberships':
      return [storeArn('membership', undefined)]
  }
}

export const identityStoreRows: Rows<Identitystore> = {
  CreateGroup: inStore('CreateGroup'),
  DescribeGroup: inStore('DescribeGroup', 'group'),
  UpdateGroup: inStore('UpdateGroup', 'group'),
  DeleteGroup: inStore('DeleteGroup', 'group'),
  ListGroups: inStore('ListGroups', 'groups'),
  GetGroupId: inStore('GetGroupId', 'group'),
  CreateUser: inStore('CreateUser'),
  DescribeUser: inStore('DescribeUser', 'user'),
  UpdateUser: inStore('UpdateUser', 'user'),
  DeleteUser: inStore('DeleteUser', 'user'),
  ListUsers: inStore('ListUsers', 'users'),
  GetUserId: inStore('GetUserId', 'user'),
  CreateGroupMembership: inStore('CreateGroupMembership', 'group', 'user'),
  DescribeGroupMembership: inStore('DescribeGroupMembership', 'group', 'membership', 'user'),
  DeleteGroupMembership: inStore('DeleteGroupMembership', 'group', 'membership', 'user'),
  GetGroupMembershipId: inStore('GetGroupMembershipId', 'group', 'membership', 'user'),
  ListGroupMemberships: inStore('ListGroupMemberships', 'group', 'memberships'),
  ListGroupMembershipsForMember: inStore('ListGroupMembershipsForMember', 'user', 'memberships'),
  IsMemberInGroups: inStore('IsMemberInGroups', 'group', 'user', 'memberships'),
}
