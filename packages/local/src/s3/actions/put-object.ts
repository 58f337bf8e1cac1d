import { randomBytes } from 'node:crypto'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import { discardContent, dropStored, keepContent, receiveBody, removeFiles } from '../contents.js'
import type { S3Deps } from '../deps.js'
import { checkKey } from '../find-object.js'
import type { BucketRecord, ObjectEncryption } from '../records.js'
import { putVersion } from '../versions.js'
import { requireBucket } from './bucket-deps.js'
import { checkWriteConditions } from './conditions.js'
import { defaultChecksum, keptChecksums, printChecksums, readAlgorithm } from './object-checksums.js'
import { printEncryption, readSettings } from './object-settings.js'

/** The largest body of one request. https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
const maxBodyBytes = 5 * 2 ** 30

/** PutObject: nothing is visible before signature, checksums and length of the whole body have been verified. */
export async function putObject(
  deps: S3Deps,
  input: OperationInput<'s3', 'PutObject'>,
  call: Call,
): Promise<OperationOutput<'s3', 'PutObject'>> {
  const bucket = requireBucket(deps, input)
  const key = checkKey(input.Key)
  if (input.WriteOffsetBytes !== undefined)
    throw new AwsError('NotImplemented', 'Appending to objects is not implemented', 501)
  const settings = readSettings(deps, call, bucket, input)
  checkConditionsNow(deps, bucket, input, key)
  checkDeclaredSize(input.Body.declaredSize)
  const wanted = declaresChecksum(call) ? [] : [readAlgorithm(input.ChecksumAlgorithm) ?? defaultChecksum]
  const { facts, content } = await receiveBody(deps, input.Body, wanted)
  const checksums = keptChecksums(facts.checksums, facts.declared.length > 0 ? facts.declared : wanted)
  const modifiedMs = modifiedNow(deps)
  const change = await deps.state.database
    .transaction(() => {
      // The bucket and the object may have changed while the body was on its way.
      const now = requireBucket(deps, input)
      checkConditionsNow(deps, now, input, key)
      const put = putVersion(deps.state, now, {
        key,
        modifiedMs,
        etag: etagOf(facts.md5, settings.encryption),
        size: facts.size,
        content: keepContent(deps.state, content),
        ...settings,
        checksums,
        checksumType: 'FULL_OBJECT',
        owner: ownerOfWrite(now, call),
      })
      dropStored(deps.state, put.removed)
      return put
    })
    .catch(async (error: unknown) => {
      await discardContent(deps, content)
      throw error
    })
  await removeFiles(deps, change.removed)
  return {
    ETag: `"${change.record.etag}"`,
    ...printChecksums(checksums),
    ChecksumType: 'FULL_OBJECT',
    ...printEncryption(settings.encryption),
    ...versionOf(bucket, change.record.versionId),
  }
}

function checkConditionsNow(
  deps: S3Deps,
  bucket: BucketRecord,
  input: OperationInput<'s3', 'PutObject'>,
  key: string,
): void {
  if (input.IfMatch !== undefined || input.IfNoneMatch !== undefined)
    checkWriteConditions(deps.state.object(bucket.name, key), input, key)
}

/** Uploads say how long they are. Errors: `MissingContentLength`, `EntityTooLarge`. */
export function checkDeclaredSize(size: number | undefined): void {
  if (size === undefined)
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411)
  if (size > maxBodyBytes)
    throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
      ProposedSize: String(size),
      MaxSizeAllowed: String(maxBodyBytes),
    })
}

/** Whether a checksum comes with the request, in a header or in its trailer. */
export function declaresChecksum(call: Call): boolean {
  if ((call.headers['x-amz-trailer'] ?? '').includes('x-amz-checksum-')) return true
  for (const name in call.headers) if (/^x-amz-checksum-(?!algorithm$|type$|mode$)/.test(name)) return true
  return false
}

/** Whole seconds, as `Last-Modified` has them. */
export function modifiedNow(deps: Pick<S3Deps, 'nowMs'>): number {
  return Math.floor(deps.nowMs() / 1000) * 1000
}

/** The MD5 of the bytes, or with SSE-KMS something that is not. */
export function etagOf(md5: string, encryption: ObjectEncryption): string {
  return encryption.algorithm === 'AES256' ? md5 : randomBytes(16).toString('hex')
}

/** Objects belong to the bucket's owner, or where ACLs are on to who wrote them. */
export function ownerOfWrite(bucket: BucketRecord, call: Call): string {
  if (bucket.ownership === 'BucketOwnerEnforced') return bucket.account
  return call.caller.account === '' ? bucket.account : call.caller.account
}

/** Answers name a version only where versioning is or was on. */
export function versionOf(bucket: BucketRecord, versionId: string): { VersionId?: string } {
  return bucket.versioning === undefined ? {} : { VersionId: versionId }
}
