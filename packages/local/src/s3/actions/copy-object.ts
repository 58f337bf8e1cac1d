import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import { parseCopySource } from '../../enforce/s3-context.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import { contentPieces, dropStored, keepLinked, linkContent, readPieces, removeFiles } from '../contents.js'
import type { S3Deps } from '../deps.js'
import { checkKey, findObject } from '../find-object.js'
import type { BucketRecord, ObjectEncryption, ObjectRecord } from '../records.js'
import { putVersion } from '../versions.js'
import { invalidArgument, requireBucket } from './bucket-deps.js'
import { checkConditions, checkWriteConditions, preconditionFailed } from './conditions.js'
import { defaultChecksum, printChecksums, readAlgorithm } from './object-checksums.js'
import { printEncryption, readSettings, type ObjectSettings } from './object-settings.js'
import { etagOf, modifiedNow, ownerOfWrite, versionOf } from './put-object.js'

type CopyInput = OperationInput<'s3', 'CopyObject'>

const maxCopyBytes = 5 * 2 ** 30

/** What both copying operations say about their source. */
export interface CopySourceInput {
  readonly CopySource?: string | undefined
  readonly CopySourceIfMatch?: string | undefined
  readonly CopySourceIfNoneMatch?: string | undefined
  readonly CopySourceIfModifiedSince?: Date | undefined
  readonly CopySourceIfUnmodifiedSince?: Date | undefined
  readonly CopySourceSSECustomerAlgorithm?: string | undefined
  readonly ExpectedSourceBucketOwner?: string | undefined
}

/** The object that a copy reads; the header is read as enforcement read it when it asked for the permission. */
export function findCopySource(
  deps: S3Deps,
  input: CopySourceInput,
  call: Call,
): { readonly bucket: BucketRecord; readonly record: ObjectRecord } {
  const source = parseCopySource(input.CopySource)
  if (source === undefined)
    throw invalidArgument(
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
      'x-amz-copy-source',
      input.CopySource ?? '',
    )
  if (input.CopySourceSSECustomerAlgorithm !== undefined)
    throw new AwsError(
      'NotImplemented',
      'Server-side encryption with customer-provided keys is not implemented',
      501,
    )
  const bucket = requireBucket(deps, {
    Bucket: source.bucket,
    ExpectedBucketOwner: input.ExpectedSourceBucketOwner,
  })
  const record = findObject(deps, call, bucket, source.key, source.versionId)
  const result = checkConditions(record, {
    ifMatch: input.CopySourceIfMatch,
    ifNoneMatch: input.CopySourceIfNoneMatch,
    ifModifiedSince: input.CopySourceIfModifiedSince,
    ifUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
  })
  if (result !== 'met') throw preconditionFailed('x-amz-copy-source-If-*')
  return { bucket, record }
}

/** CopyObject: the bytes are not copied, since contents never change: the copy names them once more. */
export async function copyObject(
  deps: S3Deps,
  input: CopyInput,
  call: Call,
): Promise<OperationOutput<'s3', 'CopyObject'>> {
  const bucket = requireBucket(deps, input)
  const key = checkKey(input.Key)
  const source = findCopySource(deps, input, call)
  const { record } = source
  if (record.size > maxCopyBytes)
    throw new AwsError(
      'InvalidRequest',
      'The specified copy source is larger than the maximum allowable size for a copy source: 5368709120',
      400,
    )
  const settings = copiedSettings(deps, input, call, bucket, record)
  refuseCopyOntoItself(input, bucket, key, source)
  checkWriteConditions(deps.state.object(bucket.name, key), input, key)
  const hashes = await hashesOfCopy(deps, input, record, settings.encryption)
  const linked = await linkContent(deps, record.content ?? [])
  const modifiedMs = modifiedNow(deps)
  const change = await deps.state.database
    .transaction(() => {
      const now = requireBucket(deps, input)
      checkWriteConditions(deps.state.object(now.name, key), input, key)
      const put = putVersion(deps.state, now, {
        key,
        modifiedMs,
        etag: hashes.etag,
        size: record.size,
        content: keepLinked(deps.state, linked),
        ...settings,
        checksums: hashes.checksums,
        checksumType: 'FULL_OBJECT',
        owner: ownerOfWrite(now, call),
      })
      dropStored(deps.state, put.removed)
      return put
    })
    .catch(async (error: unknown) => {
      await removeFiles(deps, [{ content: linked.pieces }])
      throw error
    })
  await removeFiles(deps, change.removed)
  return {
    CopyObjectResult: {
      ETag: `"${hashes.etag}"`,
      LastModified: new Date(modifiedMs),
      ...printChecksums(hashes.checksums),
      ChecksumType: 'FULL_OBJECT',
    },
    ...(source.bucket.versioning === undefined ? {} : { CopySourceVersionId: record.versionId }),
    ...versionOf(bucket, change.record.versionId),
    ...printEncryption(settings.encryption),
  }
}

