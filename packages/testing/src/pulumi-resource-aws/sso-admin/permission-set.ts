import { paginateListTagsForResource } from '@aws-sdk/client-sso-admin'
import type { PermissionSet, PermissionSetArgs } from '@pulumi/aws/ssoadmin/permissionSet.js'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'
import { gone, provisionSet } from './statuses.js'

export const ssoPermissionSet = resourceType<PermissionSetArgs, PermissionSet>({
  token: 'aws:ssoadmin/permissionSet:PermissionSet',
  arguments: {
    description: { kind: 'string' },
    instanceArn: { kind: 'string', required: true, replaces: true },
    name: { kind: 'string', required: true, replaces: true },
    sessionDuration: { kind: 'string', default: 'PT1H' },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'createdDate'],
  uniqueName: 'name',

  async create({ description, instanceArn, name, sessionDuration, tags }, aws) {
    const { PermissionSet: made } = await (
      await aws.ssoAdmin()
    ).createPermissionSet({
      InstanceArn: instanceArn,
      Name: name,
      SessionDuration: sessionDuration,
      ...(description === undefined ? {} : { Description: description }),
      ...(tags === undefined ? {} : { Tags: tagList(tags) }),
    })
    return { id: `${made?.PermissionSetArn},${instanceArn}` }
  },

  async read(id, aws, { instanceArn }) {
    const sso = await aws.ssoAdmin()
    const [PermissionSetArn = ''] = id.split(',')
    const described = sso.describePermissionSet({ InstanceArn: instanceArn, PermissionSetArn })
    const found = (await unlessGone(described, gone))?.PermissionSet
    if (found === undefined) return undefined
    const pages = paginateListTagsForResource(
      { client: sso },
      { InstanceArn: instanceArn, ResourceArn: PermissionSetArn },
    )
    return {
      arn: PermissionSetArn,
      createdDate: found.CreatedDate?.toISOString(),
      description: found.Description,
      instanceArn,
      name: found.Name,
      sessionDuration: found.SessionDuration,
      tags: tagMap(await collect(pages, (page) => page.Tags)),
    }
  },

  async update(id, { before, after, changed }, aws) {
    const sso = await aws.ssoAdmin()
    const [permissionSetArn = ''] = id.split(',')
    const { instanceArn, description, sessionDuration } = after
    const one = { InstanceArn: instanceArn, PermissionSetArn: permissionSetArn }
    if (changed('description') || changed('sessionDuration')) {
      await sso.updatePermissionSet({
        ...one,
        SessionDuration: sessionDuration,
        ...(description === undefined ? {} : { Description: description }),
      })
      await provisionSet(sso, { instanceArn, permissionSetArn })
    }
    const { gone: TagKeys, set: Tags } = tagChanges(before.tags, after.tags)
    const tagged = { InstanceArn: instanceArn, ResourceArn: permissionSetArn }
    if (TagKeys.length > 0) await sso.untagResource({ ...tagged, TagKeys })
    if (Tags.length > 0) await sso.tagResource({ ...tagged, Tags })
  },

  async delete(id, { instanceArn }, aws) {
    const [PermissionSetArn = ''] = id.split(',')
    await unlessGone(
      (await aws.ssoAdmin()).deletePermissionSet({ InstanceArn: instanceArn, PermissionSetArn }),
      gone,
    )
  },
})
