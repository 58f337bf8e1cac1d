import type * as S3 from '@aws-sdk/client-s3'
import { invalidArgument, requireBucket, type BucketDeps } from './bucket-deps.js'
import type { OperationInput, OperationOutput } from '../../http/operations.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { printMarker, printVersion } from './listing-entry.js'
import { nameEncoder, pageLimit } from './listing-request.js'
import { compareKeys, walkKeys, type WalkStart } from './listing-walk.js'

type Input = OperationInput<'s3', 'ListObjectVersions'>

type Entry =
  | { readonly type: 'version'; readonly record: ObjectRecord; readonly isLatest: boolean }
  | { readonly type: 'prefix'; readonly name: string }

/** All versions and delete markers, by key and the newest first. [API_ListObjectVersions] */
export function listObjectVersions(
  deps: BucketDeps,
  input: Input,
): OperationOutput<'s3', 'ListObjectVersions'> {
  const bucket = requireBucket(deps, input)
  const limit = pageLimit(input.MaxKeys)
  const encode = nameEncoder(input.EncodingType)
  const entries: Entry[] = []
  let isTruncated = false
  if (limit > 0)
    for (const entry of walkVersions(deps, bucket, input)) {
      if (entries.length === limit) {
        isTruncated = true
        break
      }
      entries.push(entry)
    }
  const versions = entries.flatMap((entry) => (entry.type === 'version' ? [entry] : []))
  const prefixes = entries.flatMap((entry) => (entry.type === 'prefix' ? [entry.name] : []))
  const markers = versions.filter(({ record }) => record.deleteMarker)
  const objects = versions.filter(({ record }) => !record.deleteMarker)
  return {
    Name: bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    MaxKeys: limit,
    IsTruncated: isTruncated,
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType === 'url' ? { EncodingType: input.EncodingType } : {}),
    ...(isTruncated ? nextMarkers(entries.at(-1), encode) : {}),
    ...(objects.length === 0
      ? {}
      : {
          Versions: objects.map(({ isLatest, record }) => printVersion(record, isLatest, bucket, encode)),
        }),
    ...(markers.length === 0
      ? {}
      : {
          DeleteMarkers: markers.map(({ isLatest, record }) => printMarker(record, isLatest, bucket, encode)),
        }),
    ...(prefixes.length === 0
      ? {}
      : { CommonPrefixes: prefixes.map((prefix) => ({ Prefix: encode(prefix) })) }),
  }
}

/**
 * From the markers on. A version that is the marker and was deleted since leaves no place to go on from, so all
 * versions of its key are listed: clients that delete what they list page by page miss nothing.
 */
function* walkVersions(deps: BucketDeps, bucket: BucketRecord, input: Input): Generator<Entry> {
  const keyMarker = input.KeyMarker ?? ''
  const versionMarker = input.VersionIdMarker || undefined
  if (versionMarker !== undefined && keyMarker === '')
    throw invalidArgument(
      'A version-id marker cannot be specified without a key marker.',
      'version-id-marker',
      versionMarker,
    )
  const resumes = versionMarker !== undefined
  const after: WalkStart = { type: resumes ? 'from' : 'key', name: keyMarker }
  const listed = walkKeys(deps.state.current, {
    bucket: bucket.name,
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter ?? '',
    after: keyMarker === '' ? undefined : after,
    withDeleteMarkers: true,
  })
  const older = new OlderVersions(deps.state.older, bucket.name)
  for (const entry of listed) {
    if (entry.type === 'prefix') yield entry
    else
      yield* versionsAfter(
        older.of(entry.name),
        entry.record,
        entry.name === keyMarker ? versionMarker : undefined,
      )
  }
}

function* versionsAfter(
  older: Iterable<ObjectRecord>,
  current: ObjectRecord,
  marker: string | undefined,
): Generator<Entry> {
  if (marker === undefined) {
    yield { type: 'version', record: current, isLatest: true }
    for (const record of older) yield { type: 'version', record, isLatest: false }
    return
  }
  const versions = [current, ...older]
  const at = versions.findIndex((record) => record.versionId === marker)
  for (const record of versions.slice(at + 1)) yield { type: 'version', record, isLatest: record === current }
}

/**
 * The versions that are not current. Keys are asked for in order, and most have none: the first row behind the
 * last answer tells so without a seek for each key.
 */
class OlderVersions {
  /** The key of the first row at or behind the last key asked for; `undefined` when there is none. */
  private nextKey: string | undefined
  private isStarted = false

  constructor(
    private readonly table: BucketDeps['state']['older'],
    private readonly bucket: string,
  ) {}

  /** Newest first. */
  *of(key: string): Generator<ObjectRecord> {
    if (this.isStarted && (this.nextKey === undefined || compareKeys(this.nextKey, key) > 0)) return
    this.isStarted = true
    this.nextKey = undefined
    for (const { value } of this.table.range({ start: [this.bucket, key], end: [`${this.bucket}!`] })) {
      if (value.key !== key) {
        this.nextKey = value.key
        return
      }
      // Should the caller stop here, the next answer has to seek.
      this.nextKey = key
      yield value
      this.nextKey = undefined
    }
  }
}

function nextMarkers(
  last: Entry | undefined,
  encode: (name: string) => string,
): Pick<S3.ListObjectVersionsOutput, 'NextKeyMarker' | 'NextVersionIdMarker'> {
  if (last === undefined) return {}
  if (last.type === 'prefix') return { NextKeyMarker: encode(last.name) }
  return { NextKeyMarker: encode(last.record.key), NextVersionIdMarker: last.record.versionId }
}
