import * as fc from 'fast-check'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AwsError } from '../../aws-error.js'
import type { Database } from '../../call.js'
import { openDatabase } from '../../store/database.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { S3State } from '../state.js'
import { compareKeys, successor } from './listing-walk.js'
import { listingOperations } from './listing.js'

const account = '111122223333'
const folder = mkdtempSync(join(tmpdir(), 'ringfence-listing-'))
let database: Database
let state: S3State
let s3: ReturnType<typeof listingOperations>
let made = 0

beforeAll(() => {
  database = openDatabase(folder, { durable: false })
  state = new S3State(database)
  s3 = listingOperations({ state, legacyBucketDefaults: false })
})
afterAll(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function record(key: string, sequence: number, more: Partial<ObjectRecord> = {}): ObjectRecord {
  return {
    key,
    versionId: `v${sequence}`,
    sequence,
    modifiedMs: 1_700_000_000_000,
    etag: 'abc',
    size: 3,
    storageClass: 'STANDARD',
    headers: {},
    metadata: {},
    tags: {},
    encryption: { algorithm: 'AES256' },
    checksums: { CRC32: 'AAAAAA==' },
    checksumType: 'FULL_OBJECT',
    owner: account,
    ...more,
  }
}

/** A new bucket with these versions, in the order in which they were put. Neighbours must never be listed. */
async function bucketOf(puts: readonly (readonly [string, Partial<ObjectRecord>?])[]): Promise<string> {
  const name = `b${made++}`
  const bucket: BucketRecord = {
    name,
    account,
    region: 'eu-west-1',
    createdMs: 0,
    ownership: 'BucketOwnerEnforced',
    encryption: { algorithm: 'AES256', bucketKey: false },
    settings: {},
  }
  await database.transaction(() => {
    state.buckets.put(name, bucket)
    for (const neighbour of [`${name}-`, `${name}.a`, `${name}-x`])
      for (const key of ['', 'a', 'a/b', 'zz']) state.current.put([neighbour, key], record(key, 1))
    for (const [key, more] of puts) {
      const next = record(key, state.nextSequence(), more)
      const current = state.current.get([name, key])
      if (current !== undefined) state.older.put([name, key, -current.sequence], current)
      state.current.put([name, key], next)
    }
  })
  return name
}

const keysOf = (contents: readonly { Key?: string | undefined }[] | undefined) =>
  (contents ?? []).map(({ Key }) => Key)
const prefixesOf = (prefixes: readonly { Prefix?: string | undefined }[] | undefined) =>
  (prefixes ?? []).map(({ Prefix }) => Prefix)

function codeOf(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (error instanceof AwsError) return error.code
    throw error
  }
  return 'done'
}

/** What S3 lists, by its definition: every visible key, rolled up, in UTF-8 binary order. */
function expectedNames(keys: readonly string[], prefix: string, delimiter: string): string[] {
  const names = new Set<string>()
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue
    const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    names.add(at < 0 ? key : key.slice(0, at + delimiter.length))
  }
  return [...names].toSorted(compareKeys)
}

/** Letters that sort differently in UTF-8 and UTF-16, the delimiter, and what escapes treat specially. */
const letter = fc.constantFrom(
  'a',
  'b',
  '/',
  '!',
  '+',
  ' ',
  '~',
  'é',
  '\uFFFD',
  '\u{1F600}',
  '\u{10FFFF}',
  '\uD7FF',
)
const key = fc.string({ unit: letter, minLength: 1, maxLength: 6 })
const longKey = fc.tuple(key, key).map(([a, b]) => `${a}${'x'.repeat(70)}${b}`)
const anyKey = fc.oneof({ weight: 4, arbitrary: key }, { weight: 1, arbitrary: longKey })

