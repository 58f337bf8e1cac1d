import type { Policy, PolicyArgs } from '@pulumi/aws/organizations/policy.js'
import { paginateListTagsForResource, type PolicyType } from '@aws-sdk/client-organizations'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'

const gone = 'PolicyNotFoundException'

export const organizationsPolicy = resourceType<PolicyArgs, Policy>({
  token: 'aws:organizations/policy:Policy',
  arguments: {
    content: { kind: 'document', required: true },
    description: { kind: 'string' },
    name: { kind: 'string', required: true },
    tags: { kind: 'map' },
    type: { kind: 'string', replaces: true, default: 'SERVICE_CONTROL_POLICY' },
  },
  outputs: ['arn'],
  uniqueName: 'name',

  async create({ content, description, name, tags, type }, aws) {
    const { Policy: made } = await (
      await aws.organizations()
    ).createPolicy({
      Content: content,
      Description: description ?? '',
      Name: name,
      Tags: tagList(tags),
      Type: type as PolicyType,
    })
    return { id: made?.PolicySummary?.Id ?? '' }
  },

  async read(id, aws) {
    const client = await aws.organizations()
    const found = (await unlessGone(client.describePolicy({ PolicyId: id }), gone))?.Policy
    if (found === undefined) return undefined
    const { Arn, Description, Name, Type } = found.PolicySummary ?? {}
    const pages = paginateListTagsForResource({ client }, { ResourceId: id })
    const tags = await collect(pages, (page) => page.Tags)
    return {
      arn: Arn,
      content: found.Content,
      description: Description,
      name: Name,
      tags: tagMap(tags),
      type: Type,
    }
  },

  async update(id, { before, after, changed }, aws) {
    const organizations = await aws.organizations()
    if (changed('content') || changed('description') || changed('name')) {
      await organizations.updatePolicy({
        PolicyId: id,
        Content: after.content,
        Description: after.description ?? '',
        Name: after.name,
      })
    }
    const { gone: TagKeys, set: Tags } = tagChanges(before.tags, after.tags)
    if (TagKeys.length > 0) await organizations.untagResource({ ResourceId: id, TagKeys })
    if (Tags.length > 0) await organizations.tagResource({ ResourceId: id, Tags })
  },

  async delete(id, _known, aws) {
    await unlessGone((await aws.organizations()).deletePolicy({ PolicyId: id }), gone)
  },
})
