import { AccountPublicAccessBlock } from '@pulumi/aws/s3/accountPublicAccessBlock.js'
import { Bucket } from '@pulumi/aws/s3/bucket.js'
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration.js'
import { BucketOwnershipControls } from '@pulumi/aws/s3/bucketOwnershipControls.js'
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy.js'
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock.js'
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js'
import { BucketVersioning } from '@pulumi/aws/s3/bucketVersioning.js'
import type * as pulumi from '@pulumi/pulumi'
import type { Resource } from '@ringfence/plan'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

type PlannedBucket = Extract<Resource, { type: 's3.Bucket' }>
/** Everything that is set on a bucket. */
export type PlannedSetting = Extract<
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

/** Name of the one lifecycle rule. */
const abortRule = 'abort-incomplete-uploads'

export function registerBucket(planned: PlannedBucket, registration: Registration): void {
  const { id, bucket, tags, forceDestroy } = planned
  const resource = new Bucket(
    registration.childName(id),
    { bucket, forceDestroy, tags: { ...tags } },
    registration.options(planned),
  )
  registration.keep(id, resource)
  registration.buckets.set(bucket, { resource, forceDestroy })
  giveOut(id, resource.bucket, resource.arn, registration)
}

function giveOut(
  id: string,
  bucket: pulumi.Output<string>,
  arn: pulumi.Output<string>,
  { outputs, plan }: Registration,
): void {
  const name = outputName(id)
  outputs.bucketNames.set(name, bucket)
  outputs.bucketArns.set(name, arn)
  outputs.bucketUrls.set(
    name,
    bucket.apply((physical) => `https://${physical}.s3.${plan.region}.amazonaws.com/`),
  )
}

export function registerBucketSetting(planned: PlannedSetting, registration: Registration): void {
  const { id, bucket } = planned
  const on = { bucket }
  const name = registration.childName(id)
  const options = settingOptions(planned, registration)
  switch (planned.type) {
    case 's3.BucketPublicAccessBlock': {
      const block = new BucketPublicAccessBlock(name, { ...on, ...allFour(planned) }, options)
      registration.outputs.accessBlockIds.set(outputName(id), block.id)
      if (!registration.buckets.has(bucket)) {
        // One that existed before is given out once it is closed to the public.
        const arn = block.bucket.apply((physical) => `arn:aws:s3:::${physical}`)
        giveOut(id, block.bucket, arn, registration)
      }
      registration.keep(id, block)
      return
    }
    case 's3.BucketOwnershipControls': {
      const rule = { objectOwnership: planned.objectOwnership }
      registration.keep(id, new BucketOwnershipControls(name, { ...on, rule }, options))
      return
    }
    case 's3.BucketVersioning': {
      const versioningConfiguration = { status: planned.status }
      registration.keep(id, new BucketVersioning(name, { ...on, versioningConfiguration }, options))
      return
    }
    case 's3.BucketServerSideEncryptionConfiguration': {
      const { algorithm, kmsKeyAliasArn } = planned
      const rule = {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: algorithm,
          // An alias as a whole ARN: S3 answers with what it was given, and no other account's key can be meant.
          ...(kmsKeyAliasArn === undefined ? {} : { kmsMasterKeyId: kmsKeyAliasArn }),
        },
        bucketKeyEnabled: algorithm === 'aws:kms',
      }
      registration.keep(
        id,
        new BucketServerSideEncryptionConfiguration(name, { ...on, rules: [rule] }, options),
      )
      return
    }
    case 's3.BucketLifecycleConfiguration': {
      const rule = {
        id: abortRule,
        status: 'Enabled',
        filter: { prefix: '' },
        abortIncompleteMultipartUpload: {
          daysAfterInitiation: planned.abortIncompleteMultipartUploadAfterDays,
        },
      }
      registration.keep(id, new BucketLifecycleConfiguration(name, { ...on, rules: [rule] }, options))
      return
    }
    case 's3.BucketPolicy': {
      const policy = JSON.stringify(planned.policy)
      registration.keep(id, new BucketPolicy(name, { ...on, policy }, options))
    }
  }
}

export function registerAccountBlock(
  planned: Extract<Resource, { type: 's3.AccountPublicAccessBlock' }>,
  registration: Registration,
): void {
  const args = { accountId: planned.account, ...allFour(planned) }
  const name = registration.childName(planned.id)
  registration.keep(planned.id, new AccountPublicAccessBlock(name, args, registration.options(planned)))
}

/**
 * Settings and fence go with their bucket: AWS refuses to delete a bucket that holds objects, and then it must
 * still have both. A bucket that may be destroyed with its objects loses them first.
 */
function settingOptions(planned: PlannedSetting, registration: Registration): pulumi.CustomResourceOptions {
  const options = registration.options(planned)
  const bucket = registration.buckets.get(planned.bucket)
  // A bucket that existed before stays when its fence is taken down.
  if (bucket === undefined || bucket.forceDestroy) return options
  return { ...options, deletedWith: bucket.resource }
}

interface Block {
  readonly blockPublicAcls: true
  readonly ignorePublicAcls: true
  readonly blockPublicPolicy: true
  readonly restrictPublicBuckets: true
}

function allFour(block: Block): Block {
  const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = block
  return { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets }
}
