import type { Difference } from './compare-facts.js'

/** One call of S3, named and spelled as AWS does. */
export interface BucketStep {
  readonly operation: 'DeleteBucketWebsite' | 'DeleteBucketReplication'
  readonly input: { readonly Bucket: string }
}

/**
 * The call that takes a difference of a bucket away which Pulumi cannot reach, because no resource of the stack is it: a
 * website, and replication, which carries objects out of the bucket.
 */
export function bucketSteps({ aspect, change, thing }: Difference): readonly BucketStep[] {
  if (!thing.startsWith('bucket/') || change !== 'undeclared') return []
  const input = { Bucket: thing.slice('bucket/'.length) }
  switch (aspect) {
    case 'website':
      return [{ operation: 'DeleteBucketWebsite', input }]
    case 'replication':
      return [{ operation: 'DeleteBucketReplication', input }]
    default:
      return []
  }
}
