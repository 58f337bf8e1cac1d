import type { Alias, AliasArgs } from '@pulumi/aws/kms/alias.js'
import { paginateListAliases } from '@aws-sdk/client-kms'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

export const kmsAlias = resourceType<AliasArgs, Alias>({
  token: 'aws:kms/alias:Alias',
  arguments: {
    name: { kind: 'string', required: true, replaces: true },
    targetKeyId: {
      kind: 'string',
      required: true,
      // A key's id and its ARN are the same key.
      same: (one, other) => keyIdOf(one) === keyIdOf(other),
    },
  },
  outputs: ['arn', 'targetKeyArn'],
  uniqueName: 'name',

  async create({ name = '', targetKeyId }, aws) {
    await (await aws.kms()).createAlias({ AliasName: name, TargetKeyId: targetKeyId })
    return { id: name }
  },
  async read(id, aws) {
    const client = await aws.kms()
    const aliases = await collect(paginateListAliases({ client }, {}), (page) => page.Aliases)
    const alias = aliases.find(({ AliasName }) => AliasName === id)
    const arn = alias?.AliasArn
    if (alias === undefined || arn === undefined) return undefined
    const targetKeyArn = `${arn.slice(0, arn.indexOf(':alias/'))}:key/${alias.TargetKeyId ?? ''}`
    return { name: id, targetKeyId: alias.TargetKeyId, arn, targetKeyArn }
  },
  async update(id, { after }, aws) {
    await (await aws.kms()).updateAlias({ AliasName: id, TargetKeyId: after.targetKeyId })
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.kms()).deleteAlias({ AliasName: id }), 'NotFoundException')
  },
})

function keyIdOf(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1)
}
