import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStaticServer, type StaticServer } from '../test-server/start-static-server.js'

let server: StaticServer
const Bucket = 'objects-of-tests'
beforeAll(async () => {
  server = await startStaticServer()
  await server
    .s3()
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))
})
afterAll(() => server.close())

const put = (Key: string, Body: string | Uint8Array, more: object = {}) =>
  server.s3().send(new PutObjectCommand({ Bucket, Key, Body, ...more }))
const text = async (Key: string, more: object = {}) =>
  (await server.s3().send(new GetObjectCommand({ Bucket, Key, ...more }))).Body?.transformToString()
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: { name: string; $metadata?: { httpStatusCode?: number } }) =>
      `${error.$metadata?.httpStatusCode ?? 0} ${error.name}`,
  )

test('an object comes back with everything that was put', async () => {
  const Expires = new Date('2030-01-02T03:04:05Z')
  const made = await put('a/b c+d.txt', 'hello', {
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    ContentEncoding: 'identity',
    Expires,
    Metadata: { one: '1', two: 'zwei' },
    Tagging: 'team=red&stage=raw',
  })
  expect(made.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"')
  expect(made.ServerSideEncryption).toBe('AES256')
  const got = await server
    .s3()
    .send(new GetObjectCommand({ Bucket, Key: 'a/b c+d.txt', ChecksumMode: 'ENABLED' }))
  expect(await got.Body?.transformToString()).toBe('hello')
  expect(got).toMatchObject({
    ContentType: 'text/plain',
    CacheControl: 'no-store',
    ContentEncoding: 'identity',
    ContentLength: 5,
    Metadata: { one: '1', two: 'zwei' },
    TagCount: 2,
    ChecksumCRC32: made.ChecksumCRC32,
    ChecksumType: 'FULL_OBJECT',
  })
  expect(got.ExpiresString).toBe(Expires.toUTCString())
})

test('large bodies are streamed into files and out again', async () => {
  const bytes = Buffer.alloc(3 * 2 ** 20 + 17, 'abcdefghij')
  const made = await put('large', bytes, { ChecksumAlgorithm: 'SHA256' })
  expect(made.ChecksumSHA256).toBeDefined()
  const got = await server.s3().send(new GetObjectCommand({ Bucket, Key: 'large' }))
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true)
  expect(await text('large', { Range: 'bytes=1048570-1048589' })).toBe(
    bytes.subarray(1048570, 1048590).toString(),
  )
})

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  '%s is verified, kept and returned',
  async (algorithm) => {
    const made = await put(`sum-${algorithm}`, 'content', { ChecksumAlgorithm: algorithm })
    const head = await server
      .s3()
      .send(new HeadObjectCommand({ Bucket, Key: `sum-${algorithm}`, ChecksumMode: 'ENABLED' }))
    expect(head[`Checksum${algorithm}`]).toBe(made[`Checksum${algorithm}`])
    expect(head[`Checksum${algorithm}`]).toBeTruthy()
    expect(
      await failure(put('wrong', 'content!', { [`Checksum${algorithm}`]: made[`Checksum${algorithm}`] })),
    ).toBe('400 BadDigest')
    expect(await failure(server.s3().send(new HeadObjectCommand({ Bucket, Key: 'wrong' })))).toBe(
      '404 NotFound',
    )
  },
)

test.each([
  ['../../etc/passwd'],
  ['a//b///c'],
  ['/leading'],
  ['..'],
  ['./.'],
  ['plus+and space%20'],
  ['nul\u0000and\u0001control'],
  ['ünïcödé/日本語/🙂'],
  ['x'.repeat(1024)],
  ['a?b#c&d=e;f'],
  ["quote'(*)!"],
])('key %j is only a key', async (Key) => {
  await put(Key, Key)
  expect(await text(Key)).toBe(Key)
  const list = await server.s3().send(new ListObjectsV2Command({ Bucket, Prefix: Key, EncodingType: 'url' }))
  expect(
    (list.Contents ?? []).map((one) => decodeURIComponent((one.Key ?? '').replaceAll('+', ' '))),
  ).toContain(Key)
  await server.s3().send(new DeleteObjectCommand({ Bucket, Key }))
  expect(await failure(text(Key))).toBe('404 NoSuchKey')
})

