import type { OperationInput, OperationOutput, ServiceOperations } from '../../http/operations.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { requireBucket, type BucketDeps } from './bucket-deps.js'
import { printObject } from './listing-entry.js'
import { nameEncoder, pageLimit, parseToken, printToken } from './listing-request.js'
import { listObjectVersions } from './listing-versions.js'
import { walkKeys, type Listed, type WalkStart } from './listing-walk.js'

type Input<Name extends 'ListObjects' | 'ListObjectsV2'> = OperationInput<'s3', Name>
type Output<Name extends 'ListObjects' | 'ListObjectsV2'> = OperationOutput<'s3', Name>

/** The listings of a bucket's objects and versions. */
export function listingOperations(deps: BucketDeps) {
  return {
    ListObjects: (input) => listObjects(deps, input),
    ListObjectsV2: (input) => listObjectsV2(deps, input),
    ListObjectVersions: (input) => listObjectVersions(deps, input),
  } satisfies ServiceOperations<'s3'>
}

/** [API_ListObjects] */
function listObjects(deps: BucketDeps, input: Input<'ListObjects'>): Output<'ListObjects'> {
  const bucket = requireBucket(deps, input)
  const marker = input.Marker ?? ''
  const after: WalkStart | undefined = marker === '' ? undefined : { type: 'key', name: marker }
  const page = readPage(deps, bucket, input, after)
  const encode = nameEncoder(input.EncodingType)
  return {
    ...printPage(page, bucket, input, true),
    Marker: encode(marker),
    // "Returned only if you have the delimiter request parameter specified."
    ...(page.isTruncated && page.last !== undefined && input.Delimiter
      ? { NextMarker: encode(page.last.name) }
      : {}),
  }
}

/** [API_ListObjectsV2] */
function listObjectsV2(deps: BucketDeps, input: Input<'ListObjectsV2'>): Output<'ListObjectsV2'> {
  const bucket = requireBucket(deps, input)
  const { ContinuationToken: token, StartAfter: startAfter } = input
  const behind: WalkStart | undefined = startAfter ? { type: 'key', name: startAfter } : undefined
  const page = readPage(deps, bucket, input, token === undefined ? behind : parseToken(token))
  return {
    ...printPage(page, bucket, input, input.FetchOwner === true),
    KeyCount: page.objects.length + page.prefixes.length,
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(startAfter === undefined ? {} : { StartAfter: nameEncoder(input.EncodingType)(startAfter) }),
    ...(page.isTruncated && page.last !== undefined ? { NextContinuationToken: printToken(page.last) } : {}),
  }
}

interface Page {
  readonly objects: readonly ObjectRecord[]
  readonly prefixes: readonly string[]
  readonly isTruncated: boolean
  /** The entry after which the next page begins. */
  readonly last: WalkStart | undefined
}

type PageInput = Pick<Input<'ListObjects'>, 'Delimiter' | 'EncodingType' | 'MaxKeys' | 'Prefix'>

function readPage(
  deps: BucketDeps,
  bucket: BucketRecord,
  input: PageInput,
  after: WalkStart | undefined,
): Page {
  const limit = pageLimit(input.MaxKeys)
  const objects: ObjectRecord[] = []
  const prefixes: string[] = []
  let last: Listed | undefined
  if (limit === 0) return { objects, prefixes, isTruncated: false, last }
  const listed = walkKeys(deps.state.current, {
    bucket: bucket.name,
    prefix: input.Prefix ?? '',
    delimiter: input.Delimiter ?? '',
    after,
    withDeleteMarkers: false,
  })
  for (const entry of listed) {
    if (objects.length + prefixes.length === limit) return { objects, prefixes, isTruncated: true, last }
    if (entry.type === 'key') objects.push(entry.record)
    else prefixes.push(entry.name)
    last = entry
  }
  return { objects, prefixes, isTruncated: false, last }
}

function printPage(page: Page, bucket: BucketRecord, input: PageInput, withOwner: boolean) {
  const encode = nameEncoder(input.EncodingType)
  return {
    Name: bucket.name,
    Prefix: encode(input.Prefix ?? ''),
    MaxKeys: pageLimit(input.MaxKeys),
    IsTruncated: page.isTruncated,
    ...(input.Delimiter ? { Delimiter: encode(input.Delimiter) } : {}),
    ...(input.EncodingType === 'url' ? { EncodingType: input.EncodingType } : {}),
    ...(page.objects.length === 0
      ? {}
      : { Contents: page.objects.map((record) => printObject(record, bucket, encode, withOwner)) }),
    ...(page.prefixes.length === 0
      ? {}
      : { CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: encode(prefix) })) }),
  }
}
