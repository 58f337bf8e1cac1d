import type { KmsAlias, Plan, PolicyDocument, Secret } from '@ringfence/plan'
import type { AccountResource, Unknown } from './account.js'
import { indexBy } from './index-by.js'
import type { PlanIndex } from './plan-index.js'
import { accessBlockOf, declaredOf } from './plan-index.js'

/** The buckets, keys and secrets of a plan, made by it or there already, each with the policy that the plan gives it. */
export function resourcesOfPlan(index: PlanIndex, unknowns: Unknown[]): AccountResource[] {
  const { ofType, plan } = index
  const policies = indexBy(ofType('s3.BucketPolicy'), ({ bucket: name }) => name)
  const blocks = indexBy(ofType('s3.BucketPublicAccessBlock'), ({ bucket: name }) => name)
  const keys = indexBy(ofType('kms.Key'), ({ id }) => id)
  const keyPolicies = indexBy(ofType('kms.KeyPolicy'), ({ key }) => key)
  const secretPolicies = indexBy(ofType('secretsmanager.SecretPolicy'), ({ secret }) => secret)
  const bucket = (name: string, arn: string, declared: string): AccountResource => {
    const policy = policies.get(name)
    const block = blocks.get(name)
    return {
      kind: 'bucket',
      arn,
      name,
      policy: policy && { name: arn, document: policy.policy },
      publicAccessBlock: block && accessBlockOf(block),
      declared,
      declaredAt: block?.declaredAt,
    }
  }
  const resources: AccountResource[] = []
  for (const one of plan.resources) {
    if (one.type === 's3.Bucket') resources.push(bucket(one.bucket, one.arn, declaredOf(one.id)))
    else if (one.type === 'kms.Alias') {
      const { policy } = keys.get(one.key) ?? keyPolicies.get(one.key) ?? {}
      resources.push(keyOf(one, policy, index, unknowns))
    } else if (one.type === 'secretsmanager.Secret')
      resources.push(secretOf(one, secretPolicies.get(one.id)?.policy))
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
    ...(policy === undefined ? {} : { policy: { name: arn, document: policy } }),
    keys: { 'kms:ResourceAliases': [name] },
    declared: declaredOf(id),
    declaredAt,
  }
}

/** A secret; AWS adds a hyphen and six characters to what the plan calls it. */
function secretOf(
  { arn, declaredAt, id, name }: Secret,
  policy: PolicyDocument | undefined,
): AccountResource {
  return {
    kind: 'other',
    arn: `${arn}-??????`,
    name,
    ...(policy === undefined ? {} : { policy: { name: arn, document: policy } }),
    declared: declaredOf(id),
    declaredAt,
  }
}

function anyKeyOf({ account, partition, region }: Plan): string {
  return `arn:${partition}:kms:${region}:${account}:key/*`
}