test('a key of 1,025 bytes is too long, and an encoded slash is a slash', async () => {
  expect(await failure(put('x'.repeat(1025), ''))).toBe('400 KeyTooLongError')
  await put('dir/file', 'slash')
  expect(await text('dir/file')).toBe('slash')
})

const rangeOf = async (Range: string) => {
  const got = await server.s3().send(new GetObjectCommand({ Bucket, Key: 'range', Range }))
  return `${got.$metadata.httpStatusCode} ${await got.Body?.transformToString()} ${got.ContentRange ?? ''}`
}

test('ranges: first bytes, suffix, open end, several, unsatisfiable', async () => {
  await put('range', '0123456789')
  expect(await rangeOf('bytes=0-3')).toBe('206 0123 bytes 0-3/10')
  expect(await rangeOf('bytes=-3')).toBe('206 789 bytes 7-9/10')
  expect(await rangeOf('bytes=8-')).toBe('206 89 bytes 8-9/10')
  expect(await rangeOf('bytes=8-99')).toBe('206 89 bytes 8-9/10')
  expect(await rangeOf('bytes=0-1,4-5')).toBe('200 0123456789 ')
  expect(await failure(rangeOf('bytes=10-'))).toBe('416 InvalidRange')
})

test('conditional reads and writes', async () => {
  const { ETag } = await put('conditional', 'one')
  const past = new Date(Date.now() - 86_400_000)
  const future = new Date(Date.now() + 86_400_000)
  expect(await text('conditional', { IfMatch: ETag })).toBe('one')
  expect(await failure(text('conditional', { IfMatch: '"0"' }))).toBe('412 PreconditionFailed')
  expect(await failure(text('conditional', { IfNoneMatch: ETag }))).toMatch(/^304/)
  expect(await failure(text('conditional', { IfModifiedSince: future }))).toMatch(/^304/)
  expect(await failure(text('conditional', { IfUnmodifiedSince: past }))).toBe('412 PreconditionFailed')
  expect(await text('conditional', { IfMatch: ETag, IfUnmodifiedSince: past })).toBe('one')
  expect(await failure(put('conditional', 'two', { IfNoneMatch: '*' }))).toBe('412 PreconditionFailed')
  expect(await failure(put('absent', 'two', { IfMatch: ETag }))).toBe('404 NoSuchKey')
  await put('conditional', 'two', { IfMatch: ETag })
  expect(await text('conditional')).toBe('two')
})

test('answers may be given other headers', async () => {
  await put('override', 'x', { ContentType: 'text/plain' })
  const got = await server.s3().send(
    new GetObjectCommand({
      Bucket,
      Key: 'override',
      ResponseContentType: 'text/html',
      ResponseContentDisposition: 'attachment',
    }),
  )
  expect(got).toMatchObject({ ContentType: 'text/html', ContentDisposition: 'attachment' })
})

