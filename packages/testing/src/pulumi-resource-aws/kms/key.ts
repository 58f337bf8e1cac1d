import type { Key, KeyArgs } from '@pulumi/aws/kms/key.js'
import type { KMS } from '@aws-sdk/client-kms'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

const noSuchKey = 'NotFoundException'

export const kmsKey = resourceType<KeyArgs, Key>({
  token: 'aws:kms/key:Key',
  arguments: {
    bypassPolicyLockoutSafetyCheck: { kind: 'boolean', default: false },
    deletionWindowInDays: { kind: 'number' },
    description: { kind: 'string', computed: true },
    enableKeyRotation: { kind: 'boolean', default: false },
    policy: { kind: 'document', computed: true },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'customerMasterKeySpec', 'isEnabled', 'keyId', 'keyUsage', 'multiRegion'],

  async create({ bypassPolicyLockoutSafetyCheck, description, enableKeyRotation, policy, tags }, aws) {
    const kms = await aws.kms()
    const { KeyMetadata } = await kms.createKey({
      BypassPolicyLockoutSafetyCheck: bypassPolicyLockoutSafetyCheck,
      Description: description,
      Policy: policy,
      Tags: kmsTags(tags ?? {}),
    })
    const id = KeyMetadata?.KeyId ?? ''
    return {
      id,
      finish: async () => {
        if (enableKeyRotation === true) await kms.enableKeyRotation({ KeyId: id })
      },
    }
  },

  async read(id, aws) {
    const kms = await aws.kms()
    const key = (await unlessGone(kms.describeKey({ KeyId: id }), noSuchKey))?.KeyMetadata
    if (key === undefined || key.KeyState === 'PendingDeletion') return undefined
    return {
      arn: key.Arn,
      customerMasterKeySpec: key.CustomerMasterKeySpec,
      description: key.Description,
      enableKeyRotation: (await kms.getKeyRotationStatus({ KeyId: id })).KeyRotationEnabled,
      isEnabled: key.Enabled,
      keyId: key.KeyId,
      keyUsage: key.KeyUsage,
      multiRegion: key.MultiRegion,
      policy: (await kms.getKeyPolicy({ KeyId: id, PolicyName: 'default' })).Policy,
      tags: await readTags(kms, id),
    }
  },

  async update(id, { before, after, changed }, aws) {
    const kms = await aws.kms()
    if (changed('description'))
      await kms.updateKeyDescription({ KeyId: id, Description: after.description ?? '' })
    if (changed('policy') && after.policy !== undefined) {
      const BypassPolicyLockoutSafetyCheck = after.bypassPolicyLockoutSafetyCheck
      await kms.putKeyPolicy({ KeyId: id, Policy: after.policy, BypassPolicyLockoutSafetyCheck })
    }
    if (changed('enableKeyRotation')) {
      if (after.enableKeyRotation === true) await kms.enableKeyRotation({ KeyId: id })
      else await kms.disableKeyRotation({ KeyId: id })
    }
    if (!changed('tags')) return
    const next = after.tags ?? {}
    const gone = Object.keys(before.tags ?? {}).filter((key) => next[key] === undefined)
    if (gone.length > 0) await kms.untagResource({ KeyId: id, TagKeys: gone })
    if (Object.keys(next).length > 0) await kms.tagResource({ KeyId: id, Tags: kmsTags(next) })
  },

  async delete(id, { deletionWindowInDays }, aws) {
    // Without a window AWS takes 30 days. A key that waits for its end is refused by its state.
    const PendingWindowInDays = deletionWindowInDays
    const kms = await aws.kms()
    const state = (await unlessGone(kms.describeKey({ KeyId: id }), noSuchKey))?.KeyMetadata?.KeyState
    if (state === undefined || state === 'PendingDeletion') return
    await kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays })
  },
})

function kmsTags(tags: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
}

async function readTags(kms: KMS, id: string): Promise<Record<string, string>> {
  // A resource has at most 50 tags, which one page holds.
  const { Tags = [] } = await kms.listResourceTags({ KeyId: id })
  return Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue]))
}
