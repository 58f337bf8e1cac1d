import type { KmsAlias, Plan, PolicyDocument, Secret } from '@ringfence/plan'
import type { AccountResource, Unknown } from './account.js'
import type { PlanIndex } from './plan-index.js'
import { accessBlockOf, declaredOf, namedPolicy } from './plan-index.js'

/** The buckets, keys and secrets of a plan, made by it or there already, each with the policy that the plan gives it. */
export function resourcesOfPlan(index: PlanIndex, unknowns: Unknown[]): AccountResource[] {
  const { ofType, plan } = index
  const policies = new Map(ofType('s3.BucketPolicy').map((one) => [one.bucket, one]))
  const blocks = new Map(ofType('s3.BucketPublicAccessBlock').map((one) => [one.bucket, one]))
  const keyPolicies = new Map([
    ...ofType('kms.Key').map(({ id, policy }) => [id, policy] as const),
    ...ofType('kms.KeyPolicy').map(({ key, policy }) => [key, policy] as const),
  ])
  const secretPolicies = new Map(ofType('secretsmanager.SecretPolicy').map((one) => [one.secret, one.policy]))
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
  for (const one of plan.resources) {
    if (one.type === 's3.Bucket') resources.push(bucket(one.bucket, one.arn, declaredOf(one.id)))
    else if (one.type === 'kms.Alias') resources.push(keyOf(one, keyPolicies.get(one.key), index, unknowns))
    else if (one.type === 'secretsmanager.Secret')
      resources.push(secretOf(one, secretPolicies.get(one.id), index))
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
