import { canonicalText } from './canonical-text.js'
import { type Fact, present, tagFacts, type Thing } from './fact.js'
import { recordedVersion } from './recorded-ids.js'
import { type AccessBlock, accessBlock, encryption, lifecycle } from './settings.js'

/** A resource of Pulumi's state, as far as it tells facts. */
export interface RecordedResource {
  readonly urn: string
  readonly type: string
  readonly id?: string
  readonly inputs?: Readonly<Record<string, unknown>>
  /** URNs of what had to be there before it. */
  readonly dependencies?: readonly string[]
  /** ISO 8601 instant at which Pulumi made it. */
  readonly created?: string
  /** Pulumi has made another one in its place, and this one is still to be deleted. */
  readonly delete?: boolean
}

/** What a stack's state says of the account: what Pulumi did last, or saw at the last refresh. */
export function recordedFacts(resources: readonly RecordedResource[]): readonly Fact[] {
  const aliases = new Map<string, string>()
  for (const { type, inputs } of resources) {
    if (type === 'aws:kms/alias:Alias') aliases.set(text(inputs, 'targetKeyId'), text(inputs, 'name'))
  }
  const secrets = new Map(
    resources
      .filter(({ type }) => type === 'aws:secretsmanager/secret:Secret')
      .map(({ id = '', inputs }) => [id, text(inputs, 'name')]),
  )
  const guardrails = new Map(
    resources
      .filter(({ type }) => type === 'aws:organizations/policy:Policy')
      .map(({ id = '', inputs }) => [id, text(inputs, 'name')]),
  )
  return resources.flatMap((resource) => [...factsOf(resource, aliases, guardrails, secrets)])
}

type Inputs = Readonly<Record<string, unknown>> | undefined

function text(inputs: Inputs, name: string): string {
  const value = inputs?.[name]
  return typeof value === 'string' ? value : ''
}

function factsOf(
  resource: RecordedResource,
  aliases: ReadonlyMap<string, string>,
  guardrails: ReadonlyMap<string, string>,
  secrets: ReadonlyMap<string, string>,
): readonly Fact[] {
  const { type, id = '', inputs } = resource
  const iam = /^aws:iam\/(user|group|role|policy):/.exec(type)?.[1] as 'user' | 'group' | 'role' | 'policy'
  if (iam !== undefined) return iamFacts(`${iam}/${text(inputs, 'name')}`, inputs)
  const attached = /^aws:iam\/(user|group|role)PolicyAttachment:/.exec(type)?.[1] as 'user' | 'group' | 'role'
  if (attached !== undefined) {
    const thing: Thing = `${attached}/${text(inputs, attached)}`
    return [{ thing, aspect: 'attachment', name: text(inputs, 'policyArn'), value: present }]
  }
  switch (type) {
    case 'aws:iam/groupMembership:GroupMembership':
      return list(inputs, 'users').map((user) => ({
        thing: `user/${user}`,
        aspect: 'group',
        name: text(inputs, 'group'),
        value: present,
      }))
    case 'aws:iam/accessKey:AccessKey':
      return [
        {
          thing: `user/${text(inputs, 'user')}`,
          aspect: 'accessKey',
          name: id,
          value: text(inputs, 'status') || 'Active',
        },
      ]
    case 'aws:kms/key:Key':
      return keyFacts(aliases.get(id) ?? id, inputs)
    case 'aws:secretsmanager/secret:Secret': {
      const thing: Thing = `secret/${text(inputs, 'name')}`
      const description = text(inputs, 'description')
      return [...named(thing, inputs), { thing, aspect: 'description', value: description }]
    }
    case 'aws:secretsmanager/secretPolicy:SecretPolicy': {
      const thing: Thing = `secret/${secrets.get(text(inputs, 'secretArn')) ?? ''}`
      return [{ thing, aspect: 'document', value: canonicalText(text(inputs, 'policy')) }]
    }
    case 'aws:secretsmanager/secretVersion:SecretVersion': {
      const thing: Thing = `secret/${secrets.get(text(inputs, 'secretId')) ?? ''}`
      const value = recordedVersion(resource)
      return value === undefined ? [] : [{ thing, aspect: 'version', name: 'AWSCURRENT', value }]
    }
    case 'aws:sagemaker/project:Project':
      return named(`project/${text(inputs, 'projectName')}`, inputs)
    case 'aws:organizations/policy:Policy': {
      const thing: Thing = `guardrail/${text(inputs, 'name')}`
      const value = canonicalText(text(inputs, 'content'))
      return [
        { thing, aspect: 'exists', value: present },
        { thing, aspect: 'description', value: text(inputs, 'description') },
        { thing, aspect: 'document', value },
      ]
    }
    case 'aws:organizations/policyAttachment:PolicyAttachment': {
      const thing: Thing = `guardrail/${guardrails.get(text(inputs, 'policyId')) ?? ''}`
      return [{ thing, aspect: 'target', name: text(inputs, 'targetId'), value: present }]
    }
    case 'aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock': {
      const thing: Thing = `account/${text(inputs, 'accountId')}`
      return [{ thing, aspect: 'accessBlock', value: accessBlock((inputs ?? {}) as AccessBlock) }]
    }
    default:
      return bucketFacts(type, inputs)
  }
}

