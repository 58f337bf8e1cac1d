import type { S3, ServerSideEncryptionConfiguration } from '@aws-sdk/client-s3'
import { unlessGone, type Aws } from '../pulumi-resource-aws/aws.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'
import { tagMap, type Tags } from '../pulumi-resource-aws/tags.js'
import { sorted } from './iam-state.js'

export interface BucketState {
  readonly block: object | undefined
  readonly encryption: readonly object[]
  readonly lifecycle: readonly object[]
  readonly ownership: string | undefined
  readonly policy: unknown
  readonly tags: Tags
  readonly versioning: string
}

/** All buckets of an account by name, and the account's public access block. */
export async function bucketState(
  aws: Aws,
  account: string,
  aliasOf: (key: string) => string,
): Promise<{ buckets: Record<string, BucketState>; accountBlock: object | undefined }> {
  const s3 = await aws.s3()
  const { Buckets = [] } = await s3.listBuckets({})
  const buckets: Record<string, BucketState> = {}
  for (const { Name = '' } of Buckets) buckets[Name] = await stateOf(s3, Name, aliasOf)
  const block = await unlessGone(
    (await aws.s3Control()).getPublicAccessBlock({ AccountId: account }),
    'NoSuchPublicAccessBlockConfiguration',
  )
  return { buckets: sorted(buckets), accountBlock: block?.PublicAccessBlockConfiguration }
}

async function stateOf(s3: S3, bucket: string, aliasOf: (key: string) => string): Promise<BucketState> {
  const Bucket = { Bucket: bucket }
  const block = await unlessGone(s3.getPublicAccessBlock(Bucket), 'NoSuchPublicAccessBlockConfiguration')
  const encryption = await unlessGone(
    s3.getBucketEncryption(Bucket),
    'ServerSideEncryptionConfigurationNotFoundError',
  )
  const lifecycle = await unlessGone(
    s3.getBucketLifecycleConfiguration(Bucket),
    'NoSuchLifecycleConfiguration',
  )
  const ownership = await unlessGone(s3.getBucketOwnershipControls(Bucket), 'OwnershipControlsNotFoundError')
  const policy = await unlessGone(s3.getBucketPolicy(Bucket), 'NoSuchBucketPolicy')
  const tags = await unlessGone(s3.getBucketTagging(Bucket), 'NoSuchTagSet')
  return {
    block: block?.PublicAccessBlockConfiguration,
    encryption: encryptionRules(encryption?.ServerSideEncryptionConfiguration, aliasOf),
    lifecycle: lifecycle?.Rules ?? [],
    ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
    policy: policy?.Policy === undefined ? undefined : canonicalDocument(policy.Policy),
    tags: sorted(tagMap(tags?.TagSet)),
    versioning: (await s3.getBucketVersioning(Bucket)).Status ?? 'Disabled',
  }
}

function encryptionRules(
  configuration: ServerSideEncryptionConfiguration | undefined,
  aliasOf: (key: string) => string,
): object[] {
  return (configuration?.Rules ?? []).map(({ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled }) => ({
    algorithm: by?.SSEAlgorithm,
    key: by?.KMSMasterKeyID === undefined ? undefined : aliasOf(by.KMSMasterKeyID),
    bucketKey: BucketKeyEnabled ?? false,
  }))
}
