import type {
  BucketPolicy,
  BucketPublicAccessBlock,
  KmsAlias,
  Plan,
  PolicyDocument,
  Secret,
} from '@ringfence/plan'
import type { AccountResource, Unknown } from './account.js'
import type { PlanIndex } from './plan-index.js'
import { accessBlockOf, declaredOf, namedPolicy } from './plan-index.js'

/** The buckets, keys and secrets of a plan, made by it or there already, each with the policy that the plan gives it. */
export function resourcesOfPlan(index: PlanIndex, unknowns: Unknown[]): AccountResource[] {
  const { plan } = index
  const policies = new Map<string, BucketPolicy>()
  const blocks = new Map<string, BucketPublicAccessBlock>()
  const keyPolicies = new Map<string, PolicyDocument>()
  const secretPolicies = new Map<string, PolicyDocument>()
  for (const resource of plan.resources) {
    if (resource.type === 's3.BucketPolicy') policies.set(resource.bucket, resource)
    else if (resource.type === 's3.BucketPublicAccessBlock') blocks.set(resource.bucket, resource)
    else if (resource.type === 'kms.Key') keyPolicies.set(resource.id, resource.policy)
    else if (resource.type === 'kms.KeyPolicy') keyPolicies.set(resource.key, resource.policy)
    else if (resource.type === 'secretsmanager.SecretPolicy')
      secretPolicies.set(resource.secret, resource.policy)
  }
  const bucket = (name: string, arn: string, declared: string): AccountResource => {
    const policy = policies.get(name)
    const block = blocks.get(name)
    return {
      kind: 'bucket',
      arn,
      name,
      policy: policy && namedPolicy(arn, policy.policy, index),
      publicAccessBlock: block && accessBlockOf(block),
      declared,
      declaredAt: block?.declaredAt,
    }
  }
  const resources: AccountResource[] = []
  for (const resource of plan.resources) {
    if (resource.type === 's3.Bucket')
      resources.push(bucket(resource.bucket, resource.arn, declaredOf(resource.id)))
    else if (resource.type === 'kms.Alias')
      resources.push(keyOf(resource, keyPolicies.get(resource.key), index, unknowns))
    else if (resource.type === 'secretsmanager.Secret')
      resources.push(secretOf(resource, secretPolicies.get(resource.id), index))
  }
  for (const external of plan.external) {
    if (external.kind !== 'bucket') continue
    const block = blocks.get(external.name)
    resources.push(bucket(external.name, external.arn, block === undefined ? '' : declaredOf(block.id)))
  }
  return resources
}

/** A key by its alias. AWS picks the ids of keys that the plan makes. */
function keyOf(
  alias: KmsAlias,
  policy: PolicyDocument | undefined,
  index: PlanIndex,
  unknowns: Unknown[],
): AccountResource {
  const { arn, declaredAt, id, key, name } = alias
  const exists = key.startsWith('arn:')
  if (exists)
    unknowns.push({
      about: key,
      reason: 'the key exists already: its grants and other aliases are not known',
    })
  return {
    kind: 'key',
    arn: exists ? key : anyKeyOf(index.plan),
    name,
    ...(policy === undefined ? {} : { policy: namedPolicy(arn, policy, index) }),
    keys: { 'kms:ResourceAliases': [name] },
    declared: declaredOf(id),
    declaredAt,
  }
}

/** A secret; AWS adds a hyphen and six characters to what the plan calls it. */
function secretOf(
  { arn, declaredAt, id, name }: Secret,
  policy: PolicyDocument | undefined,
  index: PlanIndex,
): AccountResource {
  return {
    kind: 'other',
    arn: `${arn}-??????`,
    name,
    ...(policy === undefined ? {} : { policy: namedPolicy(arn, policy, index) }),
    declared: declaredOf(id),
    declaredAt,
  }
}

function anyKeyOf({ account, partition, region }: Plan): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`
}
