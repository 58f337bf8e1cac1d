import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CreateMultipartUploadCommandInput,
} from '@aws-sdk/client-s3'
import { readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChecksum } from '../signature/checksum.js'
import { startStaticServer, type StaticServer } from '../test-server/start-static-server.js'

let server: StaticServer
const Bucket = 'parts-of-tests'
const mebibyte = 2 ** 20
const first = Buffer.alloc(5 * mebibyte, 'first part ')
const second = Buffer.alloc(3 * mebibyte + 11, 'second ')
const third = Buffer.from('small tail')
beforeAll(async () => {
  server = await startStaticServer()
  await server
    .s3()
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))
})
afterAll(() => server.close())

const start = async (Key: string, more: Partial<CreateMultipartUploadCommandInput> = {}) =>
  (await server.s3().send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId
const part = async (Key: string, UploadId: string | undefined, PartNumber: number, Body: Uint8Array) => {
  const { ETag } = await server.s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }))
  return { ETag, PartNumber }
}
const complete = (
  Key: string,
  UploadId: string | undefined,
  Parts: { ETag?: string | undefined; PartNumber: number }[],
  more: object = {},
) =>
  server
    .s3()
    .send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...more }))
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error) => error.name,
  )
const md5 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest()
const objectFiles = () => readdirSync(dirname(server.deps.files.path('any')))

test('parts in any order, one replaced, become one object', async () => {
  const UploadId = await start('whole', { Metadata: { m: '1' }, Tagging: 'a=b', ContentType: 'text/plain' })
  const b = await part('whole', UploadId, 7, second)
  await part('whole', UploadId, 2, third)
  const a = await part('whole', UploadId, 2, first)
  const listed = await server.s3().send(new ListPartsCommand({ Bucket, Key: 'whole', UploadId, MaxParts: 1 }))
  expect(listed).toMatchObject({
    IsTruncated: true,
    NextPartNumberMarker: '2',
    Parts: [{ PartNumber: 2, Size: first.length, ETag: a.ETag }],
  })
  const done = await complete('whole', UploadId, [a, b])
  expect(done.ETag).toBe(`"${md5(Buffer.concat([md5(first), md5(second)])).toString('hex')}-2"`)
  const whole = Buffer.concat([first, second])
  const sum = startChecksum('CRC32')
  sum.update(whole)
  const got = await server.s3().send(new GetObjectCommand({ Bucket, Key: 'whole' }))
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(whole)).toBe(true)
  expect(got).toMatchObject({
    Metadata: { m: '1' },
    TagCount: 1,
    ContentType: 'text/plain',
    ContentLength: whole.length,
  })
  const across = await server
    .s3()
    .send(
      new GetObjectCommand({ Bucket, Key: 'whole', Range: `bytes=${first.length - 3}-${first.length + 3}` }),
    )
  expect(await across.Body?.transformToString()).toBe(
    whole.subarray(first.length - 3, first.length + 4).toString(),
  )
  const partTwo = await server.s3().send(new HeadObjectCommand({ Bucket, Key: 'whole', PartNumber: 7 }))
  expect(partTwo).toMatchObject({ ContentLength: second.length, PartsCount: 2 })
  expect(await failure(server.s3().send(new ListPartsCommand({ Bucket, Key: 'whole', UploadId })))).toBe(
    'NoSuchUpload',
  )
})

test.each([
  ['CRC32', 'COMPOSITE'],
  ['CRC32', 'FULL_OBJECT'],
  ['CRC64NVME', 'FULL_OBJECT'],
  ['SHA256', 'COMPOSITE'],
] as const)('%s as %s checksum', async (ChecksumAlgorithm, ChecksumType) => {
  const Key = `sum-${ChecksumAlgorithm}-${ChecksumType}`
  const UploadId = await start(Key, { ChecksumAlgorithm, ChecksumType })
  const send = (PartNumber: number, Body: Uint8Array) =>
    server.s3().send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body, ChecksumAlgorithm }))
  const [one, two] = [await send(1, first), await send(2, third)]
  const Parts = [
    { ...one, PartNumber: 1 },
    { ...two, PartNumber: 2 },
  ]
  const done = await complete(Key, UploadId, Parts, { ChecksumType })
  const sum = startChecksum(ChecksumAlgorithm)
  const member = `Checksum${ChecksumAlgorithm}` as const
  if (ChecksumType === 'FULL_OBJECT') sum.update(Buffer.concat([first, third]))
  else for (const sent of [one, two]) sum.update(Buffer.from(sent[member] ?? '', 'base64'))
  const expected = `${await sum.digest()}${ChecksumType === 'COMPOSITE' ? '-2' : ''}`
  expect(done).toMatchObject({ [member]: expected, ChecksumType })
  const attributes = await server.s3().send(
    new GetObjectAttributesCommand({
      Bucket,
      Key,
      ObjectAttributes: ['Checksum', 'ObjectParts', 'ObjectSize'],
    }),
  )
  expect(attributes).toMatchObject({
    Checksum: { [member]: expected },
    ObjectParts: { TotalPartsCount: 2, Parts: [{ PartNumber: 1, Size: first.length }, { PartNumber: 2 }] },
    ObjectSize: first.length + third.length,
  })
})

