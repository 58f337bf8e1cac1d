import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import { under } from '../iam/tables.js'
import { notFound } from './errors.js'
import type { KmsDeps, KmsOperations } from './operation.js'
import { getKey, getLivingKey, putKey, required } from './operation.js'
import { kmsPage } from './pages.js'
import type { KmsAliasRecord } from './records.js'
import type { KmsTables } from './tables.js'
import { readKmsTags } from './tags.js'

export const aliasOperations = {
  CreateAlias(input, call, deps) {
    const name = checkAliasName(input.AliasName)
    return deps.write(() => {
      const { account } = call.caller
      const arn = `arn:aws:kms:${call.region}:${account}:${name}`
      if (deps.tables.aliases.get([account, call.region, name]) !== undefined) {
        throw new AwsError('AlreadyExistsException', `An alias with the name ${arn} already exists`, 400)
      }
      const key = ownKey(deps, call, input.TargetKeyId)
      putAlias(deps.tables, {
        account,
        region: call.region,
        name,
        arn,
        keyId: key.id,
        createdMs: call.timeMs,
        updatedMs: call.timeMs,
      })
      return {}
    })
  },

  UpdateAlias(input, call, deps) {
    return deps.write(() => {
      const alias = getAlias(deps.tables, call, input.AliasName)
      const key = ownKey(deps, call, input.TargetKeyId)
      deps.tables.aliasesByKey.delete([alias.account, alias.region, alias.keyId, alias.name])
      putAlias(deps.tables, { ...alias, keyId: key.id, updatedMs: call.timeMs })
      return {}
    })
  },

  DeleteAlias(input, call, { tables, write }) {
    return write(() => {
      const alias = getAlias(tables, call, input.AliasName)
      tables.aliases.delete([alias.account, alias.region, alias.name])
      tables.aliasesByKey.delete([alias.account, alias.region, alias.keyId, alias.name])
      return {}
    })
  },

  ListAliases(input, call, deps) {
    const { account } = call.caller
    const wanted = input.KeyId === undefined ? undefined : getKey(deps, call, input.KeyId).id
    const all = [...under(deps.tables.aliases, [account, call.region])].map(({ value }) => value)
    const { items, ...rest } = kmsPage(
      all.filter(({ keyId }) => wanted === undefined || keyId === wanted),
      input,
      ({ name }) => name,
    )
    const Aliases = items.map((alias) => ({
      AliasName: alias.name,
      AliasArn: alias.arn,
      TargetKeyId: alias.keyId,
      CreationDate: new Date(alias.createdMs),
      LastUpdatedDate: new Date(alias.updatedMs),
    }))
    return { Aliases, ...rest }
  },

  TagResource(input, call, deps) {
    return deps.write(() => {
      const key = getLivingKey(deps, call, input.KeyId)
      putKey(deps.tables, { ...key, tags: readKmsTags(input.Tags, key.tags) })
      return {}
    })
  },

  UntagResource(input, call, deps) {
    return deps.write(() => {
      const key = getLivingKey(deps, call, input.KeyId)
      const gone = new Set(input.TagKeys)
      const tags = Object.fromEntries(Object.entries(key.tags).filter(([name]) => !gone.has(name)))
      putKey(deps.tables, { ...key, tags })
      return {}
    })
  },

  ListResourceTags(input, call, deps) {
    const { tags } = getKey(deps, call, input.KeyId)
    const { items, ...rest } = kmsPage(Object.entries(tags), input, ([key]) => key)
    return { Tags: items.map(([TagKey, TagValue]) => ({ TagKey, TagValue })), ...rest }
  },
} satisfies KmsOperations

export function putAlias(tables: KmsTables, alias: KmsAliasRecord): void {
  tables.aliases.put([alias.account, alias.region, alias.name], alias)
  tables.aliasesByKey.put([alias.account, alias.region, alias.keyId, alias.name], true)
}

function getAlias(tables: KmsTables, call: Call, name: string | undefined): KmsAliasRecord {
  const { account } = call.caller
  const alias = tables.aliases.get([account, call.region, required(name, 'aliasName')])
  if (alias !== undefined) return alias
  throw notFound(`Alias arn:aws:kms:${call.region}:${account}:${name} is not found.`)
}

/** An alias and its key are in one account and region. */
function ownKey(deps: KmsDeps, call: Call, id: string | undefined) {
  const key = getLivingKey(deps, call, id)
  if (key.account === call.caller.account && key.region === call.region) return key
  throw notFound(`Key '${key.arn}' does not exist`)
}

function checkAliasName(name: string | undefined): string {
  const wanted = required(name, 'aliasName')
  if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(wanted)) {
    throw new AwsError('InvalidAliasNameException', `Invalid alias name: ${wanted}`, 400)
  }
  if (wanted.startsWith('alias/aws/')) {
    throw new AwsError('NotAuthorizedException', `Alias ${wanted} is reserved for AWS managed keys`, 400)
  }
  return wanted
}
