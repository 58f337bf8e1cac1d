import type { IAM } from '@aws-sdk/client-iam'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { iamArn } from '../iam/identifiers.js'
import { callingUser } from '../iam/operation.js'
import { nameKey } from '../iam/tables.js'
import { groupArn, roleArn, userArn } from './arns.js'
import type { Rows } from './requirements.js'
import { keys, requestTags, resourceTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source of all rows: Service Authorization Reference, "Actions, resources, and condition keys for AWS
 * Identity and Access Management (IAM)". Where that page gives an action no resource type, the resource is
 * what AWS's own denials name (`…:user/` and the path prefix for ListUsers), which only `*` patterns match.
 */

/** An action on a user; without a name it is the calling user, or the account's root. */
function onUser(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly UserName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => [userRequirement(action, input.UserName, call, view, more?.(input as never))]
}

function userRequirement(
  action: string,
  named: string | undefined,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const { account } = call.caller
  const name = named ?? callingUser(call)
  if (name === undefined) return { action, resource: call.caller.principal, context: more }
  const user = view.iam.users.get(nameKey(account, name))
  return {
    action,
    resource: userArn(view.iam, account, name),
    context: {
      ...resourceTags(user?.tags, 'aws', 'iam'),
      ...keys({ 'iam:PermissionsBoundary': user?.boundary }),
      ...more,
    },
  }
}

function onGroup(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly GroupName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => [
    {
      action,
      resource: groupArn(view.iam, call.caller.account, input.GroupName ?? ''),
      context: more?.(input as never) ?? {},
    },
  ]
}

function onRole(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly RoleName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const role = view.iam.roles.get(nameKey(call.caller.account, input.RoleName ?? ''))
    return [
      {
        action,
        resource: roleArn(view.iam, call.caller.account, input.RoleName ?? ''),
        context: {
          ...resourceTags(role?.tags, 'aws', 'iam'),
          ...keys({ 'iam:PermissionsBoundary': role?.boundary }),
          ...more?.(input as never),
        },
      },
    ]
  }
}