function iamFacts(thing: Thing, inputs: Inputs): readonly Fact[] {
  const texts: readonly (readonly [Fact['aspect'], string])[] = [
    ['path', text(inputs, 'path')],
    ['boundary', text(inputs, 'permissionsBoundary')],
    ['description', text(inputs, 'description')],
  ]
  const documents = [
    ['trust', text(inputs, 'assumeRolePolicy')],
    ['document', text(inputs, 'policy')],
  ] as const
  const duration = inputs?.['maxSessionDuration']
  return [
    ...named(thing, inputs),
    ...texts.filter(([, value]) => value !== '').map(([aspect, value]) => ({ thing, aspect, value })),
    ...documents
      .filter(([, value]) => value !== '')
      .map(([aspect, value]) => ({ thing, aspect, value: canonicalText(value) })),
    ...(duration === undefined
      ? []
      : [{ thing, aspect: 'sessionDuration' as const, value: String(duration as number) }]),
  ]
}

function keyFacts(alias: string, inputs: Inputs): readonly Fact[] {
  const thing: Thing = `key/${alias}`
  return [
    ...named(thing, inputs),
    { thing, aspect: 'description', value: text(inputs, 'description') },
    { thing, aspect: 'document', value: canonicalText(text(inputs, 'policy')) },
    { thing, aspect: 'enabled', value: String(inputs?.['isEnabled'] ?? true) },
    { thing, aspect: 'rotation', value: String(inputs?.['enableKeyRotation'] ?? false) },
  ]
}

function bucketFacts(type: string, inputs: Inputs): readonly Fact[] {
  const thing: Thing = `bucket/${text(inputs, 'bucket')}`
  const first = (name: string): Inputs => {
    const value = inputs?.[name]
    return (Array.isArray(value) ? (value as unknown[])[0] : value) as Inputs
  }
  switch (type) {
    case 'aws:s3/bucket:Bucket':
      return named(thing, inputs)
    case 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock':
      return [{ thing, aspect: 'accessBlock', value: accessBlock((inputs ?? {}) as AccessBlock) }]
    case 'aws:s3/bucketOwnershipControls:BucketOwnershipControls':
      return [{ thing, aspect: 'ownership', value: text(first('rule'), 'objectOwnership') }]
    case 'aws:s3/bucketVersioning:BucketVersioning':
      return [{ thing, aspect: 'versioning', value: text(first('versioningConfiguration'), 'status') }]
    case 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': {
      const by = first('rules')?.['applyServerSideEncryptionByDefault'] as Inputs
      const key = text(by, 'kmsMasterKeyId')
      return [
        {
          thing,
          aspect: 'encryption',
          value: encryption(text(by, 'sseAlgorithm'), key === '' ? undefined : key),
        },
      ]
    }
    case 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': {
      const abort = first('rules')?.['abortIncompleteMultipartUpload'] as Inputs
      return [{ thing, aspect: 'lifecycle', value: lifecycle(Number(abort?.['daysAfterInitiation'])) }]
    }
    case 'aws:s3/bucketPolicy:BucketPolicy':
      return [{ thing, aspect: 'document', value: canonicalText(text(inputs, 'policy')) }]
    default:
      return []
  }
}

function named(thing: Thing, inputs: Inputs): readonly Fact[] {
  const tags = (inputs?.['tags'] ?? {}) as Readonly<Record<string, string>>
  return [{ thing, aspect: 'exists', value: present }, ...tagFacts(thing, tags)]
}

function list(inputs: Inputs, name: string): readonly string[] {
  const value = inputs?.[name]
  return Array.isArray(value) ? value.map(String) : []
}
