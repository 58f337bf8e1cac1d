import type {
  IamAccessKey,
  IamGroup,
  IamPolicy,
  IamPolicyAttachments,
  IamRole,
  IamUser,
  IamUserGroupMembership,
} from '@ringfence/plan'
import { nameKey } from '../iam/tables.js'
import type { Tags } from '../iam/records.js'
import type { LoadContext } from './load-context.js'
import { samePolicy, sameValue, tagList } from './load-context.js'

export async function loadUser({ aws, state }: LoadContext, planned: IamUser): Promise<void> {
  const { name, path, permissionsBoundary, tags } = planned
  const user = state.iam.users.get(nameKey(aws.account, name))
  if (user === undefined) {
    await aws.call('iam', 'CreateUser', {
      UserName: name,
      Path: path,
      PermissionsBoundary: permissionsBoundary,
      Tags: tagList(tags),
    })
    return
  }
  if (user.path !== path) await aws.call('iam', 'UpdateUser', { UserName: name, NewPath: path })
  if (user.boundary !== permissionsBoundary) {
    await aws.call('iam', 'PutUserPermissionsBoundary', {
      UserName: name,
      PermissionsBoundary: permissionsBoundary,
    })
  }
  const { gone, changed } = tagChanges(user.tags, tags)
  if (gone.length > 0) await aws.call('iam', 'UntagUser', { UserName: name, TagKeys: gone })
  if (changed.length > 0) await aws.call('iam', 'TagUser', { UserName: name, Tags: changed })
}

export async function loadGroup({ aws, state }: LoadContext, { name, path }: IamGroup): Promise<void> {
  const group = state.iam.groups.get(nameKey(aws.account, name))
  if (group === undefined) await aws.call('iam', 'CreateGroup', { GroupName: name, Path: path })
  else if (group.path !== path) await aws.call('iam', 'UpdateGroup', { GroupName: name, NewPath: path })
}

export async function loadMembership(
  { aws, state }: LoadContext,
  { user, groups, exclusive }: IamUserGroupMembership,
): Promise<void> {
  const present = state.iam.users.get(nameKey(aws.account, user))?.groups ?? []
  for (const group of exclusive ? present.filter((name) => !groups.includes(name)) : []) {
    await aws.call('iam', 'RemoveUserFromGroup', { GroupName: group, UserName: user })
  }
  for (const group of groups.filter((name) => !present.includes(name))) {
    await aws.call('iam', 'AddUserToGroup', { GroupName: group, UserName: user })
  }
}

