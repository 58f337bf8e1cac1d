import { paginateListAliases, paginateListKeys } from '@aws-sdk/client-kms'
import { collect, type Aws } from '../pulumi-resource-aws/aws.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'
import type { Tags } from '../pulumi-resource-aws/tags.js'
import { sorted } from './iam-state.js'

export interface KeyState {
  readonly description: string | undefined
  readonly enabled: boolean | undefined
  readonly policy: unknown
  readonly rotation: boolean | undefined
  readonly tags: Tags
}

/** All keys that are no service's own, and how to call a key by its alias, given its id or its ARN. */
export async function keyState(
  aws: Aws,
): Promise<{ keys: Record<string, KeyState>; aliasOf: (key: string) => string }> {
  const kms = await aws.kms()
  const aliases = await collect(paginateListAliases({ client: kms }, {}), (page) => page.Aliases)
  const names = new Map(aliases.map(({ TargetKeyId = '', AliasName = '' }) => [TargetKeyId, AliasName]))
  const keys: [string, KeyState][] = []
  let nameless = 0
  for (const { KeyId = '' } of await collect(paginateListKeys({ client: kms }, {}), (page) => page.Keys)) {
    const { KeyMetadata: key } = await kms.describeKey({ KeyId })
    if (key?.KeyManager === 'AWS' || key?.KeyState === 'PendingDeletion') continue
    const { Tags = [] } = await kms.listResourceTags({ KeyId })
    const policy = (await kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).Policy ?? ''
    if (!names.has(KeyId)) nameless += 1
    keys.push([
      names.get(KeyId) ?? `without alias ${nameless}`,
      {
        description: key?.Description,
        enabled: key?.Enabled,
        policy: canonicalDocument(policy),
        rotation: (await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled,
        tags: sorted(Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]))),
      },
    ])
  }
  const aliasOf = (key: string) => {
    const name = key.replace(/^arn:[^/]*:(?=alias\/|key\/)/, '').replace(/^key\//, '')
    return names.get(name) ?? name
  }
  return { keys: sorted(Object.fromEntries(keys)), aliasOf }
}
