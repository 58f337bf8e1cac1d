import type { IAM } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { iamArn } from '../iam/identifiers.js'
import { roleArn } from './arns.js'
import {
  onPolicy,
  onPrefix,
  onAccount,
  onInstanceProfile,
  onArn,
  withTags,
  setTags,
  dropTags,
} from './iam-requirements.js'
import type { Rows } from './requirements.js'
import { keys } from './requirements.js'
import { iamEntityRows } from './iam-entity-rows.js'

/*
 * Source of all rows: Service Authorization Reference, "Actions, resources, and condition keys for AWS
 * Identity and Access Management (IAM)". Where that page gives an action no resource type, the resource is
 * what AWS's own denials name (`…:user/` and the path prefix for ListUsers), which only `*` patterns match.
 */

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
  TagOpenIDConnectProvider: onArn('iam:TagOpenIDConnectProvider', 'OpenIDConnectProviderArn', setTags),
  UntagOpenIDConnectProvider: onArn('iam:UntagOpenIDConnectProvider', 'OpenIDConnectProviderArn', dropTags),
  ListOpenIDConnectProviderTags: onArn('iam:ListOpenIDConnectProviderTags', 'OpenIDConnectProviderArn'),
  TagSAMLProvider: onArn('iam:TagSAMLProvider', 'SAMLProviderArn', setTags),
  UntagSAMLProvider: onArn('iam:UntagSAMLProvider', 'SAMLProviderArn', dropTags),
  ListSAMLProviderTags: onArn('iam:ListSAMLProviderTags', 'SAMLProviderArn'),
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
  TagInstanceProfile: onInstanceProfile('iam:TagInstanceProfile', setTags),
  UntagInstanceProfile: onInstanceProfile('iam:UntagInstanceProfile', dropTags),
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

export const iamRows: Rows<IAM> = { ...iamEntityRows, ...policyRows, ...providerRows, ...accountRows }
