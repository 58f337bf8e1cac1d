import type { Role, RoleArgs } from '@pulumi/aws/iam/role.js'
import { paginateListInstanceProfilesForRole, type IAM } from '@aws-sdk/client-iam'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'
import { attachedPolicies, deleteInlinePolicy, detachPolicy, inlinePolicies } from './principals.js'

const gone = 'NoSuchEntityException'

export const iamRole = resourceType<RoleArgs, Role>({
  token: 'aws:iam/role:Role',
  arguments: {
    assumeRolePolicy: { kind: 'document', required: true },
    description: { kind: 'string' },
    forceDetachPolicies: { kind: 'boolean', default: false },
    maxSessionDuration: { kind: 'number', default: 3600 },
    name: { kind: 'string', required: true, replaces: true },
    path: { kind: 'string', replaces: true, default: '/' },
    permissionsBoundary: { kind: 'string' },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'createDate', 'managedPolicyArns', 'uniqueId'],
  uniqueName: 'name',

  async create(inputs, aws) {
    const { assumeRolePolicy, description, maxSessionDuration, name = '', path, permissionsBoundary } = inputs
    await (
      await aws.iam()
    ).createRole({
      RoleName: name,
      Path: path,
      AssumeRolePolicyDocument: assumeRolePolicy,
      Description: description,
      MaxSessionDuration: maxSessionDuration,
      PermissionsBoundary: permissionsBoundary,
      Tags: tagList(inputs.tags),
    })
    return { id: name }
  },

  async read(id, aws) {
    const iam = await aws.iam()
    const role = (await unlessGone(iam.getRole({ RoleName: id }), gone))?.Role
    if (role === undefined) return undefined
    return {
      arn: role.Arn,
      assumeRolePolicy: decodeURIComponent(role.AssumeRolePolicyDocument ?? ''),
      createDate: role.CreateDate?.toISOString(),
      description: role.Description ?? '',
      managedPolicyArns: (await attachedPolicies(iam, 'role', id)).toSorted(),
      maxSessionDuration: role.MaxSessionDuration,
      name: role.RoleName,
      path: role.Path,
      permissionsBoundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
      tags: tagMap(role.Tags),
      uniqueId: role.RoleId,
    }
  },

  async update(id, { before, after, changed }, aws) {
    const iam = await aws.iam()
    if (changed('assumeRolePolicy'))
      await iam.updateAssumeRolePolicy({ RoleName: id, PolicyDocument: after.assumeRolePolicy })
    if (changed('description') || changed('maxSessionDuration')) {
      const MaxSessionDuration = after.maxSessionDuration
      await iam.updateRole({ RoleName: id, Description: after.description ?? '', MaxSessionDuration })
    }
    if (changed('permissionsBoundary')) {
      const boundary = after.permissionsBoundary ?? ''
      if (boundary === '') await iam.deleteRolePermissionsBoundary({ RoleName: id })
      else await iam.putRolePermissionsBoundary({ RoleName: id, PermissionsBoundary: boundary })
    }
    const { gone: keys, set } = tagChanges(before.tags, after.tags)
    if (keys.length > 0) await iam.untagRole({ RoleName: id, TagKeys: keys })
    if (set.length > 0) await iam.tagRole({ RoleName: id, Tags: set })
  },

  /** As the provider does: policies of others' making go only when asked for. */
  async delete(id, { forceDetachPolicies }, aws) {
    const iam = await aws.iam()
    await unlessGone(leaveInstanceProfiles(iam, id), gone)
    if (forceDetachPolicies === true) await unlessGone(dropPolicies(iam, id), gone)
    await unlessGone(iam.deleteRole({ RoleName: id }), gone)
  },
})

async function leaveInstanceProfiles(iam: IAM, role: string): Promise<void> {
  const pages = paginateListInstanceProfilesForRole({ client: iam }, { RoleName: role })
  for (const { InstanceProfileName } of await collect(pages, (page) => page.InstanceProfiles))
    await unlessGone(iam.removeRoleFromInstanceProfile({ InstanceProfileName, RoleName: role }), gone)
}

async function dropPolicies(iam: IAM, role: string): Promise<void> {
  for (const arn of await attachedPolicies(iam, 'role', role)) await detachPolicy(iam, 'role', role, arn)
  for (const name of await inlinePolicies(iam, 'role', role))
    await deleteInlinePolicy(iam, 'role', role, name)
}
