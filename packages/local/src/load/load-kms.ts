import type { KmsAlias, KmsKey, KmsKeyPolicy } from '@ringfence/plan'
import { findKey } from '../kms/tables.js'
import type { LoadContext } from './load-context.js'
import { samePolicy, sameValue } from './load-context.js'

/** The key that an earlier load made for this plan, or that its alias names already; else a new one. */
export async function loadKey(context: LoadContext, planned: KmsKey): Promise<void> {
  const { aws, plannedKeys, plan, region, state, write } = context
  const Policy = JSON.stringify(planned.policy)
  const place = [aws.account, region, plan.organization, planned.id]
  const alias = plan.resources.find((one) => one.type === 'kms.Alias' && one.key === planned.id)
  const named = alias?.type === 'kms.Alias' ? findKey(state.kms, alias.name, aws.account, region) : undefined
  const known = plannedKeys.get(place)
  const key = named ?? (known === undefined ? undefined : findKey(state.kms, known, aws.account, region))
  if (key === undefined || key.state === 'PendingDeletion') {
    const { KeyMetadata } = await aws.call('kms', 'CreateKey', {
      Description: planned.description,
      Policy,
      Tags: kmsTags(planned.tags),
      // Who makes the key need not be one of those who may change it.
      BypassPolicyLockoutSafetyCheck: true,
    })
    const id = KeyMetadata?.KeyId ?? ''
    await aws.call('kms', 'EnableKeyRotation', { KeyId: id })
    await write(() => plannedKeys.put(place, id))
    return
  }
  await write(() => plannedKeys.put(place, key.id))
  if (key.description !== planned.description) {
    await aws.call('kms', 'UpdateKeyDescription', { KeyId: key.id, Description: planned.description })
  }
  if (!key.rotation) await aws.call('kms', 'EnableKeyRotation', { KeyId: key.id })
  const gone = Object.keys(key.tags).filter((tag) => planned.tags[tag] === undefined)
  if (gone.length > 0) await aws.call('kms', 'UntagResource', { KeyId: key.id, TagKeys: gone })
  if (!sameValue({ ...key.tags, ...planned.tags }, key.tags)) {
    await aws.call('kms', 'TagResource', { KeyId: key.id, Tags: kmsTags(planned.tags) })
  }
  if (samePolicy(key.policy, planned.policy)) return
  await aws.call('kms', 'PutKeyPolicy', { KeyId: key.id, Policy, BypassPolicyLockoutSafetyCheck: true })
}

export async function loadAlias(context: LoadContext, planned: KmsAlias): Promise<void> {
  const { aws, plannedKeys, plan, region, state } = context
  const existing = keyIdOf(planned.key)
  const keyId = existing ?? plannedKeys.get([aws.account, region, plan.organization, planned.key])
  if (keyId === undefined) throw new Error(`${planned.id}: ${planned.key} comes after it in the plan`)
  const present = state.kms.aliases.get([aws.account, region, planned.name])
  if (present?.keyId === keyId) return
  const operation = present === undefined ? 'CreateAlias' : 'UpdateAlias'
  await aws.call('kms', operation, { AliasName: planned.name, TargetKeyId: keyId })
}

/** The policy of a key that was there before the plan. */
export async function loadKeyPolicy(context: LoadContext, { key, policy }: KmsKeyPolicy): Promise<void> {
  const { aws, region, state } = context
  const present = findKey(state.kms, key, aws.account, region)
  if (samePolicy(present?.policy, policy)) return
  const Policy = JSON.stringify(policy)
  await aws.call('kms', 'PutKeyPolicy', { KeyId: key, Policy, BypassPolicyLockoutSafetyCheck: true })
}

/** Of the ARN of a key; undefined for the id of a resource of a plan. */
function keyIdOf(key: string): string | undefined {
  return /^arn:aws:kms:[^:]*:\d{12}:key\/(.+)$/.exec(key)?.[1]
}

function kmsTags(tags: Readonly<Record<string, string>>): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
}