test('random buckets, prefixes, delimiters and page sizes are listed as the definition says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyKey, { maxLength: 25 }),
      fc.uniqueArray(anyKey, { maxLength: 5 }),
      fc.string({ unit: letter, maxLength: 2 }),
      fc.constantFrom('', '/', 'a/', '\u{10FFFF}'),
      fc.integer({ min: 1, max: 6 }),
      async (keys, deleted, prefix, delimiter, pageSize) => {
        const visible = keys.filter((one) => !deleted.includes(one))
        const Bucket = await bucketOf([
          ...keys.map((one) => [one] as const),
          ...deleted.map((one) => [one, { deleteMarker: true as const }] as const),
        ])
        const request = { Bucket, Prefix: prefix, Delimiter: delimiter, MaxKeys: pageSize }
        const wanted = expectedNames(visible, prefix, delimiter)
        expect(pagesV2(request)).toEqual(wanted)
        expect(pagesV1(request)).toEqual(wanted)
        expect(pagesOfVersions(request)).toEqual(expectedNames([...keys, ...deleted], prefix, delimiter))
        const all = s3.ListObjectVersions({ Bucket, Prefix: prefix })
        const below = [...keys, ...deleted].filter((one) => one.startsWith(prefix))
        expect((all.Versions?.length ?? 0) + (all.DeleteMarkers?.length ?? 0)).toBe(below.length)
        const latest = [...(all.Versions ?? []), ...(all.DeleteMarkers ?? [])].filter((one) => one.IsLatest)
        expect(latest).toHaveLength(new Set(below).size)
      },
    ),
    { numRuns: 150 },
  )
})

interface Request {
  readonly Bucket: string
  readonly Prefix: string
  readonly Delimiter: string
  readonly MaxKeys: number
}
const maxPages = 200

function pagesV2(request: Request): unknown[] {
  const names: unknown[] = []
  let token: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const output = s3.ListObjectsV2({ ...request, ContinuationToken: token })
    const here = [...keysOf(output.Contents), ...prefixesOf(output.CommonPrefixes)]
    expect(output.KeyCount).toBe(here.length)
    names.push(...here.toSorted((a, b) => compareKeys(a ?? '', b ?? '')))
    token = output.NextContinuationToken
    expect(output.IsTruncated).toBe(token !== undefined)
    if (token === undefined) return names
  }
  throw new Error('the listing does not end')
}

function pagesV1(request: Request): unknown[] {
  const names: unknown[] = []
  let marker: string | undefined
  for (let page = 0; page < maxPages; page++) {
    const output = s3.ListObjects({ ...request, Marker: marker })
    const here = [...keysOf(output.Contents), ...prefixesOf(output.CommonPrefixes)]
    names.push(...here.toSorted((a, b) => compareKeys(a ?? '', b ?? '')))
    if (!output.IsTruncated) return names
    expect(output.NextMarker === undefined).toBe(request.Delimiter === '')
    marker = output.NextMarker ?? output.Contents?.at(-1)?.Key
  }
  throw new Error('the listing does not end')
}

/** The names of all versions, each once. */
function pagesOfVersions(request: Request): unknown[] {
  const names = new Set<unknown>()
  let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (let page = 0; page < maxPages; page++) {
    const output = s3.ListObjectVersions({ ...request, ...markers })
    const versions = [...(output.Versions ?? []), ...(output.DeleteMarkers ?? [])]
    const here = [...keysOf(versions), ...prefixesOf(output.CommonPrefixes)]
    here.toSorted((a, b) => compareKeys(a ?? '', b ?? '')).forEach((name) => names.add(name))
    if (!output.IsTruncated) return [...names]
    markers = { KeyMarker: output.NextKeyMarker, VersionIdMarker: output.NextVersionIdMarker }
  }
  throw new Error('the listing does not end')
}

test('versions come newest first, page by page, with the latest marked', async () => {
  const long = 'k'.repeat(100)
  for (const name of ['k', long]) {
    const Bucket = await bucketOf([['j'], [name], [name], [name, { deleteMarker: true }], [name], ['l']])
    const seen: string[] = []
    let markers: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
    for (let page = 0; page < 6; page++) {
      const output = s3.ListObjectVersions({ Bucket, MaxKeys: 1, ...markers })
      for (const { Key, IsLatest } of output.Versions ?? []) seen.push(`${Key?.[0]} ${IsLatest}`)
      for (const { Key, IsLatest } of output.DeleteMarkers ?? []) seen.push(`${Key?.[0]} gone ${IsLatest}`)
      markers = { KeyMarker: output.NextKeyMarker, VersionIdMarker: output.NextVersionIdMarker }
      expect(output.IsTruncated).toBe(page < 5)
    }
    expect(seen).toEqual(['j true', 'k true', 'k gone false', 'k false', 'k false', 'l true'])
    expect(s3.ListObjectVersions({ Bucket, KeyMarker: name }).Versions?.map(({ Key }) => Key)).toEqual(['l'])
    const afterDeletedVersion = s3.ListObjectVersions({ Bucket, KeyMarker: name, VersionIdMarker: 'deleted' })
    expect(afterDeletedVersion.Versions).toHaveLength(4)
  }
})

