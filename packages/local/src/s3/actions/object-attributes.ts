import type { ObjectAttributes, StorageClass } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import type { S3Deps } from '../deps.js'
import { findObject } from '../find-object.js'
import type { ObjectRecord, PartRecord } from '../records.js'
import { invalidArgument, requireBucket } from './bucket-deps.js'
import { printChecksums, printRecordChecksums } from './object-checksums.js'
import { versionOf } from './put-object.js'

type Input = OperationInput<'s3', 'GetObjectAttributes'>
type Output = OperationOutput<'s3', 'GetObjectAttributes'>

const known: ReadonlySet<string> = new Set(['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'])

/** GetObjectAttributes: only what was asked for. */
export function getObjectAttributes(deps: S3Deps, input: Input, call: Call): Output {
  const bucket = requireBucket(deps, input)
  const record = findObject(deps, call, bucket, input.Key ?? '', input.VersionId)
  const asked = input.ObjectAttributes ?? []
  if (asked.length === 0)
    throw new AwsError(
      'InvalidRequest',
      'Missing required header for this request: x-amz-object-attributes',
      400,
    )
  for (const one of asked)
    if (!known.has(one))
      throw invalidArgument('Invalid attribute name specified.', 'x-amz-object-attributes', one)
  const has = (name: ObjectAttributes): boolean => asked.includes(name)
  return {
    LastModified: new Date(record.modifiedMs),
    ...versionOf(bucket, record.versionId),
    ...(has('ETag') ? { ETag: record.etag } : {}),
    ...(has('Checksum') && Object.keys(record.checksums).length > 0
      ? { Checksum: printRecordChecksums(record) }
      : {}),
    ...(has('ObjectParts') && record.parts !== undefined ? { ObjectParts: partsOf(record, input) } : {}),
    ...(has('StorageClass') ? { StorageClass: record.storageClass as StorageClass } : {}),
    ...(has('ObjectSize') ? { ObjectSize: record.size } : {}),
  }
}

function partsOf(record: ObjectRecord, input: Input): NonNullable<Output['ObjectParts']> {
  const max = Math.min(input.MaxParts ?? 1000, 1000)
  const marker = Number(input.PartNumberMarker ?? 0)
  const after = (record.parts ?? []).filter((part) => part.number > marker)
  const shown = after.slice(0, max)
  const last = shown.at(-1)
  return {
    TotalPartsCount: record.parts?.length ?? 0,
    PartNumberMarker: String(marker),
    MaxParts: max,
    IsTruncated: after.length > shown.length,
    ...(last === undefined ? {} : { NextPartNumberMarker: String(last.number) }),
    Parts: shown.map(printPart),
  }
}

function printPart(part: PartRecord): NonNullable<NonNullable<Output['ObjectParts']>['Parts']>[number] {
  return { PartNumber: part.number, Size: part.size, ...printChecksums(part.checksums) }
}
