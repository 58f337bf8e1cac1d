import type { Secret, SecretArgs } from '@pulumi/aws/secretsmanager/secret.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagChanges, tagList, tagMap } from '../tags.js'

const gone = 'ResourceNotFoundException'

export const secret = resourceType<SecretArgs, Secret>({
  token: 'aws:secretsmanager/secret:Secret',
  arguments: {
    description: { kind: 'string' },
    name: { kind: 'string', required: true, replaces: true },
    recoveryWindowInDays: { kind: 'number', default: 30 },
    tags: { kind: 'map' },
  },
  outputs: ['arn'],
  uniqueName: 'name',

  async create({ description, name, tags }, aws) {
    const client = await aws.secretsManager()
    const { ARN = '' } = await client.createSecret({
      Name: name,
      Description: description,
      Tags: tagList(tags),
    })
    return { id: ARN }
  },

  async read(id, aws) {
    const client = await aws.secretsManager()
    const found = await unlessGone(client.describeSecret({ SecretId: id }), gone)
    if (found === undefined || found.DeletedDate !== undefined) return undefined
    return { arn: found.ARN, description: found.Description, name: found.Name, tags: tagMap(found.Tags) }
  },

  async update(id, { before, after, changed }, aws) {
    const client = await aws.secretsManager()
    if (changed('description'))
      await client.updateSecret({ SecretId: id, Description: after.description ?? '' })
    if (!changed('tags')) return
    const { gone: TagKeys, set } = tagChanges(before.tags, after.tags)
    if (TagKeys.length > 0) await client.untagResource({ SecretId: id, TagKeys })
    if (set.length > 0) await client.tagResource({ SecretId: id, Tags: set })
  },

  async delete(id, { recoveryWindowInDays }, aws) {
    const client = await aws.secretsManager()
    const how =
      recoveryWindowInDays === 0
        ? { ForceDeleteWithoutRecovery: true }
        : { RecoveryWindowInDays: recoveryWindowInDays }
    await unlessGone(client.deleteSecret({ SecretId: id, ...how }), gone)
  },
})