/** Metadata and tags come from the source, unless a directive says that the request replaces them. */
function copiedSettings(
  deps: S3Deps,
  input: CopyInput,
  call: Call,
  bucket: BucketRecord,
  source: ObjectRecord,
): ObjectSettings {
  const directive = checkDirective('x-amz-metadata-directive', input.MetadataDirective)
  const tagging = checkDirective('x-amz-tagging-directive', input.TaggingDirective)
  const asked = readSettings(deps, call, bucket, input)
  const { contentType, headers, metadata } = directive === 'REPLACE' ? asked : source
  const { contentType: _, ...rest } = asked
  // A redirect is not copied. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
  const redirect = asked.headers['x-amz-website-redirect-location']
  const { 'x-amz-website-redirect-location': __, ...kept } = headers
  return {
    ...rest,
    ...(contentType === undefined ? {} : { contentType }),
    headers: redirect === undefined ? kept : { ...kept, 'x-amz-website-redirect-location': redirect },
    metadata,
    tags: tagging === 'REPLACE' ? asked.tags : source.tags,
  }
}

function checkDirective(name: string, value: string | undefined): 'COPY' | 'REPLACE' {
  if (value === undefined || value === 'COPY') return 'COPY'
  if (value === 'REPLACE') return 'REPLACE'
  throw invalidArgument(`Unknown directive.`, name, value)
}

function refuseCopyOntoItself(
  input: CopyInput,
  bucket: BucketRecord,
  key: string,
  source: { readonly bucket: BucketRecord; readonly record: ObjectRecord },
): void {
  if (source.bucket.name !== bucket.name || source.record.key !== key) return
  const changes =
    input.MetadataDirective === 'REPLACE' ||
    input.StorageClass !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.WebsiteRedirectLocation !== undefined ||
    parseCopySource(input.CopySource)?.versionId !== undefined
  if (!changes)
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      400,
    )
}

/** ETag and checksums of the copy: the source's where they are those of the whole bytes, else computed. */
async function hashesOfCopy(
  deps: S3Deps,
  input: CopyInput,
  source: ObjectRecord,
  encryption: ObjectEncryption,
): Promise<{ readonly etag: string; readonly checksums: Readonly<Record<string, string>> }> {
  const asked = readAlgorithm(input.ChecksumAlgorithm)
  const [present] = Object.keys(source.checksums)
  const algorithm = asked ?? readAlgorithm(present) ?? defaultChecksum
  const known = source.checksumType === 'COMPOSITE' ? undefined : source.checksums[algorithm]
  const md5Known = source.encryption.algorithm === 'AES256' && /^[0-9a-f]{32}$/.test(source.etag)
  if (known !== undefined && (md5Known || encryption.algorithm !== 'AES256'))
    return { etag: etagOf(source.etag, encryption), checksums: { [algorithm]: known } }
  const facts = await readPieces(contentPieces(deps, source.content, 0, source.size), [algorithm])
  return { etag: etagOf(facts.md5, encryption), checksums: facts.checksums }
}
