import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import type { WrittenContent } from '../../store/object-files.js'
import {
  contentPieces,
  discardContent,
  dropStored,
  keepContent,
  readPieces,
  receiveBody,
  removeFiles,
} from '../contents.js'
import type { S3Deps } from '../deps.js'
import type { PartRecord, UploadRecord } from '../records.js'
import { invalidArgument } from './bucket-deps.js'
import { findCopySource } from './copy-object.js'
import { requireUpload, type UploadInput } from './multipart-uploads.js'
import { defaultChecksum, printChecksums, readAlgorithm } from './object-checksums.js'
import { printEncryption } from './object-settings.js'
import { checkDeclaredSize, etagOf, modifiedNow } from './put-object.js'
import { parseRange } from './range.js'

const maxParts = 10_000

/** UploadPart: a part of the same number is replaced. */
export async function uploadPart(
  deps: S3Deps,
  input: OperationInput<'s3', 'UploadPart'>,
): Promise<OperationOutput<'s3', 'UploadPart'>> {
  const { upload } = requireUpload(deps, input)
  const number = checkPartNumber(input.PartNumber)
  checkDeclaredSize(input.Body.declaredSize)
  const algorithm = algorithmOf(upload)
  const { facts, content } = await receiveBody(deps, input.Body, [algorithm])
  const other = facts.declared.find((one) => one !== algorithm)
  if (other !== undefined && upload.explicitChecksum) {
    await discardContent(deps, content)
    throw new AwsError(
      'InvalidRequest',
      `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, actual checksum Type: ${other.toLowerCase()}`,
      400,
    )
  }
  const checksum = facts.checksums[algorithm] ?? ''
  const part = await keepPart(deps, input, number, content, {
    etag: etagOf(facts.md5, upload.encryption),
    size: facts.size,
    checksums: { [algorithm]: checksum },
  })
  return {
    ETag: `"${part.etag}"`,
    ...printChecksums(facts.declared.length > 0 ? pick(facts.checksums, facts.declared) : part.checksums),
    ...printEncryption(upload.encryption),
  }
}

function pick(checksums: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(checksums).filter(([name]) => names.includes(name)))
}

/** UploadPartCopy: bytes of an object as a part. */
export async function uploadPartCopy(
  deps: S3Deps,
  input: OperationInput<'s3', 'UploadPartCopy'>,
  call: Call,
): Promise<OperationOutput<'s3', 'UploadPartCopy'>> {
  const { upload } = requireUpload(deps, input)
  const number = checkPartNumber(input.PartNumber)
  const source = findCopySource(deps, input, call)
  const range = copyRange(input.CopySourceRange, source.record.size)
  const algorithm = algorithmOf(upload)
  const writer = deps.files.startContent()
  let content: WrittenContent
  let facts
  try {
    const pieces = contentPieces(deps, source.record.content, range.start, range.length)
    facts = await readPieces(pieces, [algorithm], writer)
    content = await writer.finish()
  } catch (error) {
    await writer.abandon()
    throw error
  }
  const part = await keepPart(deps, input, number, content, {
    etag: etagOf(facts.md5, upload.encryption),
    size: facts.size,
    checksums: facts.checksums,
  })
  return {
    CopyPartResult: {
      ETag: `"${part.etag}"`,
      LastModified: new Date(part.modifiedMs),
      ...printChecksums(part.checksums),
    },
    ...(source.bucket.versioning === undefined ? {} : { CopySourceVersionId: source.record.versionId }),
    ...printEncryption(upload.encryption),
  }
}

function copyRange(
  header: string | undefined,
  size: number,
): { readonly start: number; readonly length: number } {
  if (header === undefined) return { start: 0, length: size }
  const found = /^bytes=(\d+)-(\d+)$/.exec(header)
  const range = found === null ? undefined : parseRange(header, size)
  if (found === null || range === undefined || Number(found[2]) >= size)
    throw invalidArgument(
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
      'x-amz-copy-source-range',
      header,
    )
  return range
}

function checkPartNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > maxParts)
    throw invalidArgument(
      'Part number must be an integer between 1 and 10000, inclusive',
      'partNumber',
      String(number),
    )
  return number
}

/** The algorithm by which the parts of an upload are summed. */
export function algorithmOf(upload: UploadRecord) {
  return readAlgorithm(upload.checksumAlgorithm) ?? defaultChecksum
}

async function keepPart(
  deps: S3Deps,
  input: UploadInput,
  number: number,
  content: WrittenContent,
  facts: Pick<PartRecord, 'etag' | 'size' | 'checksums'>,
): Promise<PartRecord> {
  const { part, before } = await deps.state.database
    .transaction(() => {
      const { upload } = requireUpload(deps, input)
      const previous = deps.state.parts.get([upload.uploadId, number])
      const record: PartRecord = {
        number,
        ...facts,
        modifiedMs: modifiedNow(deps),
        content: keepContent(deps.state, content),
      }
      deps.state.parts.put([upload.uploadId, number], record)
      if (previous !== undefined) dropStored(deps.state, [previous])
      return { part: record, before: previous }
    })
    .catch(async (error: unknown) => {
      await discardContent(deps, content)
      throw error
    })
  if (before !== undefined) await removeFiles(deps, [before])
  return part
}
