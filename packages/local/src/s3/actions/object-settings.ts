import type { ServerSideEncryption } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { S3Deps } from '../deps.js'
import type { BucketRecord, ObjectEncryption, ObjectRecord } from '../records.js'
import { effectiveAccessBlock, invalidArgument } from './bucket-deps.js'

type Optional<Type> = Type | undefined

/** The members of a write that become settings of the object. */
export interface ObjectSettingsInput {
  readonly ACL?: Optional<string>
  readonly GrantFullControl?: Optional<string>
  readonly GrantRead?: Optional<string>
  readonly GrantReadACP?: Optional<string>
  readonly GrantWriteACP?: Optional<string>
  readonly CacheControl?: Optional<string>
  readonly ContentDisposition?: Optional<string>
  readonly ContentEncoding?: Optional<string>
  readonly ContentLanguage?: Optional<string>
  readonly ContentType?: Optional<string>
  readonly Metadata?: Optional<Record<string, string>>
  readonly StorageClass?: Optional<string>
  readonly WebsiteRedirectLocation?: Optional<string>
  readonly ServerSideEncryption?: Optional<string>
  readonly SSEKMSKeyId?: Optional<string>
  readonly BucketKeyEnabled?: Optional<boolean>
  readonly SSECustomerAlgorithm?: Optional<string>
  readonly SSECustomerKey?: Optional<string>
  readonly Tagging?: Optional<string>
  readonly ObjectLockMode?: Optional<string>
  readonly ObjectLockRetainUntilDate?: Optional<Date>
  readonly ObjectLockLegalHoldStatus?: Optional<string>
}

/** Settings that travel from a write, an upload or a copied object into a record. */
export type ObjectSettings = Pick<
  ObjectRecord,
  'contentType' | 'headers' | 'metadata' | 'storageClass' | 'tags' | 'encryption' | 'legalHold' | 'retention'
>

/** Settings of a write, checked. */
export function readSettings(
  deps: S3Deps,
  call: Call,
  bucket: BucketRecord,
  input: ObjectSettingsInput,
): ObjectSettings {
  checkObjectAcl(deps, bucket, input)
  return {
    ...readHeaders(call, input),
    storageClass: readStorageClass(input.StorageClass),
    tags: parseObjectTagging(input.Tagging),
    encryption: resolveEncryption(deps, call, bucket, input),
    ...readLock(call, bucket, input),
  }
}

/** Content headers and metadata of a write. */
export function readHeaders(
  call: Call,
  input: ObjectSettingsInput,
): Pick<ObjectRecord, 'contentType' | 'headers' | 'metadata'> {
  const headers: Record<string, string> = {}
  const keep = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') headers[name] = value
  }
  keep('cache-control', input.CacheControl)
  keep('content-disposition', input.ContentDisposition)
  keep('content-encoding', withoutAwsChunked(input.ContentEncoding))
  keep('content-language', input.ContentLanguage)
  keep('expires', call.headers['expires'])
  keep('x-amz-website-redirect-location', input.WebsiteRedirectLocation)
  const metadata = input.Metadata ?? {}
  let size = 0
  for (const [name, value] of Object.entries(metadata)) size += name.length + value.length
  if (size > 2048)
    throw new AwsError(
      'MetadataTooLarge',
      'Your metadata headers exceed the maximum allowed metadata size',
      400,
      { Size: String(size), MaxSizeAllowed: '2048' },
    )
  return {
    ...(input.ContentType === undefined ? {} : { contentType: input.ContentType }),
    headers,
    metadata,
  }
}

function withoutAwsChunked(encoding: string | undefined): string | undefined {
  return encoding
    ?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && one !== 'aws-chunked')
    .join(',')
}

const storageClasses = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER_IR',
])
/** Objects in these could not be read without a restore, which is not implemented. */
const archiveClasses = new Set(['GLACIER', 'DEEP_ARCHIVE', 'OUTPOSTS', 'SNOW', 'EXPRESS_ONEZONE'])

