import type { Group, GroupArgs } from '@pulumi/aws/iam/group.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

export const iamGroup = resourceType<GroupArgs, Group>({
  token: 'aws:iam/group:Group',
  arguments: {
    name: { kind: 'string', required: true, fixed: true },
    path: { kind: 'string', default: '/' },
  },
  outputs: ['arn', 'uniqueId'],
  uniqueName: 'name',

  async create({ name = '', path }, aws) {
    await (await aws.iam()).createGroup({ GroupName: name, Path: path })
    return { id: name }
  },
  async read(id, aws) {
    const iam = await aws.iam()
    const group = (await unlessGone(iam.getGroup({ GroupName: id }), 'NoSuchEntityException'))?.Group
    return group && { arn: group.Arn, name: group.GroupName, path: group.Path, uniqueId: group.GroupId }
  },
  async update(id, { after }, aws) {
    await (await aws.iam()).updateGroup({ GroupName: id, NewPath: after.path })
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.iam()).deleteGroup({ GroupName: id }), 'NoSuchEntityException')
  },
})
