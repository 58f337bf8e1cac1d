import type { StateResource } from '@ringfence/pulumi/deploy'
import type { InProcessAws } from './in-process-aws.js'
import type { SeededFault } from './small-life.js'

/**
 * What an interrupted creation left of a resource, as the command finds it: access keys are deleted, since nobody got to
 * know their secrets, and a KMS key is found by its tags. `known`: the ids of everything else in the state.
 */
export async function findLeftOver(
  { inputs, type }: StateResource,
  known: ReadonlySet<string | undefined>,
  aws: InProcessAws,
  { leaves }: Pick<SeededFault, 'leaves'>,
): Promise<string | undefined> {
  if (type === 'aws:iam/accessKey:AccessKey' && leaves !== 'accessKeys') {
    const UserName = String(inputs?.['user'])
    const iam = await aws.iam()
    const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName })
    for (const { AccessKeyId } of AccessKeyMetadata)
      if (!known.has(AccessKeyId)) await iam.deleteAccessKey({ UserName, AccessKeyId })
  }
  if (type !== 'aws:kms/key:Key' || leaves === 'kmsKeys') return undefined
  const tags = Object.entries((inputs?.['tags'] ?? {}) as Readonly<Record<string, string>>)
  const kms = await aws.kms()
  const { Keys = [] } = await kms.listKeys({})
  for (const { KeyId } of Keys) {
    if (known.has(KeyId)) continue
    const { Tags = [] } = await kms.listResourceTags({ KeyId })
    const found = new Map(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]))
    const { KeyMetadata } = await kms.describeKey({ KeyId })
    const { Aliases = [] } = await kms.listAliases({ KeyId })
    const isOfAlias = Aliases.length > 0 || KeyMetadata?.Enabled !== true
    if (!isOfAlias && tags.every(([name, value]) => found.get(name) === value)) return KeyId
  }
  return undefined
}