/** The storage class of a write. */
export function readStorageClass(storageClass: string | undefined): string {
  if (storageClass === undefined) return 'STANDARD'
  if (archiveClasses.has(storageClass))
    throw new AwsError('NotImplemented', `The storage class ${storageClass} is not implemented`, 501)
  if (!storageClasses.has(storageClass))
    throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', 400)
  return storageClass
}

/**
 * With BucketOwnerEnforced only an ACL that changes nothing is taken; otherwise those that give the owner alone
 * full control. Grants to others would have to be evaluated and are refused by name.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export function checkObjectAcl(deps: S3Deps, bucket: BucketRecord, input: ObjectSettingsInput): void {
  const grants = [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWriteACP]
  const granted = grants.some((one) => one !== undefined)
  const acl = input.ACL
  if (acl === undefined && !granted) return
  if (bucket.ownership === 'BucketOwnerEnforced') {
    if (acl === 'bucket-owner-full-control' && !granted) return
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400)
  }
  if (acl !== undefined && granted)
    throw new AwsError('InvalidRequest', 'Specifying both Canned ACLs and Header Grants is not allowed', 400)
  const open = acl === 'public-read' || acl === 'public-read-write' || acl === 'authenticated-read'
  const openGrant = grants.some((one) => one?.includes('acs.amazonaws.com/groups/global/') === true)
  if ((open || openGrant) && effectiveAccessBlock(deps, bucket).blockPublicAcls)
    throw new AwsError('AccessDenied', 'Access Denied', 403)
  if (acl === 'private' || acl === 'bucket-owner-full-control' || acl === 'bucket-owner-read') return
  if (acl !== undefined && !open && acl !== 'aws-exec-read')
    throw invalidArgument('The canned ACL is not one that an object can have', 'x-amz-acl', acl)
  throw new AwsError('NotImplemented', 'Object ACLs with grants to others are not implemented', 501)
}

/**
 * How an object is encrypted: what the request says, or else the bucket's default. The same rule as that by
 * which enforcement asks for the use of the key.
 */
export function resolveEncryption(
  deps: S3Deps,
  call: Call,
  bucket: BucketRecord,
  input: ObjectSettingsInput,
): ObjectEncryption {
  refuseCustomerKeys(input)
  const algorithm = input.ServerSideEncryption ?? bucket.encryption.algorithm
  if (algorithm !== 'AES256' && algorithm !== 'aws:kms' && algorithm !== 'aws:kms:dsse')
    throw invalidArgument(
      'The encryption method specified is not supported',
      'x-amz-server-side-encryption',
      algorithm,
    )
  if (algorithm === 'AES256') {
    if (input.SSEKMSKeyId !== undefined)
      throw invalidArgument(
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        'x-amz-server-side-encryption',
        input.ServerSideEncryption ?? 'null',
      )
    return { algorithm }
  }
  // A write that names the algorithm and no key takes the AWS managed key, not the bucket's. [S3 API, PutObject]
  const keyId = input.ServerSideEncryption === undefined ? bucket.encryption.kmsKeyId : input.SSEKMSKeyId
  const bucketKey = input.BucketKeyEnabled ?? bucket.encryption.bucketKey
  return { algorithm, kmsKeyArn: deps.kmsKeyArn(call, keyId), ...(bucketKey ? { bucketKey } : {}) }
}

/** Keys that the client brings along would have to encrypt for real. */
export function refuseCustomerKeys(input: ObjectSettingsInput): void {
  if (input.SSECustomerAlgorithm !== undefined || input.SSECustomerKey !== undefined)
    throw new AwsError(
      'NotImplemented',
      'Server-side encryption with customer-provided keys is not implemented',
      501,
    )
}

