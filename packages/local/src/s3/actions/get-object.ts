import type { StorageClass } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import { contentPieces } from '../contents.js'
import type { S3Deps } from '../deps.js'
import { findObject } from '../find-object.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { requireBucket } from './bucket-deps.js'
import { checkConditions, preconditionFailed } from './conditions.js'
import { printRecordChecksums } from './object-checksums.js'
import { printEncryption, refuseCustomerKeys } from './object-settings.js'
import { versionOf } from './put-object.js'
import { parseRange, printContentRange, type ByteRange } from './range.js'

type GetInput = OperationInput<'s3', 'GetObject'>
type HeadInput = OperationInput<'s3', 'HeadObject'>
type GetOutput = OperationOutput<'s3', 'GetObject'>

/** GetObject, with ranges, parts, conditions and the answer's overridden headers. */
export function getObject(deps: S3Deps, input: GetInput, call: Call): GetOutput {
  const { record, answer, range } = readObject(deps, input, call)
  const { start, length } = range ?? { start: 0, length: record.size }
  return { ...answer, Body: contentPieces(deps, record.content, start, length) }
}

/** HeadObject: the same without the body. */
export function headObject(deps: S3Deps, input: HeadInput, call: Call): OperationOutput<'s3', 'HeadObject'> {
  return readObject(deps, input, call).answer
}

interface Reading {
  readonly record: ObjectRecord
  readonly answer: Omit<GetOutput, 'Body'>
  readonly range: ByteRange | undefined
}

function readObject(deps: S3Deps, input: GetInput | HeadInput, call: Call): Reading {
  const bucket = requireBucket(deps, input)
  refuseCustomerKeys(input)
  const record = findObject(deps, call, bucket, input.Key ?? '', input.VersionId)
  const result = checkConditions(record, {
    ifMatch: input.IfMatch,
    ifNoneMatch: input.IfNoneMatch,
    ifModifiedSince: input.IfModifiedSince,
    ifUnmodifiedSince: input.IfUnmodifiedSince,
  })
  if (result === 'failed')
    throw preconditionFailed(input.IfMatch === undefined ? 'If-Unmodified-Since' : 'If-Match')
  if (result === 'notModified') throw notModified(bucket, record)
  const range =
    input.PartNumber === undefined
      ? parseRange(input.Range, record.size)
      : partRange(record, input.PartNumber, input.Range)
  const answer = describeObject(bucket, record)
  const shown = {
    ...answer,
    ContentLength: range?.length ?? record.size,
    ...(range === undefined ? {} : { ContentRange: printContentRange(range, record.size) }),
    ...(input.ChecksumMode === 'ENABLED' && range === undefined ? printRecordChecksums(record) : {}),
    ...(input.PartNumber !== undefined && record.parts ? { PartsCount: record.parts.length } : {}),
    ...overrides(input, call),
  }
  return { record, answer: shown, range }
}

function describeObject(bucket: BucketRecord, record: ObjectRecord): Omit<GetOutput, 'Body'> {
  const { headers } = record
  const expires = headers['expires'] === undefined ? undefined : new Date(headers['expires'])
  const tagCount = Object.keys(record.tags).length
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(record.modifiedMs),
    ETag: `"${record.etag}"`,
    ContentType: record.contentType ?? 'binary/octet-stream',
    CacheControl: headers['cache-control'],
    ContentDisposition: headers['content-disposition'],
    ContentEncoding: headers['content-encoding'],
    ContentLanguage: headers['content-language'],
    WebsiteRedirectLocation: headers['x-amz-website-redirect-location'],
    ...(expires !== undefined && !Number.isNaN(expires.getTime()) ? { Expires: expires } : {}),
    Metadata: record.metadata,
    ...printEncryption(record.encryption),
    ...(record.storageClass === 'STANDARD' ? {} : { StorageClass: record.storageClass as StorageClass }),
    ...versionOf(bucket, record.versionId),
    ...(tagCount > 0 ? { TagCount: tagCount } : {}),
    ...(record.legalHold === undefined ? {} : { ObjectLockLegalHoldStatus: record.legalHold }),
    ...(record.retention === undefined
      ? {}
      : {
          ObjectLockMode: record.retention.mode,
          ObjectLockRetainUntilDate: new Date(record.retention.untilMs),
        }),
  }
}

function notModified(bucket: BucketRecord, record: ObjectRecord): AwsError {
  return new AwsError(
    'NotModified',
    'Not Modified',
    304,
    {},
    {
      etag: `"${record.etag}"`,
      'last-modified': new Date(record.modifiedMs).toUTCString(),
      ...(bucket.versioning === undefined ? {} : { 'x-amz-version-id': record.versionId }),
    },
  )
}

/** The bytes of one part; an object that was not uploaded in parts is its own first part. */
function partRange(
  record: ObjectRecord,
  partNumber: number,
  range: string | undefined,
): ByteRange | undefined {
  if (range !== undefined)
    throw new AwsError(
      'InvalidRequest',
      'Cannot specify both Range header and partNumber query parameter',
      400,
    )
  const parts = record.parts ?? [{ number: 1, size: record.size }]
  let start = 0
  for (const part of parts) {
    if (part.number === partNumber) return part.size === 0 ? undefined : { start, length: part.size }
    start += part.size
  }
  throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
    ActualPartCount: String(parts.length),
    PartNumberRequested: String(partNumber),
  })
}

/** `response-content-type` and its like, for signed requests only. */
function overrides(input: GetInput | HeadInput, call: Call): Partial<GetOutput> {
  const asked: Partial<GetOutput> = {}
  if (input.ResponseCacheControl !== undefined) asked.CacheControl = input.ResponseCacheControl
  if (input.ResponseContentDisposition !== undefined)
    asked.ContentDisposition = input.ResponseContentDisposition
  if (input.ResponseContentEncoding !== undefined) asked.ContentEncoding = input.ResponseContentEncoding
  if (input.ResponseContentLanguage !== undefined) asked.ContentLanguage = input.ResponseContentLanguage
  if (input.ResponseContentType !== undefined) asked.ContentType = input.ResponseContentType
  if (input.ResponseExpires !== undefined) asked.Expires = input.ResponseExpires
  if (Object.keys(asked).length > 0 && call.caller.principal === 'anonymous')
    throw new AwsError(
      'InvalidRequest',
      'Request specific response headers cannot be used for anonymous GET requests.',
      400,
    )
  return asked
}