function onPolicy(action: string, more?: (input: never) => RequestContext) {
  return (
    input: { readonly PolicyArn?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const arn = input.PolicyArn ?? ''
    const policy = view.iam.policies.get([call.caller.account, arn])
    return [
      {
        action,
        resource: arn,
        // Policies that AWS manages belong to nobody's account: the caller's own decides.
        resourceAccount: call.caller.account,
        context: { ...resourceTags(policy?.tags, 'aws', 'iam'), ...more?.(input as never) },
      },
    ]
  }
}

/** A list by path prefix, which AWS asks as a permission on the prefix. */
function onPrefix(action: string, kind: string) {
  return (input: { readonly PathPrefix?: string | undefined }, call: Call): Requirement[] => [
    { action, resource: iamArn(call.caller.account, `${kind}${input.PathPrefix ?? '/'}`) },
  ]
}

function onAccount(action: string) {
  return (): Requirement[] => [{ action, resource: '*' }]
}

function onInstanceProfile(action: string) {
  return (
    input: { readonly InstanceProfileName?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const name = input.InstanceProfileName ?? ''
    const profile = view.iam.instanceProfiles.get(nameKey(call.caller.account, name))
    return [
      {
        action,
        resource: profile?.arn ?? iamArn(call.caller.account, `instance-profile/${name}`),
        context: resourceTags(profile?.tags, 'aws', 'iam'),
      },
    ]
  }
}

function onArn<Member extends string>(action: string, member: Member) {
  return (
    input: { readonly [Name in Member]?: string | undefined },
    call: Call,
    view: ResourceView,
  ): Requirement[] => {
    const arn = input[member] ?? ''
    const { account } = call.caller
    const found =
      view.iam.oidcProviders.get([account, arn]) ??
      view.iam.samlProviders.get([account, arn]) ??
      view.iam.mfaDevices.get([account, arn])
    return [{ action, resource: arn, context: resourceTags(found?.tags, 'aws', 'iam') }]
  }
}

/** A row's requirements with those for the tags that the same request sets. */
function withTags<Input extends { readonly Tags?: readonly { Key?: string; Value?: string }[] | undefined }>(
  tagAction: string,
  row: (input: Input, call: Call, view: ResourceView) => readonly Requirement[],
) {
  return (input: Input, call: Call, view: ResourceView): readonly Requirement[] => {
    const tags = requestTags(input.Tags)
    const plain = row(input, call, view)
    const tagged: Requirement[] = []
    for (const one of plain) tagged.push({ ...one, context: { ...one.context, ...tags } })
    if (input.Tags === undefined || input.Tags.length === 0) return tagged
    for (const one of plain) {
      tagged.push({ ...one, action: tagAction, context: { ...one.context, ...tags } })
    }
    return tagged
  }
}

const policyArn = (input: { readonly PolicyArn?: string | undefined }) =>
  keys({ 'iam:PolicyARN': input.PolicyArn })
const boundary = (input: { readonly PermissionsBoundary?: string | undefined }) =>
  keys({ 'iam:PermissionsBoundary': input.PermissionsBoundary })
const setTags = (input: { readonly Tags?: readonly { Key?: string; Value?: string }[] | undefined }) =>
  requestTags(input.Tags)
const dropTags = (input: { readonly TagKeys?: readonly string[] | undefined }) => tagKeys(input.TagKeys)

const userRows = {
  CreateUser: withTags(
    'iam:TagUser',
    (
      input: {
        UserName?: string | undefined
        Path?: string
        PermissionsBoundary?: string
        Tags?: readonly { Key?: string; Value?: string }[]
      },
      call: Call,
    ) => [
      {
        action: 'iam:CreateUser',
        resource: iamArn(call.caller.account, `user${input.Path ?? '/'}${input.UserName ?? ''}`),
        context: boundary(input),
      },
    ],
  ),
  GetUser: onUser('iam:GetUser'),
  ListUsers: onPrefix('iam:ListUsers', 'user'),
  UpdateUser: onUser('iam:UpdateUser'),
  DeleteUser: onUser('iam:DeleteUser'),
  PutUserPermissionsBoundary: onUser('iam:PutUserPermissionsBoundary', boundary),
  DeleteUserPermissionsBoundary: onUser('iam:DeleteUserPermissionsBoundary'),
  TagUser: onUser('iam:TagUser', setTags),
  UntagUser: onUser('iam:UntagUser', dropTags),
  ListUserTags: onUser('iam:ListUserTags'),
  PutUserPolicy: onUser('iam:PutUserPolicy'),
  GetUserPolicy: onUser('iam:GetUserPolicy'),
  DeleteUserPolicy: onUser('iam:DeleteUserPolicy'),
  ListUserPolicies: onUser('iam:ListUserPolicies'),
  AttachUserPolicy: onUser('iam:AttachUserPolicy', policyArn),
  DetachUserPolicy: onUser('iam:DetachUserPolicy', policyArn),
  ListAttachedUserPolicies: onUser('iam:ListAttachedUserPolicies'),
  ListGroupsForUser: onUser('iam:ListGroupsForUser'),
  CreateAccessKey: onUser('iam:CreateAccessKey'),
  ListAccessKeys: onUser('iam:ListAccessKeys'),
  UpdateAccessKey: onUser('iam:UpdateAccessKey'),
  DeleteAccessKey: onUser('iam:DeleteAccessKey'),
  GetAccessKeyLastUsed: (input, call, view) => {
    const owner = view.iam.accessKeys.get([input.AccessKeyId ?? ''])
    const own = owner?.account === call.caller.account ? owner.user : undefined
    return [userRequirement('iam:GetAccessKeyLastUsed', own ?? '*', call, view)]
  },
  CreateLoginProfile: onUser('iam:CreateLoginProfile'),
  GetLoginProfile: onUser('iam:GetLoginProfile'),
  UpdateLoginProfile: onUser('iam:UpdateLoginProfile'),
  DeleteLoginProfile: onUser('iam:DeleteLoginProfile'),
  ChangePassword: (_input, call, view) => [userRequirement('iam:ChangePassword', undefined, call, view)],
  ListSSHPublicKeys: onUser('iam:ListSSHPublicKeys'),
  ListServiceSpecificCredentials: onUser('iam:ListServiceSpecificCredentials'),
  ListSigningCertificates: onUser('iam:ListSigningCertificates'),
  ListMFADevices: onUser('iam:ListMFADevices'),
  EnableMFADevice: onUser('iam:EnableMFADevice'),
  ResyncMFADevice: onUser('iam:ResyncMFADevice'),
  DeactivateMFADevice: onUser('iam:DeactivateMFADevice'),
} satisfies Rows<IAM>

const mfaRows = {
  CreateVirtualMFADevice: withTags(
    'iam:TagMFADevice',
    (
      input: {
        Path?: string
        VirtualMFADeviceName?: string | undefined
        Tags?: readonly { Key?: string; Value?: string }[]
      },
      call: Call,
    ) => [
      {
        action: 'iam:CreateVirtualMFADevice',
        resource: iamArn(call.caller.account, `mfa${input.Path ?? '/'}${input.VirtualMFADeviceName ?? ''}`),
      },
    ],
  ),
  DeleteVirtualMFADevice: onArn('iam:DeleteVirtualMFADevice', 'SerialNumber'),
  ListVirtualMFADevices: onAccount('iam:ListVirtualMFADevices'),
  GetMFADevice: (input, call, view) => [userRequirement('iam:GetMFADevice', input.UserName, call, view)],
} satisfies Rows<IAM>

const groupRows = {
  CreateGroup: (input, call) => [
    {
      action: 'iam:CreateGroup',
      resource: iamArn(call.caller.account, `group${input.Path ?? '/'}${input.GroupName ?? ''}`),
    },
  ],
  GetGroup: onGroup('iam:GetGroup'),
  ListGroups: onPrefix('iam:ListGroups', 'group'),
  UpdateGroup: onGroup('iam:UpdateGroup'),
  DeleteGroup: onGroup('iam:DeleteGroup'),
  AddUserToGroup: onGroup('iam:AddUserToGroup'),
  RemoveUserFromGroup: onGroup('iam:RemoveUserFromGroup'),
  PutGroupPolicy: onGroup('iam:PutGroupPolicy'),
  GetGroupPolicy: onGroup('iam:GetGroupPolicy'),
  DeleteGroupPolicy: onGroup('iam:DeleteGroupPolicy'),
  ListGroupPolicies: onGroup('iam:ListGroupPolicies'),
  AttachGroupPolicy: onGroup('iam:AttachGroupPolicy', policyArn),
  DetachGroupPolicy: onGroup('iam:DetachGroupPolicy', policyArn),
  ListAttachedGroupPolicies: onGroup('iam:ListAttachedGroupPolicies'),
} satisfies Rows<IAM>

const roleRows = {
  CreateRole: withTags(
    'iam:TagRole',
    (
      input: {
        RoleName?: string | undefined
        Path?: string
        PermissionsBoundary?: string
        Tags?: readonly { Key?: string; Value?: string }[]
      },
      call: Call,
    ) => [
      {
        action: 'iam:CreateRole',
        resource: iamArn(call.caller.account, `role${input.Path ?? '/'}${input.RoleName ?? ''}`),
        context: boundary(input),
      },
    ],
  ),
  GetRole: onRole('iam:GetRole'),
  ListRoles: onPrefix('iam:ListRoles', 'role'),
  UpdateRole: onRole('iam:UpdateRole'),
  UpdateRoleDescription: onRole('iam:UpdateRoleDescription'),
  UpdateAssumeRolePolicy: onRole('iam:UpdateAssumeRolePolicy'),
  DeleteRole: onRole('iam:DeleteRole'),
  PutRolePermissionsBoundary: onRole('iam:PutRolePermissionsBoundary', boundary),
  DeleteRolePermissionsBoundary: onRole('iam:DeleteRolePermissionsBoundary'),
  TagRole: onRole('iam:TagRole', setTags),
  UntagRole: onRole('iam:UntagRole', dropTags),
  ListRoleTags: onRole('iam:ListRoleTags'),
  PutRolePolicy: onRole('iam:PutRolePolicy'),
  GetRolePolicy: onRole('iam:GetRolePolicy'),
  DeleteRolePolicy: onRole('iam:DeleteRolePolicy'),
  ListRolePolicies: onRole('iam:ListRolePolicies'),
  AttachRolePolicy: onRole('iam:AttachRolePolicy', policyArn),
  DetachRolePolicy: onRole('iam:DetachRolePolicy', policyArn),
  ListAttachedRolePolicies: onRole('iam:ListAttachedRolePolicies'),
  ListInstanceProfilesForRole: onRole('iam:ListInstanceProfilesForRole'),
  CreateServiceLinkedRole: (input, call) => [
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: iamArn(call.caller.account, `role/aws-service-role/${input.AWSServiceName ?? ''}/*`),
      context: keys({ 'iam:AWSServiceName': input.AWSServiceName }),
    },
  ],
  DeleteServiceLinkedRole: onRole('iam:DeleteServiceLinkedRole'),
  GetServiceLinkedRoleDeletionStatus: (input, call) => {
    const [, kind, rest] = /^task\/(aws-service-role)\/(.+)\/[^/]+$/.exec(input.DeletionTaskId ?? '') ?? []
    const resource = kind === undefined ? '*' : iamArn(call.caller.account, `role/${kind}/${rest}`)
    return [{ action: 'iam:GetServiceLinkedRoleDeletionStatus', resource }]
  },
} satisfies Rows<IAM>

const policyRows = {
  CreatePolicy: withTags(
    'iam:TagPolicy',
    (
      input: {
        PolicyName?: string | undefined
        Path?: string
        Tags?: readonly { Key?: string; Value?: string }[]
      },
      call: Call,
    ) => [
      {
        action: 'iam:CreatePolicy',
        resource: iamArn(call.caller.account, `policy${input.Path ?? '/'}${input.PolicyName ?? ''}`),
      },
    ],
  ),
  GetPolicy: onPolicy('iam:GetPolicy'),
  ListPolicies: onAccount('iam:ListPolicies'),
  DeletePolicy: onPolicy('iam:DeletePolicy'),
  CreatePolicyVersion: onPolicy('iam:CreatePolicyVersion'),
  GetPolicyVersion: onPolicy('iam:GetPolicyVersion'),
  ListPolicyVersions: onPolicy('iam:ListPolicyVersions'),
  SetDefaultPolicyVersion: onPolicy('iam:SetDefaultPolicyVersion'),
  DeletePolicyVersion: onPolicy('iam:DeletePolicyVersion'),
  ListEntitiesForPolicy: onPolicy('iam:ListEntitiesForPolicy'),
  TagPolicy: onPolicy('iam:TagPolicy', setTags),
  UntagPolicy: onPolicy('iam:UntagPolicy', dropTags),
  ListPolicyTags: onPolicy('iam:ListPolicyTags'),
  SimulateCustomPolicy: onAccount('iam:SimulateCustomPolicy'),
  SimulatePrincipalPolicy: (input) => [
    { action: 'iam:SimulatePrincipalPolicy', resource: input.PolicySourceArn ?? '*' },
  ],
} satisfies Rows<IAM>

const providerRows = {
  CreateOpenIDConnectProvider: withTags(
    'iam:TagOpenIDConnectProvider',
    (input: { Url?: string | undefined; Tags?: readonly { Key?: string; Value?: string }[] }, call: Call) => [
      {
        action: 'iam:CreateOpenIDConnectProvider',
        resource: iamArn(
          call.caller.account,
          `oidc-provider/${(input.Url ?? '').replace(/^https:\/\//, '')}`,
        ),
      },
    ],
  ),
  GetOpenIDConnectProvider: onArn('iam:GetOpenIDConnectProvider', 'OpenIDConnectProviderArn'),
  ListOpenIDConnectProviders: onAccount('iam:ListOpenIDConnectProviders'),
  DeleteOpenIDConnectProvider: onArn('iam:DeleteOpenIDConnectProvider', 'OpenIDConnectProviderArn'),
  AddClientIDToOpenIDConnectProvider: onArn(
    'iam:AddClientIDToOpenIDConnectProvider',
    'OpenIDConnectProviderArn',
  ),
  RemoveClientIDFromOpenIDConnectProvider: onArn(
    'iam:RemoveClientIDFromOpenIDConnectProvider',
    'OpenIDConnectProviderArn',
  ),
  UpdateOpenIDConnectProviderThumbprint: onArn(
    'iam:UpdateOpenIDConnectProviderThumbprint',
    'OpenIDConnectProviderArn',
  ),
  CreateSAMLProvider: withTags(
    'iam:TagSAMLProvider',
    (
      input: { Name?: string | undefined; Tags?: readonly { Key?: string; Value?: string }[] },
      call: Call,
    ) => [
      {
        action: 'iam:CreateSAMLProvider',
        resource: iamArn(call.caller.account, `saml-provider/${input.Name ?? ''}`),
      },
    ],
  ),
  GetSAMLProvider: onArn('iam:GetSAMLProvider', 'SAMLProviderArn'),
  UpdateSAMLProvider: onArn('iam:UpdateSAMLProvider', 'SAMLProviderArn'),
  ListSAMLProviders: onAccount('iam:ListSAMLProviders'),
  DeleteSAMLProvider: onArn('iam:DeleteSAMLProvider', 'SAMLProviderArn'),
} satisfies Rows<IAM>

const accountRows = {
  CreateInstanceProfile: withTags(
    'iam:TagInstanceProfile',
    (
      input: {
        InstanceProfileName?: string | undefined
        Path?: string
        Tags?: readonly { Key?: string; Value?: string }[]
      },
      call: Call,
    ) => [
      {
        action: 'iam:CreateInstanceProfile',
        resource: iamArn(
          call.caller.account,
          `instance-profile${input.Path ?? '/'}${input.InstanceProfileName ?? ''}`,
        ),
      },
    ],
  ),
  GetInstanceProfile: onInstanceProfile('iam:GetInstanceProfile'),
  ListInstanceProfiles: onPrefix('iam:ListInstanceProfiles', 'instance-profile'),
  DeleteInstanceProfile: onInstanceProfile('iam:DeleteInstanceProfile'),
  ListInstanceProfileTags: onInstanceProfile('iam:ListInstanceProfileTags'),
  AddRoleToInstanceProfile: (input, call, view) => [
    ...onInstanceProfile('iam:AddRoleToInstanceProfile')(input, call, view),
    {
      action: 'iam:PassRole',
      resource: roleArn(view.iam, call.caller.account, input.RoleName ?? ''),
      context: keys({ 'iam:PassedToService': 'ec2.amazonaws.com' }),
    },
  ],
  RemoveRoleFromInstanceProfile: onInstanceProfile('iam:RemoveRoleFromInstanceProfile'),
  GetAccountSummary: onAccount('iam:GetAccountSummary'),
  GetAccountAuthorizationDetails: onAccount('iam:GetAccountAuthorizationDetails'),
  CreateAccountAlias: onAccount('iam:CreateAccountAlias'),
  DeleteAccountAlias: onAccount('iam:DeleteAccountAlias'),
  ListAccountAliases: onAccount('iam:ListAccountAliases'),
  GetAccountPasswordPolicy: onAccount('iam:GetAccountPasswordPolicy'),
  UpdateAccountPasswordPolicy: onAccount('iam:UpdateAccountPasswordPolicy'),
  DeleteAccountPasswordPolicy: onAccount('iam:DeleteAccountPasswordPolicy'),
  ListServerCertificates: onPrefix('iam:ListServerCertificates', 'server-certificate'),
} satisfies Rows<IAM>

export const iamRows: Rows<IAM> = {
  ...userRows,
  ...mfaRows,
  ...groupRows,
  ...roleRows,
  ...policyRows,
  ...providerRows,
  ...accountRows,
}
