import type {
  Ask,
  BecomeStep,
  ChangeEffect,
  ChangeStep,
  Combination,
  CreateStep,
  SignInStep,
} from './step.js'
import { TARGET } from './step.js'

const onTarget = (action: string): Ask => ({ action: `iam:${action}`, on: TARGET })

function becomes(
  id: string,
  publicIds: readonly string[],
  target: 'user' | 'role',
  actions: readonly string[],
  needs?: BecomeStep['needs'],
): BecomeStep {
  const asks = actions.map(onTarget)
  return { kind: 'become', id, publicIds, target, asks, ...(needs === undefined ? {} : { needs }) }
}

/** Steps by which a user or role that exists becomes the caller's. */
export const stepsThatBecome: readonly BecomeStep[] = [
  {
    kind: 'become',
    id: 'assume-role',
    publicIds: ['sts-001'],
    target: 'role',
    asks: [{ action: 'sts:AssumeRole', on: TARGET }],
  },
  becomes('create-access-key', ['iam-002'], 'user', ['CreateAccessKey'], 'freeKey'),
  becomes('replace-access-key', ['iam-003'], 'user', ['CreateAccessKey', 'DeleteAccessKey'], 'noFreeKey'),
  becomes('create-login-profile', ['iam-004'], 'user', ['CreateLoginProfile'], 'noLoginProfile'),
  becomes('update-login-profile', ['iam-006'], 'user', ['UpdateLoginProfile'], 'loginProfile'),
  becomes('change-trust', ['iam-012'], 'role', ['UpdateAssumeRolePolicy']),
]

/** Steps by which an identity provider lets the caller in to the roles that trust it. */
export const stepsThatSignIn: readonly SignInStep[] = [
  {
    kind: 'signIn',
    id: 'change-saml-provider',
    publicIds: [],
    provider: 'saml',
    asks: [onTarget('UpdateSAMLProvider')],
  },
  {
    kind: 'signIn',
    id: 'change-oidc-thumbprint',
    publicIds: [],
    provider: 'oidc',
    asks: [onTarget('UpdateOpenIDConnectProviderThumbprint')],
    // AWS takes thumbprints where no public authority vouches for the server. [API_UpdateOpenIDConnectProviderThumbprint]
    thing: 'a way to answer AWS in the place of {host}',
  },
  {
    kind: 'signIn',
    id: 'add-oidc-audience',
    publicIds: [],
    provider: 'oidc',
    newAudience: true,
    asks: [onTarget('AddClientIDToOpenIDConnectProvider')],
    thing: 'a token of {host} for another audience, of a subject that {target} trusts',
  },
  {
    kind: 'signIn',
    id: 'create-oidc-provider',
    publicIds: [],
    provider: 'oidc',
    makes: true,
    asks: [onTarget('CreateOpenIDConnectProvider')],
    thing: 'a token of {host}, of a subject that {target} trusts',
  },
]

function changes(
  id: string,
  publicIds: readonly string[],
  target: ChangeStep['target'],
  effect: ChangeEffect,
  action: string,
): ChangeStep {
  return { kind: 'change', id, publicIds, target, effect, asks: [onTarget(action)] }
}

/** A group that is new: it may have a name that no group of the account has. */
function makesGroup(id: string, action: string): ChangeStep {
  const asks = ['CreateGroup', action, 'AddUserToGroup'].map((one) => ({
    action: `iam:${one}`,
    on: 'arn:{partition}:iam::{account}:group/*',
  }))
  return { kind: 'change', id, publicIds: [], target: 'user', effect: 'newGroup', asks }
}

