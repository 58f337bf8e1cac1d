import type { Plan, Resource } from '@ringfence/plan'
import { canonicalText } from './canonical-text.js'
import { type Fact, present, tagFacts, type Thing } from './fact.js'
import type { RecordedIds } from './recorded-ids.js'
import { accessBlock, encryption, lifecycle } from './settings.js'

/**
 * What has to be so in the account, if it is as the plan says. What a plan only adds to, because it existed before,
 * is left out: others may add to it as well.
 */
export function declaredFacts(plan: Plan, ids: RecordedIds): readonly Fact[] {
  return plan.resources.flatMap((resource) => [...factsOf(resource, plan, ids)])
}

function factsOf(resource: Resource, plan: Plan, ids: RecordedIds): readonly Fact[] {
  switch (resource.type) {
    case 'iam.User':
    case 'iam.Group':
    case 'iam.Role':
    case 'iam.Policy':
      return iamFacts(resource)
    case 'iam.UserGroupMembership':
      if (!resource.exclusive) return []
      return resource.groups.map((name) => fact(`user/${resource.user}`, 'group', present, name))
    case 'iam.PolicyAttachments':
      if (!resource.exclusive) return []
      return resource.policyArns.map((name) =>
        fact(`${resource.target}/${resource.name}`, 'attachment', present, name),
      )
    case 'iam.AccessKey':
      return [
        fact(
          `user/${resource.user}`,
          'accessKey',
          resource.status === 'inactive' ? 'Inactive' : 'Active',
          ids.get(resource.id) ?? '',
        ),
      ]
    case 'kms.Key':
      return keyFacts(resource, plan)
    case 'kms.Alias':
    case 'kms.KeyPolicy':
      return []
    case 'secretsmanager.Secret':
      return [
        exists(`secret/${resource.name}`),
        fact(`secret/${resource.name}`, 'description', resource.description),
        ...tagFacts(`secret/${resource.name}`, resource.tags),
      ]
    case 'secretsmanager.SecretPolicy':
      return [fact(`secret/${secretName(resource.secret, plan)}`, 'document', canonicalText(resource.policy))]
    case 'secretsmanager.SecretVersion': {
      const version = ids.get(resource.id)
      if (version === undefined) return []
      return [fact(`secret/${secretName(resource.secret, plan)}`, 'version', version, 'AWSCURRENT')]
    }
    case 'sagemaker.Project':
      return [exists(`project/${resource.name}`), ...tagFacts(`project/${resource.name}`, resource.tags)]
    case 'organizations.Policy': {
      const thing: Thing = `guardrail/${resource.name}`
      return [
        exists(thing),
        fact(thing, 'description', resource.description),
        fact(thing, 'document', canonicalText(resource.policy)),
        fact(thing, 'target', present, resource.targetAccount),
      ]
    }
    case 's3.AccountPublicAccessBlock':
      return [fact(`account/${resource.account}`, 'accessBlock', accessBlock(resource))]
    case 's3.Bucket':
      return [exists(`bucket/${resource.bucket}`), ...tagFacts(`bucket/${resource.bucket}`, resource.tags)]
    case 's3.BucketPublicAccessBlock':
    case 's3.BucketOwnershipControls':
    case 's3.BucketVersioning':
    case 's3.BucketServerSideEncryptionConfiguration':
    case 's3.BucketLifecycleConfiguration':
    case 's3.BucketPolicy':
      return [settingFact(resource)]
  }
}

type IamEntity = Extract<Resource, { type: 'iam.User' | 'iam.Group' | 'iam.Role' | 'iam.Policy' }>

function iamFacts(resource: IamEntity): readonly Fact[] {
  const kind = {
    'iam.User': 'user',
    'iam.Group': 'group',
    'iam.Role': 'role',
    'iam.Policy': 'policy',
  } as const
  const thing: Thing = `${kind[resource.type]}/${resource.name}`
  const facts = [exists(thing), fact(thing, 'path', resource.path)]
  switch (resource.type) {
    case 'iam.Group':
      return facts
    case 'iam.User':
      return [
        ...facts,
        fact(thing, 'boundary', resource.permissionsBoundary),
        ...tagFacts(thing, resource.tags),
      ]
    case 'iam.Role':
      return [
        ...facts,
        fact(thing, 'boundary', resource.permissionsBoundary),
        fact(thing, 'description', resource.description),
        fact(thing, 'sessionDuration', String(resource.maxSessionDuration)),
        fact(thing, 'trust', canonicalText(resource.assumeRolePolicy)),
        ...tagFacts(thing, resource.tags),
      ]
    case 'iam.Policy':
      return [
        ...facts,
        fact(thing, 'description', resource.description),
        fact(thing, 'document', canonicalText(resource.policy)),
        ...tagFacts(thing, resource.tags),
      ]
  }
}

function secretName(id: string, { resources }: Plan): string {
  const secret = resources.find((one) => one.id === id)
  return secret?.type === 'secretsmanager.Secret' ? secret.name : ''
}

/** A key is called by its alias: its id is AWS's. */
function keyFacts(key: Extract<Resource, { type: 'kms.Key' }>, plan: Plan): readonly Fact[] {
  const alias = plan.resources.find((one) => one.type === 'kms.Alias' && one.key === key.id)
  if (alias?.type !== 'kms.Alias') return []
  const thing: Thing = `key/${alias.name}`
  return [
    exists(thing),
    fact(thing, 'description', key.description),
    fact(thing, 'document', canonicalText(key.policy)),
    fact(thing, 'enabled', 'true'),
    fact(thing, 'rotation', String(key.enableKeyRotation)),
    ...tagFacts(thing, key.tags),
  ]
}

type Setting = Extract<
  Resource,
  {
    type:
      | 's3.BucketPublicAccessBlock'
      | 's3.BucketOwnershipControls'
      | 's3.BucketVersioning'
      | 's3.BucketServerSideEncryptionConfiguration'
      | 's3.BucketLifecycleConfiguration'
      | 's3.BucketPolicy'
  }
>

function settingFact(setting: Setting): Fact {
  const thing: Thing = `bucket/${setting.bucket}`
  switch (setting.type) {
    case 's3.BucketPublicAccessBlock':
      return fact(thing, 'accessBlock', accessBlock(setting))
    case 's3.BucketOwnershipControls':
      return fact(thing, 'ownership', setting.objectOwnership)
    case 's3.BucketVersioning':
      return fact(thing, 'versioning', setting.status)
    case 's3.BucketServerSideEncryptionConfiguration':
      return fact(thing, 'encryption', encryption(setting.algorithm, setting.kmsKeyAliasArn))
    case 's3.BucketLifecycleConfiguration':
      return fact(thing, 'lifecycle', lifecycle(setting.abortIncompleteMultipartUploadAfterDays))
    case 's3.BucketPolicy':
      return fact(thing, 'document', canonicalText(setting.policy))
  }
}

function exists(thing: Thing): Fact {
  return { thing, aspect: 'exists', value: present }
}

function fact(thing: Thing, aspect: Fact['aspect'], value: string, name?: string): Fact {
  return { thing, aspect, value, ...(name === undefined ? {} : { name }) }
}