test('a copy takes metadata and tags along or replaces them', async () => {
  await put('source', 'copied', { Metadata: { a: '1' }, Tagging: 'k=v', ContentType: 'text/x' })
  const CopySource = `${Bucket}/source`
  await server.s3().send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource }))
  const copy = await server.s3().send(new GetObjectCommand({ Bucket, Key: 'copy' }))
  expect(copy).toMatchObject({ Metadata: { a: '1' }, TagCount: 1, ContentType: 'text/x' })
  expect(await copy.Body?.transformToString()).toBe('copied')
  await server.s3().send(
    new CopyObjectCommand({
      Bucket,
      Key: 'copy2',
      CopySource,
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      TaggingDirective: 'REPLACE',
      Tagging: 'x=y',
    }),
  )
  const replaced = await server.s3().send(new HeadObjectCommand({ Bucket, Key: 'copy2' }))
  expect(replaced.Metadata).toEqual({ b: '2' })
  expect((await server.s3().send(new GetObjectTaggingCommand({ Bucket, Key: 'copy2' }))).TagSet).toEqual([
    { Key: 'x', Value: 'y' },
  ])
  expect(await failure(server.s3().send(new CopyObjectCommand({ Bucket, Key: 'source', CopySource })))).toBe(
    '400 InvalidRequest',
  )
  expect(
    await failure(
      server.s3().send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/none` })),
    ),
  ).toBe('404 NoSuchKey')
  expect(
    await failure(server.s3().send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: 'nothing' }))),
  ).toBe('400 InvalidArgument')
})

test('a copy of a large object outlives its source', async () => {
  const bytes = Buffer.alloc(100_000, 'z')
  await put('big-source', bytes)
  await server
    .s3()
    .send(new CopyObjectCommand({ Bucket, Key: 'big-copy', CopySource: `${Bucket}/big-source` }))
  await server.s3().send(new DeleteObjectCommand({ Bucket, Key: 'big-source' }))
  expect(await text('big-copy')).toBe(bytes.toString())
})

test('tags, attributes and deletion of many', async () => {
  await put('tagged', 'x')
  await server
    .s3()
    .send(
      new PutObjectTaggingCommand({ Bucket, Key: 'tagged', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }),
    )
  expect((await server.s3().send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual([
    { Key: 'a', Value: 'b' },
  ])
  const attributes = await server.s3().send(
    new GetObjectAttributesCommand({
      Bucket,
      Key: 'tagged',
      ObjectAttributes: ['ETag', 'ObjectSize', 'StorageClass'],
    }),
  )
  expect(attributes).toMatchObject({
    ObjectSize: 1,
    StorageClass: 'STANDARD',
    ETag: '9dd4e461268c8034f5c8564e155c67a6',
  })
  const deleted = await server.s3().send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'tagged' }, { Key: ' space ' }, { Key: 'a&<b>' }] },
    }),
  )
  expect(deleted.Deleted?.map((one) => one.Key)).toEqual(['tagged', ' space ', 'a&<b>'])
  expect(await failure(text('tagged'))).toBe('404 NoSuchKey')
})

test('versions, delete markers and their removal', async () => {
  const versioned = 'versions-of-tests'
  const s3 = server.s3()
  await s3.send(
    new CreateBucketCommand({
      Bucket: versioned,
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  )
  const write = (Body: string) => s3.send(new PutObjectCommand({ Bucket: versioned, Key: 'k', Body }))
  const read = async (VersionId?: string) =>
    (
      await s3.send(new GetObjectCommand({ Bucket: versioned, Key: 'k', VersionId }))
    ).Body?.transformToString()
  await write('null version')
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } }),
  )
  const first = await write('first')
  const second = await write('second')
  expect(await read()).toBe('second')
  expect(await read(first.VersionId)).toBe('first')
  expect(await read('null')).toBe('null version')
  const marker = await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k' }))
  expect(marker.DeleteMarker).toBe(true)
  expect(await failure(read())).toBe('404 NoSuchKey')
  expect(await failure(read(marker.VersionId))).toBe('405 MethodNotAllowed')
  expect(await failure(read('nonsense'))).toBe('404 NoSuchVersion')
  const list = await s3.send(new ListObjectVersionsCommand({ Bucket: versioned }))
  expect(list.Versions?.map((one) => one.VersionId)).toEqual([second.VersionId, first.VersionId, 'null'])
  expect(list.DeleteMarkers?.map((one) => one.VersionId)).toEqual([marker.VersionId])
  await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k', VersionId: marker.VersionId }))
  expect(await read()).toBe('second')
  await s3.send(new DeleteObjectCommand({ Bucket: versioned, Key: 'k', VersionId: second.VersionId }))
  expect(await read()).toBe('first')
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: 'Suspended' } }),
  )
  await write('new null')
  expect(await read('null')).toBe('new null')
  expect((await s3.send(new ListObjectVersionsCommand({ Bucket: versioned }))).Versions).toHaveLength(2)
})