export async function loadRole({ aws, state }: LoadContext, planned: IamRole): Promise<void> {
  const { name, path, description, assumeRolePolicy, permissionsBoundary, maxSessionDuration, tags } = planned
  const role = state.iam.roles.get(nameKey(aws.account, name))
  if (role === undefined) {
    await aws.call('iam', 'CreateRole', {
      RoleName: name,
      Path: path,
      Description: description,
      AssumeRolePolicyDocument: JSON.stringify(assumeRolePolicy),
      PermissionsBoundary: permissionsBoundary,
      MaxSessionDuration: maxSessionDuration,
      Tags: tagList(tags),
    })
    return
  }
  if (role.description !== description || role.maxSessionDuration !== maxSessionDuration) {
    const change = { RoleName: name, Description: description, MaxSessionDuration: maxSessionDuration }
    await aws.call('iam', 'UpdateRole', change)
  }
  if (!samePolicy(role.trust, assumeRolePolicy)) {
    const PolicyDocument = JSON.stringify(assumeRolePolicy)
    await aws.call('iam', 'UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument })
  }
  if (role.boundary !== permissionsBoundary) {
    await aws.call('iam', 'PutRolePermissionsBoundary', {
      RoleName: name,
      PermissionsBoundary: permissionsBoundary,
    })
  }
  const { gone, changed } = tagChanges(role.tags, tags)
  if (gone.length > 0) await aws.call('iam', 'UntagRole', { RoleName: name, TagKeys: gone })
  if (changed.length > 0) await aws.call('iam', 'TagRole', { RoleName: name, Tags: changed })
}

/** A changed document becomes the default version; the oldest other one makes room. */
export async function loadPolicy({ aws, state }: LoadContext, planned: IamPolicy): Promise<void> {
  const { name, path, arn, description, policy, tags } = planned
  const PolicyDocument = JSON.stringify(policy)
  const present = state.iam.policies.get([aws.account, arn])
  if (present === undefined) {
    await aws.call('iam', 'CreatePolicy', {
      PolicyName: name,
      Path: path,
      Description: description,
      PolicyDocument,
      Tags: tagList(tags),
    })
    return
  }
  const current = present.versions.find(({ id }) => id === present.defaultVersion)
  if (!samePolicy(current?.document, policy)) {
    const oldest = present.versions.find(({ id }) => id !== present.defaultVersion)
    if (present.versions.length === 5 && oldest !== undefined) {
      await aws.call('iam', 'DeletePolicyVersion', { PolicyArn: arn, VersionId: oldest.id })
    }
    await aws.call('iam', 'CreatePolicyVersion', { PolicyArn: arn, PolicyDocument, SetAsDefault: true })
  }
  const { gone, changed } = tagChanges(present.tags, tags)
  if (gone.length > 0) await aws.call('iam', 'UntagPolicy', { PolicyArn: arn, TagKeys: gone })
  if (changed.length > 0) await aws.call('iam', 'TagPolicy', { PolicyArn: arn, Tags: changed })
}

export async function loadAttachments(
  { aws, state }: LoadContext,
  planned: IamPolicyAttachments,
): Promise<void> {
  const { target, name, policyArns, exclusive } = planned
  const table = { user: state.iam.users, group: state.iam.groups, role: state.iam.roles }[target]
  const present = table.get(nameKey(aws.account, name))?.attached ?? []
  for (const PolicyArn of exclusive ? present.filter((arn) => !policyArns.includes(arn)) : []) {
    if (target === 'user') await aws.call('iam', 'DetachUserPolicy', { UserName: name, PolicyArn })
    else if (target === 'group') await aws.call('iam', 'DetachGroupPolicy', { GroupName: name, PolicyArn })
    else await aws.call('iam', 'DetachRolePolicy', { RoleName: name, PolicyArn })
  }
  for (const PolicyArn of policyArns.filter((arn) => !present.includes(arn))) {
    if (target === 'user') await aws.call('iam', 'AttachUserPolicy', { UserName: name, PolicyArn })
    else if (target === 'group') await aws.call('iam', 'AttachGroupPolicy', { GroupName: name, PolicyArn })
    else await aws.call('iam', 'AttachRolePolicy', { RoleName: name, PolicyArn })
  }
}

/** One key for each that the plan has of a user, in their order; `issueUserKey` gives those out that work. */
export async function loadAccessKey(
  { aws, plan, state, unissuedKeys }: LoadContext,
  { id, user, status = 'active' }: IamAccessKey,
): Promise<void> {
  const ofUser = plan.resources.filter((one) => one.type === 'iam.AccessKey' && one.user === user)
  const place = ofUser.findIndex((one) => one.id === id)
  if (state.iam.users.get(nameKey(aws.account, user))?.accessKeyIds[place] !== undefined) return
  const { AccessKey } = await aws.call('iam', 'CreateAccessKey', { UserName: user })
  const AccessKeyId = AccessKey?.AccessKeyId ?? ''
  if (status === 'active') unissuedKeys.add(AccessKeyId)
  else await aws.call('iam', 'UpdateAccessKey', { UserName: user, AccessKeyId, Status: 'Inactive' })
}

function tagChanges(present: Tags, planned: Tags) {
  const gone = Object.keys(present).filter((key) => planned[key] === undefined)
  const changed = Object.entries(planned).filter(([key, value]) => !sameValue(present[key], value))
  return { gone, changed: tagList(Object.fromEntries(changed)) }
}
