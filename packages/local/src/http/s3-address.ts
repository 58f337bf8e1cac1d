import { AwsError } from '../aws-error.js'

/** Bucket and key that a request to S3 addresses; both absent: the service itself. */
export interface S3Address {
  readonly bucket?: string
  /** Decoded; never empty. */
  readonly key?: string
}

/** Hosts whose first label is a bucket: `bucket.s3.localhost`, `bucket.s3.eu-west-1.localhost`, `bucket.127.0.0.1`. */
const virtualHost = /^(.+?)\.(?:s3(?:[.-][a-z0-9-]+)?\.)?(?:localhost|127\.0\.0\.1)$/
const serviceHost = /^s3(?:[.-][a-z0-9-]+)?$/

/** The bucket that the host name carries, if any. */
export function bucketOfHost(host: string): string | undefined {
  const bucket = virtualHost.exec(host)?.[1]
  return bucket === undefined || serviceHost.test(bucket) ? undefined : bucket
}

/**
 * Path style and virtual host. The key is everything after the slash, decoded once: `..`, `//` and an encoded
 * slash are characters of it like any other, since keys never become paths.
 */
export function readS3Address(host: string, rawPath: string): S3Address {
  const hosted = bucketOfHost(host)
  if (hosted !== undefined) return withKey(hosted, rawPath.slice(1))
  const slash = rawPath.indexOf('/', 1)
  const bucket = decodePath(slash < 0 ? rawPath.slice(1) : rawPath.slice(1, slash))
  if (bucket === '') {
    if (slash >= 0) throw invalidName()
    return {}
  }
  return withKey(bucket, slash < 0 ? '' : rawPath.slice(slash + 1))
}

/**
 * What the oldest rules for names admitted. A name with a slash would make an object's ARN of a bucket's, and ask
 * other permissions than are meant.
 */
const namePattern = /^[A-Za-z0-9._-]{1,255}$/

function invalidName(): AwsError {
  return new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400)
}

/** A version is named or it is not; `?versionId=` is neither. */
export function emptyVersionId(): AwsError {
  const detail = { ArgumentName: 'versionId', ArgumentValue: '' }
  return new AwsError('InvalidArgument', 'Version id cannot be the empty string', 400, detail)
}

function withKey(bucket: string, rawKey: string): S3Address {
  if (!namePattern.test(bucket)) throw invalidName()
  return rawKey === '' ? { bucket } : { bucket, key: decodePath(rawKey) }
}

function decodePath(text: string): string {
  if (!text.includes('%')) {
    // oxlint-disable-next-line no-control-regex
    if (/[^\x00-\x7f]/.test(text)) return decodeBytes(text)
    return text
  }
  try {
    return decodeURIComponent(text)
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  }
}

/** Node hands unencoded bytes of a path over as latin-1. */
function decodeBytes(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  }
}
