import { AwsError } from '../aws-error.js'
import type { DispatchDeps } from './deps.js'

const header = 'x-amz-bucket-region'

/**
 * A bucket answers only requests that were signed for its region, and names it to others.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/Redirects.html
 */
export function redirectToRegion(
  deps: Pick<DispatchDeps, 'bucketRegion'>,
  bucket: string | undefined,
  signedRegion: string | undefined,
): void {
  if (bucket === undefined || signedRegion === undefined) return
  const region = deps.bucketRegion?.(bucket)
  if (region === undefined || region === signedRegion) return
  throw new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    { Bucket: bucket, Region: region },
    { [header]: region },
  )
}

/**
 * A refused HeadBucket still tells the bucket's region: clients ask so, unsigned, where a bucket is.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
 */
export function withRegion(
  deps: Pick<DispatchDeps, 'bucketRegion'>,
  error: AwsError,
  bucket: unknown,
): AwsError {
  const region = typeof bucket === 'string' ? deps.bucketRegion?.(bucket) : undefined
  if (region === undefined) return error
  const { code, message, status, detail, headers } = error
  return new AwsError(code, message, status, detail, { ...headers, [header]: region })
}
