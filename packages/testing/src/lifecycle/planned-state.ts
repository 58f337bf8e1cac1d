import { someReservedRole, type Plan, type PolicyDocument, type Resource } from '@ringfence/plan'
import type { BucketState } from '../engine/bucket-state.js'
import type { GuardrailState } from '../engine/guardrail-state.js'
import { sorted, type IamState } from '../engine/iam-state.js'
import type { KeyState } from '../engine/key-state.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'

import { aliasName } from './access-view.js'
import type { SecretState } from './account-secrets.js'
import { type CenterState, plannedCenterState } from './center-state.js'

/** What an account holds, but for what was in it before. */
export interface PlannedState extends IamState {
  readonly buckets: Readonly<Record<string, BucketState>>
  readonly accountBlock: object | undefined
  readonly keys: Readonly<Record<string, KeyState>>
  /** By name. */
  readonly secrets: Readonly<Record<string, SecretState>>
  readonly center: CenterState
  /** By name. */
  readonly guardrails: Readonly<Record<string, GuardrailState>>
}

/**
 * What an account holds once a plan is deployed to it, said of the plan alone: so that thousands of accounts can be
 * compared with fresh ones without as many deployments. A test holds it against deployments.
 */
export function plannedState(plan: Plan): PlannedState {
  const all = <Type extends Resource['type']>(type: Type) =>
    plan.resources.filter((one): one is Extract<Resource, { type: Type }> => one.type === type)
  const attachments = new Map(
    all('iam.PolicyAttachments').map((one) => [`${one.target}/${one.name}`, one.policyArns.toSorted()]),
  )
  const groupsOf = new Map(
    all('iam.UserGroupMembership').map(({ user, groups }) => [user, groups.toSorted()]),
  )
  const holder = (
    kind: 'user' | 'group' | 'role',
    { name, path }: { readonly name: string; readonly path: string },
  ) => ({
    path,
    attached: attachments.get(`${kind}/${name}`) ?? [],
    inline: {},
  })
  const users = all('iam.User').map((one) => [
    one.name,
    {
      ...holder('user', one),
      boundary: one.permissionsBoundary,
      groups: groupsOf.get(one.name) ?? [],
      tags: sorted(one.tags),
      accessKeys: all('iam.AccessKey')
        .filter(({ user }) => user === one.name)
        .map(({ status }) => (status === 'inactive' ? 'Inactive' : 'Active'))
        .toSorted(),
      mfaDevices: 0,
      otherCredentials: 0,
      password: false,
    },
  ])
  const roles = all('iam.Role').map((one) => [
    one.name,
    {
      ...holder('role', one),
      boundary: one.permissionsBoundary,
      description: one.description,
      maxSessionDuration: one.maxSessionDuration,
      tags: sorted(one.tags),
      trust: canonical(one.assumeRolePolicy),
    },
  ])
  const policies = all('iam.Policy').map((one) => [
    one.arn,
    { description: one.description, document: canonical(one.policy), tags: sorted(one.tags) },
  ])
  return {
    users: Object.fromEntries(users),
    groups: Object.fromEntries(all('iam.Group').map((one) => [one.name, holder('group', one)])),
    roles: Object.fromEntries([...roles, ...reservedRolesOf(plan)]),
    policies: Object.fromEntries(policies),
    buckets: bucketsOf(plan),
    accountBlock: all('s3.AccountPublicAccessBlock').map(blockOf)[0],
    keys: keysOf(plan),
    secrets: secretsOf(plan),
    center: plannedCenterState(plan),
    guardrails: Object.fromEntries(all('organizations.Policy').map(guardrailOf)),
  }
}

function guardrailOf(
  one: Extract<Resource, { type: 'organizations.Policy' }>,
): readonly [string, GuardrailState] {
  const { description, name, policy, targetAccount } = one
  return [name, { content: canonical(policy), description, tags: {}, targets: [targetAccount] }]
}

