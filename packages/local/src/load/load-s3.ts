import type {
  AccountPublicAccessBlock,
  Bucket,
  BucketEncryption,
  BucketLifecycle,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketVersioning,
} from '@ringfence/plan'
import type { BucketRecord } from '../s3/records.js'
import type { InProcess } from './in-process.js'
import type { LoadContext } from './load-context.js'
import { samePolicy, sameValue, tagList } from './load-context.js'

export async function loadBucket(context: LoadContext, resource: Bucket): Promise<void> {
  const { aws, region } = context
  const { bucket, tags } = resource
  if (context.state.s3.bucket(bucket)?.account !== aws.account) {
    await createBucket(aws, region, bucket)
  }
  await change(
    context,
    bucket,
    (record) => sameValue(record.tags ?? {}, tags),
    () =>
      Object.keys(tags).length === 0
        ? aws.call('s3', 'DeleteBucketTagging', { Bucket: bucket })
        : aws.call('s3', 'PutBucketTagging', { Bucket: bucket, Tagging: { TagSet: tagList(tags) } }),
  )
}

export async function createBucket(aws: InProcess, region: string, bucket: string): Promise<void> {
  await aws.call('s3', 'CreateBucket', {
    Bucket: bucket,
    ...(region === 'us-east-1'
      ? {}
      : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } }),
  })
}

export async function loadBucketPublicAccessBlock(
  context: LoadContext,
  resource: BucketPublicAccessBlock,
): Promise<void> {
  const { bucket } = resource
  const isSet = (record: BucketRecord) => sameValue(record.publicAccessBlock, blockRecord(resource))
  await change(context, bucket, isSet, () =>
    context.aws.call('s3', 'PutPublicAccessBlock', {
      Bucket: bucket,
      PublicAccessBlockConfiguration: blockElement(resource),
    }),
  )
}

export async function loadAccountPublicAccessBlock(
  { aws, state }: LoadContext,
  resource: AccountPublicAccessBlock,
): Promise<void> {
  if (sameValue(state.s3.accountPublicAccessBlock(resource.account), blockRecord(resource))) return
  await aws.call('s3-control', 'PutPublicAccessBlock', {
    AccountId: resource.account,
    PublicAccessBlockConfiguration: blockElement(resource),
  })
}

export async function loadBucketOwnershipControls(
  context: LoadContext,
  { bucket, objectOwnership }: BucketOwnershipControls,
): Promise<void> {
  await change(
    context,
    bucket,
    (record) => record.ownership === objectOwnership,
    () =>
      context.aws.call('s3', 'PutBucketOwnershipControls', {
        Bucket: bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] },
      }),
  )
}

export async function loadBucketVersioning(
  context: LoadContext,
  { bucket, status }: BucketVersioning,
): Promise<void> {
  await change(
    context,
    bucket,
    (record) => record.versioning === status,
    () =>
      context.aws.call('s3', 'PutBucketVersioning', {
        Bucket: bucket,
        VersioningConfiguration: { Status: status },
      }),
  )
}

export async function loadBucketEncryption(
  context: LoadContext,
  { bucket, algorithm, kmsKeyAliasArn }: BucketEncryption,
): Promise<void> {
  const wanted = {
    algorithm,
    bucketKey: algorithm === 'aws:kms',
    ...(kmsKeyAliasArn === undefined ? {} : { kmsKeyId: kmsKeyAliasArn }),
  }
  await change(
    context,
    bucket,
    (record) => sameValue(record.encryption, wanted),
    () =>
      context.aws.call('s3', 'PutBucketEncryption', {
        Bucket: bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [
            {
              ApplyServerSideEncryptionByDefault: {
                SSEAlgorithm: algorithm,
                ...(kmsKeyAliasArn === undefined ? {} : { KMSMasterKeyID: kmsKeyAliasArn }),
              },
              BucketKeyEnabled: wanted.bucketKey,
            },
          ],
        },
      }),
  )
}

export async function loadBucketLifecycle(
  context: LoadContext,
  { bucket, abortIncompleteMultipartUploadAfterDays: days }: BucketLifecycle,
): Promise<void> {
  const LifecycleConfiguration = {
    Rules: [
      {
        ID: 'abort-incomplete-uploads',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
      },
    ],
  }
  // The setting is kept as it was put, under a name of the bucket's own; the text tells whether it is the same.
  const isSet = (record: BucketRecord) =>
    Object.values(record.settings).some((setting) =>
      JSON.stringify(setting).includes(`"DaysAfterInitiation":${days}`),
    )
  await change(context, bucket, isSet, () =>
    context.aws.call('s3', 'PutBucketLifecycleConfiguration', { Bucket: bucket, LifecycleConfiguration }),
  )
}

export async function loadBucketPolicy(
  { aws, state }: LoadContext,
  { bucket, policy }: BucketPolicy,
): Promise<void> {
  if (samePolicy(state.s3.bucket(bucket)?.policy, policy)) return
  await aws.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: JSON.stringify(policy) })
}

/**
 * Makes a change unless it is made. A bucket policy that keeps everybody but the administrators from the
 * bucket's settings goes first, which the account's root may always do; the plan puts it back.
 */
async function change(
  { aws, state }: LoadContext,
  bucket: string,
  isDone: (record: BucketRecord) => boolean,
  make: () => Promise<unknown>,
): Promise<void> {
  const record = state.s3.bucket(bucket)
  if (record !== undefined && isDone(record)) return
  if (record?.policy !== undefined) await aws.call('s3', 'DeleteBucketPolicy', { Bucket: bucket })
  await make()
}

interface Block {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

function blockRecord({
  blockPublicAcls,
  ignorePublicAcls,
  blockPublicPolicy,
  restrictPublicBuckets,
}: Block): Block {
  return { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets }
}

function blockElement(block: Block) {
  return {
    BlockPublicAcls: block.blockPublicAcls,
    IgnorePublicAcls: block.ignorePublicAcls,
    BlockPublicPolicy: block.blockPublicPolicy,
    RestrictPublicBuckets: block.restrictPublicBuckets,
  }
}