test('what cannot become an object is refused, and the upload goes on', async () => {
  const UploadId = await start('refused')
  const a = await part('refused', UploadId, 1, third)
  const b = await part('refused', UploadId, 2, third)
  expect(await failure(complete('refused', UploadId, [a, b]))).toBe('EntityTooSmall')
  expect(await failure(complete('refused', UploadId, [b, a]))).toBe('InvalidPartOrder')
  expect(await failure(complete('refused', UploadId, [{ ...a, ETag: '"0"' }]))).toBe('InvalidPart')
  expect(await failure(complete('refused', UploadId, [{ ...a, PartNumber: 3 }]))).toBe('InvalidPart')
  expect(await failure(complete('refused', 'none', [a]))).toBe('NoSuchUpload')
  expect(await failure(part('refused', UploadId, 10_001, third))).toBe('InvalidArgument')
  expect(await failure(server.s3().send(new HeadObjectCommand({ Bucket, Key: 'refused' })))).toBe('NotFound')
  await server.s3().send(new PutObjectCommand({ Bucket, Key: 'refused', Body: 'there' }))
  expect(await failure(complete('refused', UploadId, [a], { IfNoneMatch: '*' }))).toBe('PreconditionFailed')
  await complete('refused', UploadId, [a])
})

test('parts can be copied from objects, in ranges', async () => {
  await server
    .s3()
    .send(new PutObjectCommand({ Bucket, Key: 'copy-source', Body: Buffer.concat([first, second]) }))
  const UploadId = await start('copied')
  const copy = async (PartNumber: number, CopySourceRange: string) => {
    const sent = await server.s3().send(
      new UploadPartCopyCommand({
        Bucket,
        Key: 'copied',
        UploadId,
        PartNumber,
        CopySource: `${Bucket}/copy-source`,
        CopySourceRange,
      }),
    )
    return { PartNumber, ETag: sent.CopyPartResult?.ETag }
  }
  expect(await failure(copy(1, `bytes=0-${first.length + second.length}`))).toBe('InvalidArgument')
  const parts = [
    await copy(1, `bytes=0-${first.length - 1}`),
    await copy(2, `bytes=${first.length}-${first.length + 4}`),
  ]
  await complete('copied', UploadId, parts)
  const got = await server.s3().send(new GetObjectCommand({ Bucket, Key: 'copied', Range: 'bytes=-8' }))
  expect(await got.Body?.transformToString()).toBe(
    Buffer.concat([first.subarray(-3), second.subarray(0, 5)]).toString(),
  )
})

test('an upload is listed until it is aborted, and takes its files along', async () => {
  const before = objectFiles().length
  const UploadId = await start('dir/aborted')
  await part('dir/aborted', UploadId, 1, first)
  expect(objectFiles()).toHaveLength(before + 1)
  const list = await server.s3().send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'dir/' }))
  expect(list.Uploads?.map((one) => [one.Key, one.UploadId])).toEqual([['dir/aborted', UploadId]])
  const grouped = await server.s3().send(new ListMultipartUploadsCommand({ Bucket, Delimiter: '/' }))
  expect(grouped.CommonPrefixes).toEqual([{ Prefix: 'dir/' }])
  await server.s3().send(new AbortMultipartUploadCommand({ Bucket, Key: 'dir/aborted', UploadId }))
  expect(objectFiles()).toHaveLength(before)
  expect(
    (await server.s3().send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'dir/' }))).Uploads,
  ).toBeUndefined()
})