/** Sessions of Identity Center's roles are limited by the permission set, and whom they trust is AWS's. */
function reservedRolesOf({ external, identityCenter }: Plan): readonly [string, IamState['roles'][string]][] {
  return external.flatMap((one) => {
    if (one.kind !== 'reservedRole') return []
    const set = identityCenter?.resources.find(
      (other) => other.type === 'ssoadmin.PermissionSet' && other.name === one.permissionSet,
    )
    const state = {
      path: one.path,
      attached: one.policyArns.toSorted(),
      inline: {},
      boundary: one.permissionsBoundary,
      description: set !== undefined && 'description' in set ? set.description : '',
      maxSessionDuration: 43_200,
      tags: {},
      trust: undefined,
    }
    return [[someReservedRole(one).name, state]]
  })
}

function secretsOf({ resources }: Plan): Readonly<Record<string, SecretState>> {
  const secrets = resources.flatMap((one) => {
    if (one.type !== 'secretsmanager.Secret') return []
    const fence = resources.find(
      (other) => other.type === 'secretsmanager.SecretPolicy' && other.secret === one.id,
    )
    const state: SecretState = {
      description: one.description,
      policy: fence !== undefined && 'policy' in fence ? canonical(fence.policy) : undefined,
      tags: sorted(one.tags),
      hasValue: resources.some(
        (other) => other.type === 'secretsmanager.SecretVersion' && other.secret === one.id,
      ),
    }
    return [[one.name, state] as const]
  })
  return sorted(Object.fromEntries(secrets))
}

/** By their aliases: their ids are AWS's. */
function keysOf({ resources }: Plan): Readonly<Record<string, KeyState>> {
  const keys = resources.flatMap((alias) => {
    if (alias.type !== 'kms.Alias') return []
    const key = resources.find(({ id }) => id === alias.key)
    if (key?.type !== 'kms.Key') return []
    const state: KeyState = {
      description: key.description,
      enabled: true,
      policy: canonical(key.policy),
      rotation: key.enableKeyRotation,
      tags: sorted(key.tags),
    }
    return [[alias.name, state] as const]
  })
  return sorted(Object.fromEntries(keys))
}

function bucketsOf({ resources }: Plan): Readonly<Record<string, BucketState>> {
  const buckets: Record<string, BucketState> = {}
  const set = (bucket: string, state: Partial<BucketState>) => {
    buckets[bucket] = { ...(buckets[bucket] ?? nothingSet), ...state }
  }
  for (const one of resources)
    switch (one.type) {
      case 's3.Bucket':
        set(one.bucket, { tags: sorted(one.tags) })
        break
      case 's3.BucketPublicAccessBlock':
        set(one.bucket, { block: blockOf(one) })
        break
      case 's3.BucketOwnershipControls':
        set(one.bucket, { ownership: one.objectOwnership })
        break
      case 's3.BucketVersioning':
        set(one.bucket, { versioning: one.status })
        break
      case 's3.BucketServerSideEncryptionConfiguration': {
        const bucketKey = one.algorithm === 'aws:kms'
        const key = one.kmsKeyAliasArn === undefined ? undefined : aliasName(one.kmsKeyAliasArn)
        set(one.bucket, { encryption: [{ algorithm: one.algorithm, key, bucketKey }] })
        break
      }
      case 's3.BucketLifecycleConfiguration': {
        const DaysAfterInitiation = one.abortIncompleteMultipartUploadAfterDays
        const AbortIncompleteMultipartUpload = { DaysAfterInitiation }
        set(one.bucket, { lifecycle: [{ ...abortRule, AbortIncompleteMultipartUpload }] })
        break
      }
      case 's3.BucketPolicy':
        set(one.bucket, { policy: canonical(one.policy) })
        break
      default:
    }
  return buckets
}

const nothingSet: BucketState = {
  block: undefined,
  encryption: [],
  lifecycle: [],
  ownership: undefined,
  policy: undefined,
  tags: {},
  versioning: 'Disabled',
}

const abortRule = { ID: 'abort-incomplete-uploads', Status: 'Enabled', Filter: { Prefix: '' } }

function blockOf(
  block: Extract<Resource, { type: 's3.AccountPublicAccessBlock' | 's3.BucketPublicAccessBlock' }>,
) {
  return {
    BlockPublicAcls: block.blockPublicAcls,
    IgnorePublicAcls: block.ignorePublicAcls,
    BlockPublicPolicy: block.blockPublicPolicy,
    RestrictPublicBuckets: block.restrictPublicBuckets,
  }
}

function canonical(policy: PolicyDocument): unknown {
  return canonicalDocument(JSON.stringify(policy))
}
