import type { IAM } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { iamArn } from '../iam/identifiers.js'
import {
  onUser,
  userRequirement,
  onGroup,
  onRole,
  onPrefix,
  onAccount,
  onArn,
  withTags,
  policyArn,
  serviceCredential,
  boundary,
  setTags,
  dropTags,
} from './iam-requirements.js'
import type { Rows } from './requirements.js'
import { keys } from './requirements.js'

/* Rows of users, MFA devices, groups and roles; for their source see `iam-rows.ts`. */

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
  UploadSSHPublicKey: onUser('iam:UploadSSHPublicKey'),
  ListSSHPublicKeys: onUser('iam:ListSSHPublicKeys'),
  GetSSHPublicKey: onUser('iam:GetSSHPublicKey'),
  UpdateSSHPublicKey: onUser('iam:UpdateSSHPublicKey'),
  DeleteSSHPublicKey: onUser('iam:DeleteSSHPublicKey'),
  CreateServiceSpecificCredential: onUser('iam:CreateServiceSpecificCredential', serviceCredential),
  ListServiceSpecificCredentials: (input, call, view) =>
    input.AllUsers === true
      ? onPrefix('iam:ListServiceSpecificCredentials', 'user')({}, call)
      : onUser('iam:ListServiceSpecificCredentials')(input, call, view),
  UpdateServiceSpecificCredential: onUser('iam:UpdateServiceSpecificCredential'),
  ResetServiceSpecificCredential: onUser('iam:ResetServiceSpecificCredential'),
  DeleteServiceSpecificCredential: onUser('iam:DeleteServiceSpecificCredential'),
  UploadSigningCertificate: onUser('iam:UploadSigningCertificate'),
  ListSigningCertificates: onUser('iam:ListSigningCertificates'),
  UpdateSigningCertificate: onUser('iam:UpdateSigningCertificate'),
  DeleteSigningCertificate: onUser('iam:DeleteSigningCertificate'),
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
  TagMFADevice: onArn('iam:TagMFADevice', 'SerialNumber', setTags),
  UntagMFADevice: onArn('iam:UntagMFADevice', 'SerialNumber', dropTags),
  ListMFADeviceTags: onArn('iam:ListMFADeviceTags', 'SerialNumber'),
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

export const iamEntityRows: Rows<IAM> = { ...userRows, ...mfaRows, ...groupRows, ...roleRows }
