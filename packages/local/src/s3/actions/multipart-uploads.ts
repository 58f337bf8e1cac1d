import { randomBytes } from 'node:crypto'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import { isCombinable } from '../../signature/crc-combine.js'
import { dropStored, removeFiles } from '../contents.js'
import type { S3Deps } from '../deps.js'
import { checkKey } from '../find-object.js'
import type { BucketRecord, PartRecord, UploadRecord } from '../records.js'
import { invalidArgument, requireBucket } from './bucket-deps.js'
import { defaultChecksum, readAlgorithm } from './object-checksums.js'
import { printEncryption, readSettings } from './object-settings.js'
import { modifiedNow, ownerOfWrite } from './put-object.js'

/** CreateMultipartUpload: settings and checksum of the object are fixed here. */
export async function createMultipartUpload(
  deps: S3Deps,
  input: OperationInput<'s3', 'CreateMultipartUpload'>,
  call: Call,
): Promise<OperationOutput<'s3', 'CreateMultipartUpload'>> {
  const bucket = requireBucket(deps, input)
  const key = checkKey(input.Key)
  const settings = readSettings(deps, call, bucket, input)
  const checksum = readChecksum(input)
  const initiatedMs = modifiedNow(deps)
  // Uploads of a key are listed in the order in which they were begun, which is that of their ids.
  const uploadId = `${deps.nowMs().toString(36).padStart(9, '0')}${randomBytes(32).toString('base64url')}`
  await deps.state.database.transaction(() => {
    const now = requireBucket(deps, input)
    deps.state.uploads.put([now.name, key, uploadId], {
      bucket: now.name,
      key,
      uploadId,
      initiatedMs,
      initiator: call.caller.principal,
      owner: ownerOfWrite(now, call),
      ...settings,
      ...checksum,
    })
  })
  return {
    Bucket: bucket.name,
    Key: key,
    UploadId: uploadId,
    ...printEncryption(settings.encryption),
    ...(input.ChecksumAlgorithm === undefined
      ? {}
      : { ChecksumAlgorithm: input.ChecksumAlgorithm, ChecksumType: checksum.checksumType }),
  }
}

/**
 * Which checksum the object will have: of the whole (CRCs) or of the parts' checksums.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
function readChecksum(input: OperationInput<'s3', 'CreateMultipartUpload'>): Required<
  Pick<UploadRecord, 'checksumAlgorithm' | 'checksumType'>
> & {
  readonly explicitChecksum: boolean
} {
  const algorithm = readAlgorithm(input.ChecksumAlgorithm) ?? defaultChecksum
  const explicitChecksum = input.ChecksumAlgorithm !== undefined
  const asked = input.ChecksumType
  if (asked !== undefined && asked !== 'FULL_OBJECT' && asked !== 'COMPOSITE')
    throw invalidArgument('Value for x-amz-checksum-type header is invalid.', 'x-amz-checksum-type', asked)
  if (asked !== undefined && !explicitChecksum)
    throw new AwsError(
      'InvalidRequest',
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
      400,
    )
  const byDefault = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'
  const checksumType = asked ?? byDefault
  if (checksumType === 'FULL_OBJECT' ? !isCombinable(algorithm) : algorithm === 'CRC64NVME')
    throw new AwsError(
      'InvalidRequest',
      `The ${checksumType} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
      400,
    )
  return { checksumAlgorithm: algorithm, checksumType, explicitChecksum }
}

/** What requests on an upload name. */
export interface UploadInput {
  readonly Bucket?: string | undefined
  readonly Key?: string | undefined
  readonly UploadId?: string | undefined
  readonly ExpectedBucketOwner?: string | undefined
}

/** The upload that a request names. Errors: `NoSuchBucket`, `NoSuchUpload`. */
export function requireUpload(
  deps: S3Deps,
  input: UploadInput,
): { readonly bucket: BucketRecord; readonly upload: UploadRecord } {
  const bucket = requireBucket(deps, input)
  const { Key: key = '', UploadId: uploadId = '' } = input
  const tooLong = Buffer.byteLength(key) > 1024 || uploadId.length > 200
  const upload = tooLong ? undefined : deps.state.upload(bucket.name, key, uploadId)
  if (upload === undefined)
    throw new AwsError(
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      404,
      { UploadId: uploadId },
    )
  return { bucket, upload }
}

/** The parts that have been uploaded, by number. */
export function partsOf(deps: S3Deps, uploadId: string): PartRecord[] {
  return [...deps.state.parts.range({ start: [uploadId], end: [`${uploadId}!`] })].map((row) => row.value)
}

/** Inside a transaction: forgets an upload and its parts. */
export function forgetUpload(deps: S3Deps, upload: UploadRecord, parts: readonly PartRecord[]): void {
  deps.state.uploads.delete([upload.bucket, upload.key, upload.uploadId])
  for (const part of parts) deps.state.parts.delete([upload.uploadId, part.number])
}

/** AbortMultipartUpload */
export async function abortMultipartUpload(
  deps: S3Deps,
  input: OperationInput<'s3', 'AbortMultipartUpload'>,
): Promise<OperationOutput<'s3', 'AbortMultipartUpload'>> {
  const parts = await deps.state.database.transaction(() => {
    const { upload } = requireUpload(deps, input)
    const found = partsOf(deps, upload.uploadId)
    forgetUpload(deps, upload, found)
    dropStored(deps.state, found)
    return found
  })
  await removeFiles(deps, parts)
  return {}
}