test('a common prefix is passed by a seek, not by reading what is below it', async () => {
  const puts = Array.from({ length: 3000 }, (_, n) => [`a/${n}`] as const)
  const Bucket = await bucketOf([...puts, ['b/1'], ['c']])
  const { current } = state
  let reads = 0
  const counting = {
    ...current,
    *range(options: Parameters<typeof current.range>[0]) {
      for (const row of current.range(options)) {
        reads++
        yield row
      }
    },
  }
  const counted = listingOperations({
    state: Object.assign(Object.create(state), { current: counting }) as S3State,
    legacyBucketDefaults: false,
  })
  const output = counted.ListObjectsV2({ Bucket, Delimiter: '/' })
  expect(prefixesOf(output.CommonPrefixes)).toEqual(['a/', 'b/'])
  expect(keysOf(output.Contents)).toEqual(['c'])
  expect(reads).toBeLessThan(10)
})

test('what an entry says', async () => {
  const Bucket = await bucketOf([['a b+c/é~', { owner: '999988887777' }]])
  const plain = s3.ListObjectsV2({ Bucket, StartAfter: 'a', FetchOwner: true })
  expect(plain).toMatchObject({
    Name: Bucket,
    Prefix: '',
    MaxKeys: 1000,
    IsTruncated: false,
    StartAfter: 'a',
  })
  const owner = plain.Contents?.[0]?.Owner
  expect(owner?.ID).toMatch(/^[0-9a-f]{64}$/)
  expect(plain.Contents).toEqual([
    {
      Key: 'a b+c/é~',
      LastModified: new Date(1_700_000_000_000),
      ETag: '"abc"',
      ChecksumAlgorithm: ['CRC32'],
      ChecksumType: 'FULL_OBJECT',
      Size: 3,
      StorageClass: 'STANDARD',
      Owner: owner,
    },
  ])
  expect(s3.ListObjectsV2({ Bucket }).Contents?.[0]).not.toHaveProperty('Owner')
  expect(s3.ListObjects({ Bucket }).Contents?.[0]?.Owner).toEqual(owner)
  const encoded = s3.ListObjects({ Bucket, EncodingType: 'url', Prefix: 'a b', Marker: 'a ' })
  expect(encoded).toMatchObject({ EncodingType: 'url', Prefix: 'a+b', Marker: 'a+' })
  expect(keysOf(encoded.Contents)).toEqual(['a+b%2Bc/%C3%A9%7E'])
})

test('page sizes, tokens and markers that are not S3’s are refused', async () => {
  const Bucket = await bucketOf([['a'], ['b']])
  expect(s3.ListObjectsV2({ Bucket, MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false })
  expect(s3.ListObjectsV2({ Bucket, MaxKeys: 5000 }).MaxKeys).toBe(1000)
  expect(codeOf(() => s3.ListObjectsV2({ Bucket, MaxKeys: -1 }))).toBe('InvalidArgument')
  expect(codeOf(() => s3.ListObjectsV2({ Bucket, ContinuationToken: '' }))).toBe('InvalidArgument')
  expect(codeOf(() => s3.ListObjectsV2({ Bucket, ContinuationToken: 'WzFd' }))).toBe('InvalidArgument')
  expect(codeOf(() => s3.ListObjects({ Bucket, EncodingType: 'xml' as 'url' }))).toBe('InvalidArgument')
  expect(codeOf(() => s3.ListObjectVersions({ Bucket, VersionIdMarker: 'v1' }))).toBe('InvalidArgument')
  expect(codeOf(() => s3.ListObjects({ Bucket: 'nothing-here' }))).toBe('NoSuchBucket')
})

test('the successor of a prefix is the first string behind all that begin with it', () => {
  expect(successor('a/')).toBe('a0')
  expect(successor('a\u{10FFFF}')).toBe('b')
  expect(successor('\uD7FF')).toBe('\uE000')
  expect(successor('\u{10FFFF}')).toBeUndefined()
})