/** Steps that change what a user, a role, a group's members or the holders of a managed policy may do. */
export const stepsThatChange: readonly ChangeStep[] = [
  changes('put-user-policy', ['iam-007'], 'user', 'rewriteInline', 'PutUserPolicy'),
  changes('put-role-policy', ['iam-005'], 'role', 'rewriteInline', 'PutRolePolicy'),
  changes('put-group-policy', ['iam-011'], 'group', 'rewriteInline', 'PutGroupPolicy'),
  changes('attach-user-policy', ['iam-008'], 'user', 'attach', 'AttachUserPolicy'),
  changes('attach-role-policy', ['iam-009'], 'role', 'attach', 'AttachRolePolicy'),
  changes('attach-group-policy', ['iam-010'], 'group', 'attach', 'AttachGroupPolicy'),
  changes('create-policy-version', ['iam-001'], 'policy', 'rewritePolicy', 'CreatePolicyVersion'),
  changes('set-policy-version', [], 'policy', 'switchVersion', 'SetDefaultPolicyVersion'),
  changes('join-group', ['iam-013'], 'group', 'joinGroup', 'AddUserToGroup'),
  makesGroup('new-group', 'PutGroupPolicy'),
  makesGroup('new-group-with-attached-policy', 'AttachGroupPolicy'),
  changes('leave-group', [], 'group', 'leaveGroup', 'RemoveUserFromGroup'),
  changes('detach-user-policy', [], 'user', 'detach', 'DetachUserPolicy'),
  changes('detach-role-policy', [], 'role', 'detach', 'DetachRolePolicy'),
  changes('detach-group-policy', [], 'group', 'detach', 'DetachGroupPolicy'),
  changes('delete-user-policy', [], 'user', 'deleteInline', 'DeleteUserPolicy'),
  changes('delete-role-policy', [], 'role', 'deleteInline', 'DeleteRolePolicy'),
  changes('delete-group-policy', [], 'group', 'deleteInline', 'DeleteGroupPolicy'),
  changes('delete-user-boundary', [], 'user', 'dropBoundary', 'DeleteUserPermissionsBoundary'),
  changes('delete-role-boundary', [], 'role', 'dropBoundary', 'DeleteRolePermissionsBoundary'),
  changes('put-user-boundary', [], 'user', 'setBoundary', 'PutUserPermissionsBoundary'),
  changes('put-role-boundary', [], 'role', 'setBoundary', 'PutRolePermissionsBoundary'),
  changes('tag-user', [], 'user', 'tag', 'TagUser'),
  changes('tag-role', [], 'role', 'tag', 'TagRole'),
  changes('untag-user', [], 'user', 'tag', 'UntagUser'),
  changes('untag-role', [], 'role', 'tag', 'UntagRole'),
]

/** Steps that make somebody new. What the new one may do is for the steps above. */
export const stepsThatCreate: readonly CreateStep[] = [
  {
    kind: 'create',
    id: 'create-user-and-key',
    publicIds: [],
    target: 'user',
    asks: ['CreateUser', 'CreateAccessKey'].map(onTarget),
  },
  {
    kind: 'create',
    id: 'create-user-and-login-profile',
    publicIds: [],
    target: 'user',
    asks: ['CreateUser', 'CreateLoginProfile'].map(onTarget),
  },
  { kind: 'create', id: 'create-role', publicIds: [], target: 'role', asks: [onTarget('CreateRole')] },
]

/** Public paths that are two steps here. */
export const combinations: readonly Combination[] = [
  { publicId: 'iam-014', steps: ['attach-role-policy', 'assume-role'] },
  { publicId: 'iam-015', steps: ['attach-user-policy', 'create-access-key'] },
  { publicId: 'iam-016', steps: ['create-policy-version', 'assume-role'] },
  { publicId: 'iam-017', steps: ['put-role-policy', 'assume-role'] },
  { publicId: 'iam-018', steps: ['put-user-policy', 'create-access-key'] },
  { publicId: 'iam-019', steps: ['attach-role-policy', 'change-trust'] },
  { publicId: 'iam-020', steps: ['create-policy-version', 'change-trust'] },
  { publicId: 'iam-021', steps: ['put-role-policy', 'change-trust'] },
]
