import type { User, UserArgs } from '@pulumi/aws/iam/user.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'
import { deleteCredentials, leaveGroups } from './user-belongings.js'

export const iamUser = resourceType<UserArgs, User>({
  token: 'aws:iam/user:User',
  arguments: {
    forceDestroy: { kind: 'boolean', default: false },
    name: { kind: 'string', required: true, fixed: true },
    path: { kind: 'string', default: '/' },
    permissionsBoundary: { kind: 'string' },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'uniqueId'],
  uniqueName: 'name',

  async create({ name = '', path, permissionsBoundary, tags }, aws) {
    await (
      await aws.iam()
    ).createUser({
      UserName: name,
      Path: path,
      PermissionsBoundary: permissionsBoundary,
      Tags: tagList(tags),
    })
    return { id: name }
  },

  async read(id, aws) {
    const user = (await unlessGone((await aws.iam()).getUser({ UserName: id }), 'NoSuchEntityException'))
      ?.User
    return (
      user && {
        arn: user.Arn,
        name: user.UserName,
        path: user.Path,
        permissionsBoundary: user.PermissionsBoundary?.PermissionsBoundaryArn,
        tags: tagMap(user.Tags),
        uniqueId: user.UserId,
      }
    )
  },

  async update(id, { before, after, changed }, aws) {
    const iam = await aws.iam()
    if (changed('path')) await iam.updateUser({ UserName: id, NewPath: after.path })
    if (changed('permissionsBoundary')) {
      const boundary = after.permissionsBoundary ?? ''
      if (boundary === '') await iam.deleteUserPermissionsBoundary({ UserName: id })
      else await iam.putUserPermissionsBoundary({ UserName: id, PermissionsBoundary: boundary })
    }
    const { gone, set } = tagChanges(before.tags, after.tags)
    if (gone.length > 0) await iam.untagUser({ UserName: id, TagKeys: gone })
    if (set.length > 0) await iam.tagUser({ UserName: id, Tags: set })
  },

  /** As the provider does: groups are left always, and credentials of others' making go only when asked for. */
  async delete(id, { forceDestroy }, aws) {
    const iam = await aws.iam()
    await leaveGroups(iam, id)
    if (forceDestroy === true) await deleteCredentials(iam, id)
    await unlessGone(iam.deleteUser({ UserName: id }), 'NoSuchEntityException')
  },
})
