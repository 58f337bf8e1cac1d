import { combinePublicAccessBlocks, type PublicAccessBlock } from '@ringfence/policy'
import { AwsError } from '../../aws-error.js'
import type { BucketRecord } from '../records.js'
import type { S3State } from '../state.js'

/** What the operations on buckets and their listings need. */
export interface BucketDeps {
  readonly state: S3State
  /** Bucket defaults of before April 2023: ACLs on, no public access block. */
  readonly legacyBucketDefaults: boolean
}

/** What every operation on a bucket is given. */
export interface BucketInput {
  readonly Bucket?: string | undefined
  readonly ExpectedBucketOwner?: string | undefined
}

/**
 * The bucket that the request names. Errors: `NoSuchBucket`; `AccessDenied` when it belongs to another account
 * than `x-amz-expected-bucket-owner` says. [S3 guide, "Verifying bucket ownership with bucket owner condition"]
 */
export function requireBucket(deps: BucketDeps, input: BucketInput): BucketRecord {
  const name = input.Bucket ?? ''
  const bucket = deps.state.bucket(name)
  if (bucket === undefined)
    throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name })
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.account)
    throw new AwsError('AccessDenied', 'Access Denied', 403)
  return bucket
}

/** Changes the bucket that the request names, atomically; `change` may refuse by throwing. */
export function changeBucket(
  deps: BucketDeps,
  input: BucketInput,
  change: (bucket: BucketRecord) => BucketRecord,
): Promise<void> {
  return deps.state.database.transaction(() => {
    const bucket = requireBucket(deps, input)
    deps.state.buckets.put(bucket.name, change(bucket))
  })
}

/** The record without some of its settings. */
export function without(bucket: BucketRecord, ...names: readonly (keyof BucketRecord)[]): BucketRecord {
  const rest: Partial<Record<keyof BucketRecord, unknown>> = { ...bucket }
  for (const name of names) delete rest[name]
  return rest as unknown as BucketRecord
}

/** The record with one of its settings without effect; `undefined` removes it. */
export function withSetting(bucket: BucketRecord, name: string, value: unknown): BucketRecord {
  const settings = { ...bucket.settings }
  if (value === undefined) delete settings[name]
  else settings[name] = value
  return { ...bucket, settings }
}

/** The public access block that counts for the bucket: its own and its account's, the stricter of each. */
export function effectiveAccessBlock(deps: BucketDeps, bucket: BucketRecord): PublicAccessBlock {
  return combinePublicAccessBlocks(
    deps.state.accountPublicAccessBlock(bucket.account),
    bucket.publicAccessBlock,
  )
}

export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
    400,
  )
}

export function invalidArgument(message: string, name: string, value: string): AwsError {
  return new AwsError('InvalidArgument', message, 400, { ArgumentName: name, ArgumentValue: value })
}
