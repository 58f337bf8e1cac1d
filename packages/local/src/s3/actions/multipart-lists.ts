import type { StorageClass } from '@aws-sdk/client-s3'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import type { S3Deps } from '../deps.js'
import type { PartRecord, UploadRecord } from '../records.js'
import { invalidArgument, requireBucket } from './bucket-deps.js'
import { canonicalUserId, ownerOf } from './canonical-user.js'
import { nameEncoder } from './listing-request.js'
import { compareKeys } from './listing-walk.js'
import { algorithmOf } from './multipart-parts.js'
import { partsOf, requireUpload } from './multipart-uploads.js'
import { printChecksums } from './object-checksums.js'

/** ListParts */
export function listParts(
  deps: S3Deps,
  input: OperationInput<'s3', 'ListParts'>,
): OperationOutput<'s3', 'ListParts'> {
  const { bucket, upload } = requireUpload(deps, input)
  const max = limit('max-parts', input.MaxParts)
  const marker = Number(input.PartNumberMarker ?? 0)
  if (!Number.isInteger(marker) || marker < 0)
    throw invalidArgument(
      'Provided part-number-marker is not an integer or within integer range',
      'part-number-marker',
      String(input.PartNumberMarker),
    )
  const after = partsOf(deps, upload.uploadId).filter((part) => part.number > marker)
  const shown = after.slice(0, max)
  const last = shown.at(-1)
  return {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.uploadId,
    PartNumberMarker: String(marker),
    ...(last === undefined ? {} : { NextPartNumberMarker: String(last.number) }),
    MaxParts: max,
    IsTruncated: after.length > shown.length,
    Parts: shown.map((part) => printPart(upload, part)),
    Initiator: { ID: upload.initiator, DisplayName: upload.initiator },
    Owner: ownerOf(upload.owner),
    StorageClass: upload.storageClass as StorageClass,
    ...checksumOf(upload),
  }
}

type UploadsInput = OperationInput<'s3', 'ListMultipartUploads'>
type UploadSummary = NonNullable<UploadsOutput['Uploads']>[number]
type UploadsOutput = OperationOutput<'s3', 'ListMultipartUploads'>

/** ListMultipartUploads, by key and then by the time at which they were begun. */
export function listMultipartUploads(deps: S3Deps, input: UploadsInput): UploadsOutput {
  const bucket = requireBucket(deps, input)
  const max = limit('max-uploads', input.MaxUploads)
  const encode = nameEncoder(input.EncodingType)
  const uploads: UploadRecord[] = []
  const prefixes: string[] = []
  let last: { key: string; uploadId: string } | undefined
  let isTruncated = false
  for (const upload of uploadsAfter(deps, bucket.name, input)) {
    const common = commonPrefix(upload.key, input)
    if (common !== undefined && (common === prefixes.at(-1) || common === input.KeyMarker)) continue
    if (uploads.length + prefixes.length === max) {
      isTruncated = true
      break
    }
    if (common === undefined) uploads.push(upload)
    else prefixes.push(common)
    last = common === undefined ? upload : { key: common, uploadId: '' }
  }
  return {
    Bucket: bucket.name,
    KeyMarker: encode(input.KeyMarker ?? ''),
    UploadIdMarker: input.UploadIdMarker ?? '',
    ...(isTruncated && last ? { NextKeyMarker: encode(last.key), NextUploadIdMarker: last.uploadId } : {}),
    Prefix: encode(input.Prefix ?? ''),
    ...(input.Delimiter === undefined ? {} : { Delimiter: encode(input.Delimiter) }),
    ...(input.EncodingType === undefined ? {} : { EncodingType: input.EncodingType }),
    MaxUploads: max,
    IsTruncated: isTruncated,
    Uploads: uploads.map((upload) => printUpload(upload, encode)),
    ...(prefixes.length > 0
      ? { CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })) }
      : {}),
  }
}

function checksumOf(upload: UploadRecord): Pick<UploadSummary, 'ChecksumAlgorithm' | 'ChecksumType'> {
  return upload.explicitChecksum === true
    ? { ChecksumAlgorithm: algorithmOf(upload), ChecksumType: upload.checksumType }
    : {}
}

function printPart(
  upload: UploadRecord,
  part: PartRecord,
): NonNullable<OperationOutput<'s3', 'ListParts'>['Parts']>[number] {
  return {
    PartNumber: part.number,
    LastModified: new Date(part.modifiedMs),
    ETag: `"${part.etag}"`,
    Size: part.size,
    ...(upload.explicitChecksum === true ? printChecksums(part.checksums) : {}),
  }
}

function printUpload(upload: UploadRecord, encode: (name: string) => string): UploadSummary {
  return {
    Key: encode(upload.key),
    UploadId: upload.uploadId,
    Initiator: { ID: canonicalUserId(upload.owner) },
    Owner: ownerOf(upload.owner),
    StorageClass: upload.storageClass as StorageClass,
    Initiated: new Date(upload.initiatedMs),
    ...checksumOf(upload),
  }
}

function* uploadsAfter(deps: S3Deps, bucket: string, input: UploadsInput): Generator<UploadRecord> {
  const { KeyMarker: keyMarker = '', UploadIdMarker: idMarker = '', Prefix: prefix = '' } = input
  for (const { value } of deps.state.uploads.range({ start: [bucket], end: [`${bucket}!`] })) {
    if (!value.key.startsWith(prefix)) continue
    const order = keyMarker === '' ? 1 : compareKeys(value.key, keyMarker)
    // Without an upload id the marker's own key is past, with one only its earlier uploads are.
    if (order > 0 || (order === 0 && idMarker !== '' && value.uploadId > idMarker)) yield value
  }
}

function commonPrefix(key: string, input: UploadsInput): string | undefined {
  if (!input.Delimiter) return undefined
  const end = key.indexOf(input.Delimiter, (input.Prefix ?? '').length)
  return end < 0 ? undefined : key.slice(0, end + input.Delimiter.length)
}

function limit(name: string, value: number | undefined): number {
  if (value === undefined) return 1000
  if (!Number.isInteger(value) || value < 0)
    throw invalidArgument(`Provided ${name} not an integer or within integer range`, name, String(value))
  return Math.min(value, 1000)
}
