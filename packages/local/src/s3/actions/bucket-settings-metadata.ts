import { AwsError } from '../../aws-error.js'
import type { ServiceOperations } from '../../http/operations.js'
import { requireBucket, type BucketDeps, type BucketInput } from './bucket-deps.js'

/** Metadata tables, which cannot be made here: clients that read everything of a bucket learn that it has none. */
export function bucketMetadataOperations(deps: BucketDeps) {
  const none = (input: BucketInput): never => {
    const { name } = requireBucket(deps, input)
    throw new AwsError('MetadataConfigurationNotFound', 'The metadata configuration was not found', 404, {
      BucketName: name,
    })
  }
  return {
    GetBucketMetadataConfiguration: none,
    GetBucketMetadataTableConfiguration: none,
  } satisfies ServiceOperations<'s3'>
}
