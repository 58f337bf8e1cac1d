import type { KmsAlias, KmsKey, KmsKeyPolicy } from '../../plan.js'
import type { Block, PlanIndex } from './block.js'
import { policyText } from './block.js'
import { Expression } from './expression.js'
import { identifier } from './identifier.js'

/** A key that is deleted takes the data with it, so it is kept where its bucket is kept. */
export function mapKey(key: KmsKey, index: PlanIndex): Block {
  return {
    type: 'aws_kms_key',
    id: key.id,
    dependsOn: key.dependsOn,
    arguments: {
      description: key.description,
      policy: policyText(key.policy),
      enable_key_rotation: key.enableKeyRotation,
      deletion_window_in_days: key.deletionWindowInDays,
      tags: key.tags,
    },
    preventDestroy: index.isKept(key),
  }
}

export function mapAlias({ id, dependsOn, name, key }: KmsAlias, index: PlanIndex): Block {
  return {
    type: 'aws_kms_alias',
    id,
    dependsOn,
    arguments: {
      name,
      target_key_id: index.has(key) ? new Expression(`aws_kms_key.${identifier(key)}.key_id`) : key,
    },
  }
}

/** The policy of a key that exists already. */
export function mapKeyPolicy({ id, dependsOn, key, policy }: KmsKeyPolicy): Block {
  return { type: 'aws_kms_key_policy', id, dependsOn, arguments: { key_id: key, policy: policyText(policy) } }
}
