import { takesTrustPolicy } from './action.js'
import type { Layers } from '../layers.js'
import { contextKey } from './context-keys.js'
import type { Evaluation } from './evaluation.js'
import { RESOURCE_CONTROL_SERVICES } from './switches.js'

/**
 * SCPs hold for the principals of member accounts, their root users included: not for AWS services, anonymous
 * requests, service-linked roles, or the management account. [Organizations guide, SCPs]
 */
export function serviceControlsApply(evaluation: Evaluation, layers: Layers): boolean {
  const { principal } = evaluation
  return (
    principal.isGoverned && principal.account !== layers.managementAccount && !evaluation.isServiceLinkedRole
  )
}

/**
 * RCPs hold for the resources of member accounts, for a list of services, whoever asks but service-linked
 * roles; not for AWS managed keys and `kms:RetireGrant`. [Organizations guide, RCPs]
 */
export function resourceControlsApply(evaluation: Evaluation, layers: Layers): boolean {
  const { action, resourceAccount, switches } = evaluation
  const services = switches.resourceControlServices ?? RESOURCE_CONTROL_SERVICES
  if (!services.includes(action.service) || action.id === 'kms:retiregrant') return false
  if (layers.managementAccount !== undefined && resourceAccount === layers.managementAccount) return false
  return !evaluation.isServiceLinkedRole && !isAwsManagedKey(evaluation)
}

const ALIAS_KEYS = [contextKey('kms:ResourceAliases'), contextKey('kms:RequestAlias')]

/** Its aliases start with `alias/aws/`. */
function isAwsManagedKey(evaluation: Evaluation): boolean {
  if (evaluation.action.service !== 'kms') return false
  if (/^arn:[^:]*:kms:[^:]*:[^:]*:alias\/aws\//.test(evaluation.resource)) return true
  const aliases = ALIAS_KEYS.flatMap((key) => evaluation.lookup(key))
  return aliases.some((alias) => typeof alias === 'string' && alias.startsWith('alias/aws/'))
}

const OWNER_ACTIONS = new Set(['s3:deletebucketpolicy', 's3:getbucketpolicy', 's3:putbucketpolicy'])

/**
 * The root user of a bucket's account may always read, replace and delete a bucket policy, even one that denies
 * it to him. [S3 API, DeleteBucketPolicy]
 */
export function resourceDeniesApply(evaluation: Evaluation): boolean {
  const { action, principal, resourceAccount } = evaluation
  return !(principal.kind === 'root' && principal.account === resourceAccount && OWNER_ACTIONS.has(action.id))
}

/**
 * `selfReliant`: the resource's policy must allow by itself even within the account (role trust policies, KMS
 * key policies). `ordinary`: identity policies may allow alone. [reference_policies_evaluation-logic; KMS guide,
 * key policies]
 */
export function resourceMode(evaluation: Evaluation, layers: Layers): 'selfReliant' | 'ordinary' {
  const { action, resource } = evaluation
  if (action.service === 'kms')
    return layers.resourcePolicy !== undefined || /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)
      ? 'selfReliant'
      : 'ordinary'
  return layers.resourcePolicy?.kind === 'trust' || takesTrustPolicy(action, resource)
    ? 'selfReliant'
    : 'ordinary'
}
