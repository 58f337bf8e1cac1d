import type { KmsAlias, KmsKey, KmsKeyPolicy } from '../../plan.js'
import { policyJson } from '../print-json.js'
import { logicalId } from './logical-id.js'
import type { Mapped, PlanIndex } from './mapped.js'
import { refuseExisting, tagList } from './mapped.js'

/** A key that is deleted takes the data with it, so it stays where its bucket stays. */
export function mapKey(key: KmsKey, index: PlanIndex): Mapped {
  return {
    as: 'resource',
    type: 'AWS::KMS::Key',
    properties: {
      Description: key.description,
      KeyPolicy: policyJson(key.policy),
      EnableKeyRotation: key.enableKeyRotation,
      PendingWindowInDays: key.deletionWindowInDays,
      Tags: tagList(key.tags),
    },
    retain: index.isKept(key),
  }
}

/** Policies and the bucket's encryption know the key by its alias, so it stays where the key stays. */
export function mapAlias(alias: KmsAlias, index: PlanIndex): Mapped {
  const made = index.has(alias.key)
  return {
    as: 'resource',
    type: 'AWS::KMS::Alias',
    properties: {
      AliasName: alias.name,
      TargetKeyId: made ? { Ref: logicalId(alias.key) } : alias.key,
    },
    retain: index.isKept(alias),
    ...(made ? { refersTo: alias.key } : {}),
  }
}

/** The policy of a key that exists already. */
export function mapKeyPolicy({ key }: KmsKeyPolicy): Mapped {
  return refuseExisting(`the key "${key}"`)
}
