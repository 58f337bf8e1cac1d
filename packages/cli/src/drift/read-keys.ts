import { type AliasListEntry, type KMS, paginateListAliases, paginateListGrants } from '@aws-sdk/client-kms'
import { canonicalText, type Fact, present, tagFacts, type Thing } from '@ringfence/lifecycle'
import { collect } from '../offboard/read-user.js'
import type { DriftScope } from './scope.js'
import { mapSome } from './unless-gone.js'

/** What KMS says of ringfence's keys. */
export interface KeysFound {
  readonly facts: readonly Fact[]
  /** Ids of the keys, by which CloudTrail calls them. */
  readonly arns: ReadonlyMap<Thing, string>
  /** The ARN of the alias of one of them, given the key's id or ARN; anything else as it is. */
  readonly aliasOf: (key: string) => string
}

/** Reads the keys behind ringfence's aliases. One that waits for its deletion is gone. */
export async function readKeys(kms: KMS, scope: DriftScope): Promise<KeysFound> {
  const aliases = (await collect(paginateListAliases({ client: kms }, {}), (page) => page.Aliases)).filter(
    ({ AliasName = '' }) => AliasName.startsWith(scope.aliases) || scope.things.has(`key/${AliasName}`),
  )
  const arns = new Map<Thing, string>()
  const byKey = new Map<string, string>()
  for (const { AliasName = '', AliasArn = '', TargetKeyId = '' } of aliases) {
    arns.set(`key/${AliasName}`, TargetKeyId)
    byKey.set(TargetKeyId, AliasArn)
  }
  const facts = (await mapSome(aliases, (alias) => keyFacts(kms, alias))).flat()
  return { facts, arns, aliasOf: (key) => byKey.get(key.slice(key.lastIndexOf('/') + 1)) ?? key }
}

async function keyFacts(kms: KMS, alias: AliasListEntry): Promise<readonly Fact[]> {
  const thing: Thing = `key/${alias.AliasName ?? ''}`
  const KeyId = alias.TargetKeyId
  if (KeyId === undefined) return []
  const { KeyMetadata: key } = await kms.describeKey({ KeyId })
  if (key?.KeyState === 'PendingDeletion') return []
  const { Policy = '' } = await kms.getKeyPolicy({ KeyId, PolicyName: 'default' })
  const { Tags = [] } = await kms.listResourceTags({ KeyId })
  const { KeyRotationEnabled } = await kms.getKeyRotationStatus({ KeyId })
  const grants = await collect(paginateListGrants({ client: kms }, { KeyId }), (page) => page.Grants)
  return [
    { thing, aspect: 'exists', value: present },
    { thing, aspect: 'description', value: key?.Description ?? '' },
    { thing, aspect: 'document', value: canonicalText(Policy) },
    { thing, aspect: 'enabled', value: String(key?.Enabled ?? false) },
    { thing, aspect: 'rotation', value: String(KeyRotationEnabled ?? false) },
    ...tagFacts(thing, Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]))),
    ...grants.map(({ GrantId: name = '', GranteePrincipal = '' }): Fact => ({
      thing,
      aspect: 'keyGrant',
      name,
      value: GranteePrincipal,
    })),
  ]
}