/** The encryption as the answer's headers say it. */
export function printEncryption(encryption: ObjectEncryption): {
  ServerSideEncryption: ServerSideEncryption
  SSEKMSKeyId?: string
  BucketKeyEnabled?: boolean
} {
  return {
    ServerSideEncryption: encryption.algorithm,
    ...(encryption.kmsKeyArn === undefined ? {} : { SSEKMSKeyId: encryption.kmsKeyArn }),
    ...(encryption.bucketKey === true ? { BucketKeyEnabled: true } : {}),
  }
}

const maxTags = 10

/** The `x-amz-tagging` header. Errors: `InvalidArgument`, `InvalidTag`. */
export function parseObjectTagging(header: string | undefined): Readonly<Record<string, string>> {
  if (header === undefined || header === '') return {}
  const pairs = [...new URLSearchParams(header)]
  return checkObjectTags(pairs.map(([Key, Value]) => ({ Key, Value })))
}

/** At most ten tags with different keys. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export function checkObjectTags(
  tagSet: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
): Readonly<Record<string, string>> {
  if (tagSet.length > maxTags)
    throw new AwsError('BadRequest', `Object tags cannot be greater than ${maxTags}`, 400)
  const tags = new Map<string, string>()
  for (const { Key: key = '', Value: value = '' } of tagSet) {
    const text = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u
    if (key === '' || [...key].length > 128 || !text.test(key) || key.startsWith('aws:'))
      throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid', 400, { TagKey: key })
    if ([...value].length > 256 || !text.test(value))
      throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid', 400, { TagKey: key })
    if (tags.has(key))
      throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key', 400, { TagKey: key })
    tags.set(key, value)
  }
  return Object.fromEntries(tags)
}

const dayMs = 86_400_000

/** Legal hold and retention of a write, by its headers or by the bucket's default. */
export function readLock(
  call: Call,
  bucket: BucketRecord,
  input: ObjectSettingsInput,
): Pick<ObjectRecord, 'legalHold' | 'retention'> {
  const { ObjectLockMode: mode, ObjectLockRetainUntilDate: until, ObjectLockLegalHoldStatus: hold } = input
  if ((mode !== undefined || until !== undefined || hold !== undefined) && bucket.objectLock === undefined)
    throw missingLock()
  if ((mode === undefined) !== (until === undefined))
    throw new AwsError(
      'InvalidArgument',
      'x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied',
      400,
    )
  if (hold !== undefined && hold !== 'ON' && hold !== 'OFF')
    throw invalidArgument('Legal Hold must be either of ON or OFF', 'x-amz-object-lock-legal-hold', hold)
  const byRequest = until === undefined ? undefined : checkRetention(mode, until, call.timeMs)
  const retention = byRequest ?? defaultRetention(bucket, call.timeMs)
  return {
    ...(hold === undefined ? {} : { legalHold: hold }),
    ...(retention === undefined ? {} : { retention }),
  }
}

/** A retention that a request asks for. */
export function checkRetention(
  mode: string | undefined,
  until: Date,
  nowMs: number,
): NonNullable<ObjectRecord['retention']> {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE')
    throw invalidArgument('Unknown wormMode directive.', 'x-amz-object-lock-mode', mode ?? '')
  if (until.getTime() <= nowMs)
    throw invalidArgument(
      'The retain until date must be in the future!',
      'x-amz-object-lock-retain-until-date',
      until.toISOString(),
    )
  return { mode, untilMs: until.getTime() }
}

function defaultRetention(bucket: BucketRecord, nowMs: number): ObjectRecord['retention'] {
  const lock = bucket.objectLock
  if (lock?.defaultMode === undefined) return undefined
  const until = new Date(nowMs)
  if (lock.years === undefined) return { mode: lock.defaultMode, untilMs: nowMs + (lock.days ?? 0) * dayMs }
  until.setUTCFullYear(until.getUTCFullYear() + lock.years)
  return { mode: lock.defaultMode, untilMs: until.getTime() }
}

export function missingLock(): AwsError {
  return new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration', 400)
}
