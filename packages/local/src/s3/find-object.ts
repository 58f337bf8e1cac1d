import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import type { S3Deps } from './deps.js'
import type { BucketRecord, ObjectRecord } from './records.js'

/** Bytes of the longest key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const maxKeyBytes = 1024
/** Keys with very many control characters, each of which takes two bytes in the database. */
const maxStoredKeyBytes = 1536

/** The key of a write. Errors: `KeyTooLongError`. */
export function checkKey(key: string | undefined): string {
  const bytes = Buffer.byteLength(key ?? '')
  let controls = 0
  for (let i = 0; i < (key ?? '').length; i++) if ((key ?? '').charCodeAt(i) < 6) controls++
  if (bytes > maxKeyBytes || bytes + controls > maxStoredKeyBytes)
    throw new AwsError('KeyTooLongError', 'Your key is too long', 400, {
      Size: String(bytes),
      MaxSizeAllowed: String(maxKeyBytes),
    })
  return key ?? ''
}

/**
 * The version of an object that a request reads. Errors: `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` for a
 * delete marker that is named, and `AccessDenied` instead of a 404 for callers that may not list the bucket.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function findObject(
  deps: S3Deps,
  call: Call,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): ObjectRecord {
  const found =
    Buffer.byteLength(key) > maxKeyBytes ? undefined : deps.state.object(bucket.name, key, versionId)
  if (found === undefined) throw missing(deps, call, bucket, key, versionId)
  if (found.deleteMarker === undefined) return found
  const headers = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': found.versionId }
  if (versionId === undefined) {
    refuseUnlessListable(deps, call, bucket)
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key }, headers)
  }
  throw new AwsError(
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    405,
    { Method: 'GET', ResourceType: 'DeleteMarker' },
    { ...headers, allow: 'DELETE' },
  )
}

function missing(
  deps: S3Deps,
  call: Call,
  bucket: BucketRecord,
  key: string,
  versionId: string | undefined,
): AwsError {
  refuseUnlessListable(deps, call, bucket)
  if (versionId === undefined)
    return new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key })
  return new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, {
    Key: key,
    VersionId: versionId,
  })
}

/** Who may not list a bucket is not told which keys it lacks. */
function refuseUnlessListable(deps: S3Deps, call: Call, bucket: BucketRecord): void {
  const resource = `arn:aws:s3:::${bucket.name}`
  if (deps.permits(call, { action: 's3:ListBucket', resource, resourceAccount: bucket.account })) return
  const { principal } = call.caller
  throw new AwsError(
    'AccessDenied',
    principal === 'anonymous'
      ? 'Access Denied'
      : `User: ${principal} is not authorized to perform: s3:ListBucket on resource: "${resource}" because no identity-based policy allows the s3:ListBucket action`,
    403,
  )
}
