import { createHash } from 'node:crypto'
import { AwsError } from '../../aws-error.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import { startChecksum } from '../../signature/checksum.js'
import { combineCrcs } from '../../signature/crc-combine.js'
import { dropStored, removeFiles } from '../contents.js'
import type { S3Deps } from '../deps.js'
import type { PartRecord, UploadRecord } from '../records.js'
import { putVersion } from '../versions.js'
import { malformedXml } from './bucket-deps.js'
import { checkWriteConditions } from './conditions.js'
import { algorithmOf } from './multipart-parts.js'
import { forgetUpload, partsOf, requireUpload } from './multipart-uploads.js'
import { printChecksums } from './object-checksums.js'
import { printEncryption } from './object-settings.js'
import { modifiedNow, versionOf } from './put-object.js'

type Input = OperationInput<'s3', 'CompleteMultipartUpload'>
type NamedPart = NonNullable<NonNullable<Input['MultipartUpload']>['Parts']>[number]

/** All parts but the last. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const minPartBytes = 5 * 2 ** 20

/** CompleteMultipartUpload: the object consists of the parts' contents as they are. */
export async function completeMultipartUpload(
  deps: S3Deps,
  input: Input,
): Promise<OperationOutput<'s3', 'CompleteMultipartUpload'>> {
  requireUpload(deps, input)
  const named = input.MultipartUpload?.Parts ?? []
  if (named.length === 0) throw malformedXml()
  const done = await deps.state.database.transaction(() => {
    const { bucket, upload } = requireUpload(deps, input)
    const uploaded = partsOf(deps, upload.uploadId)
    const parts = chooseParts(upload, uploaded, named)
    checkWriteConditions(deps.state.object(bucket.name, upload.key), input, upload.key)
    const size = parts.reduce((sum, part) => sum + part.size, 0)
    if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== size)
      throw new AwsError(
        'InvalidRequest',
        'The provided x-amz-mp-object-size does not match the size of the object.',
        400,
      )
    const checksums = { [algorithmOf(upload)]: checksumOf(upload, parts) }
    compareChecksum(input, upload, checksums)
    const unused = uploaded.filter((part) => !parts.includes(part))
    const put = putVersion(deps.state, bucket, {
      key: upload.key,
      modifiedMs: modifiedNow(deps),
      etag: etagOfParts(parts),
      size,
      content: parts.flatMap((part) => part.content ?? []),
      storageClass: upload.storageClass,
      ...(upload.contentType === undefined ? {} : { contentType: upload.contentType }),
      headers: upload.headers,
      metadata: upload.metadata,
      tags: upload.tags,
      encryption: upload.encryption,
      checksums,
      ...(upload.checksumType === undefined ? {} : { checksumType: upload.checksumType }),
      parts: parts.map(withoutContent),
      ...(upload.legalHold === undefined ? {} : { legalHold: upload.legalHold }),
      ...(upload.retention === undefined ? {} : { retention: upload.retention }),
      owner: upload.owner,
    })
    forgetUpload(deps, upload, uploaded)
    dropStored(deps.state, [...put.removed, ...unused])
    return { bucket, upload, put, unused, checksums }
  })
  await removeFiles(deps, [...done.put.removed, ...done.unused])
  const { record } = done.put
  return {
    Location: `http://${done.bucket.name}.s3.${done.bucket.region}.amazonaws.com/${encodeURIComponent(record.key)}`,
    Bucket: done.bucket.name,
    Key: record.key,
    ETag: `"${record.etag}"`,
    ...printChecksums(done.checksums),
    ...(record.checksumType === undefined ? {} : { ChecksumType: record.checksumType }),
    ...printEncryption(record.encryption),
    ...versionOf(done.bucket, record.versionId),
  }
}

/** The uploaded parts that the request names. Errors: `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`. */
function chooseParts(
  upload: UploadRecord,
  uploaded: readonly PartRecord[],
  named: readonly NamedPart[],
): PartRecord[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]))
  const algorithm = algorithmOf(upload)
  let last = 0
  const parts = named.map((one) => {
    const number = one.PartNumber ?? 0
    if (number <= last)
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
        400,
        { UploadId: upload.uploadId },
      )
    last = number
    const part = byNumber.get(number)
    const etag = one.ETag?.replace(/^"(.*)"$/, '$1')
    const checksum = (one as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`]
    if (
      part === undefined ||
      etag !== part.etag ||
      (checksum !== undefined && checksum !== part.checksums[algorithm])
    )
      throw new AwsError(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        400,
        { UploadId: upload.uploadId, PartNumber: String(number), ETag: etag ?? '' },
      )
    return part
  })
  for (const part of parts.slice(0, -1))
    if (part.size < minPartBytes)
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        {
          ProposedSize: String(part.size),
          MinSizeAllowed: String(minPartBytes),
          PartNumber: String(part.number),
          ETag: part.etag,
        },
      )
  return parts
}

/** `md5-of-md5s-N` */
function etagOfParts(parts: readonly PartRecord[]): string {
  const hash = createHash('md5')
  for (const part of parts) hash.update(Buffer.from(part.etag, 'hex'))
  return `${hash.digest('hex')}-${parts.length}`
}

function checksumOf(upload: UploadRecord, parts: readonly PartRecord[]): string {
  const algorithm = algorithmOf(upload)
  const sums = parts.map((part) => ({ checksum: part.checksums[algorithm] ?? '', size: part.size }))
  if (upload.checksumType !== 'COMPOSITE') return combineCrcs(algorithm, sums)
  return `${checksumOfBytes(algorithm, Buffer.concat(sums.map((sum) => Buffer.from(sum.checksum, 'base64'))))}-${parts.length}`
}

function checksumOfBytes(algorithm: ReturnType<typeof algorithmOf>, bytes: Buffer): string {
  const checksum = startChecksum(algorithm)
  checksum.update(bytes)
  const digest = checksum.digest()
  if (typeof digest !== 'string') throw new Error(`${algorithm} has no composite checksum`)
  return digest
}

/** A checksum of the object that the client declares has to be the one that the parts give. */
function compareChecksum(
  input: Input,
  upload: UploadRecord,
  checksums: Readonly<Record<string, string>>,
): void {
  if (input.ChecksumType !== undefined && input.ChecksumType !== upload.checksumType)
    throw new AwsError(
      'InvalidRequest',
      `The upload was created using the ${upload.checksumType ?? ''} checksum mode. The complete request must use the same checksum mode.`,
      400,
    )
  const algorithm = algorithmOf(upload)
  const declared = (input as unknown as Readonly<Record<string, unknown>>)[`Checksum${algorithm}`]
  if (declared !== undefined && withoutCount(String(declared)) !== withoutCount(checksums[algorithm] ?? ''))
    throw new AwsError(
      'BadDigest',
      `The ${algorithm} you specified did not match the calculated checksum.`,
      400,
    )
}

/** A composite checksum without its number of parts, which clients may leave out. */
function withoutCount(checksum: string): string {
  return checksum.replace(/-\d+$/, '')
}

/** The object names the contents of its parts itself. */
function withoutContent(part: PartRecord): PartRecord {
  const { content: _, ...rest } = part
  return rest
}
