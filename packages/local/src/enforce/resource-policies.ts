import type { CompiledPolicy, Layers } from '@ringfence/policy'
import { isTrustRequest } from '@ringfence/policy'
import type { Requirement } from '../call.js'
import { nameKey } from '../iam/tables.js'
import { defaultKeyPolicy } from '../kms/default-key-policy.js'
import { accountOf, bucketArn } from './arns.js'
import type { CompiledPolicies } from './compiled-policies.js'
import type { ResourceView } from './resource-view.js'

/** The layers that belong to the resource: its policy and, for buckets, the public access block. */
export function resourceLayers(
  requirement: Requirement,
  view: ResourceView,
  compiled: CompiledPolicies,
): Pick<Layers, 'resourcePolicy' | 'publicAccessBlock'> {
  const { action, resource } = requirement
  if (resource.startsWith('arn:aws:s3:::')) return bucketLayers(resource, view, compiled)
  if (/^arn:aws:kms:[^:]*:\d{12}:key\//.test(resource)) {
    return { resourcePolicy: keyPolicy(resource, view, compiled) }
  }
  if (/^arn:aws:secretsmanager:[^:]*:\d{12}:secret:/.test(resource)) {
    return secretLayers(resource, view, compiled)
  }
  if (isTrustRequest(action.toLowerCase(), resource)) {
    return { resourcePolicy: trustPolicy(resource, view, compiled) }
  }
  return {}
}

function bucketLayers(arn: string, view: ResourceView, compiled: CompiledPolicies) {
  const path = arn.slice('arn:aws:s3:::'.length)
  const slash = path.indexOf('/')
  const bucket = view.bucket(slash < 0 ? path : path.slice(0, slash))
  if (bucket === undefined) return {}
  const { name, policy, publicAccessBlock } = bucket
  return {
    publicAccessBlock,
    ...(policy === undefined ? {} : { resourcePolicy: compiled.get('resource', bucketArn(name), policy) }),
  }
}

/** Where there is no such key the account's IAM policies decide, so that its callers learn that. */
function keyPolicy(arn: string, view: ResourceView, compiled: CompiledPolicies): CompiledPolicy {
  const [, , , region = '', account = ''] = arn.split(':')
  const key = view.kmsKey(arn, account, region)
  if (key === undefined) return compiled.get('resource', arn, defaultKeyPolicy(account))
  const [alias] = view.kmsAliases(key)
  const name = alias === undefined ? arn : `arn:aws:kms:${region}:${account}:${alias}`
  return compiled.get('resource', name, key.policy)
}

/** Decisions call the policy of a secret by its ARN without the characters that AWS adds, as plans do. */
function secretLayers(arn: string, view: ResourceView, compiled: CompiledPolicies) {
  const [, , , region = '', account = ''] = arn.split(':')
  const secret = view.secret(arn, account, region)
  if (secret?.policy === undefined) return {}
  return { resourcePolicy: compiled.get('resource', arn.slice(0, -'-??????'.length), secret.policy) }
}

/** The trust policy of a role, if there is such a role. */
export function trustPolicy(
  arn: string,
  view: Pick<ResourceView, 'iam'>,
  compiled: CompiledPolicies,
): CompiledPolicy | undefined {
  const role = view.iam.roles.get(nameKey(accountOf(arn), arn.slice(arn.lastIndexOf('/') + 1)))
  return role?.arn === arn ? compiled.get('trust', role.arn, role.trust) : undefined
}
