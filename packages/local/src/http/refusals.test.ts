import { createHash } from 'node:crypto'
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  presignRaw,
  sendBytes,
  sendRaw,
  signedChunks,
  signRaw,
  type RawRequest,
  type SignOptions,
} from '../test-server/raw-client.js'
import {
  startStaticServer,
  testKeys,
  testRegion,
  testSessionKeys,
  type StaticServer,
} from '../test-server/start-static-server.js'

let server: StaticServer
let nowMs = Date.now()
beforeAll(async () => {
  server = await startStaticServer({ nowMs: () => nowMs })
  await server.s3().send(
    new CreateBucketCommand({
      Bucket: 'signed',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  )
  await server.s3().send(new PutObjectCommand({ Bucket: 'signed', Key: 'k', Body: 'value' }))
})
afterAll(() => server.close())

const options = (more: Partial<SignOptions> = {}): SignOptions => ({
  port: server.port,
  ...testKeys,
  region: testRegion,
  atMs: nowMs,
  ...more,
})
const get: RawRequest = { method: 'GET', path: '/signed/k' }
const answer = async (raw: RawRequest) => {
  const { status, code } = await sendRaw(server.port, raw)
  return code === undefined ? String(status) : `${status} ${code}`
}
const exists = async (Key: string) => {
  const found = await server
    .s3()
    .send(new HeadObjectCommand({ Bucket: 'signed', Key }))
    .catch(() => undefined)
  return found !== undefined
}

test('a signed request is answered, and one whose signature was changed is not', async () => {
  expect(await answer(signRaw(get, options()))).toBe('200')
  const signed = signRaw(get, options())
  const authorization = signed.headers?.['authorization'] ?? ''
  const flipped = authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  expect(await answer({ ...signed, headers: { ...signed.headers, authorization: flipped } })).toBe(
    '403 SignatureDoesNotMatch',
  )
  expect(await answer({ ...signed, path: '/signed/other' })).toBe('403 SignatureDoesNotMatch')
  expect(await answer({ ...signed, method: 'DELETE' })).toBe('403 SignatureDoesNotMatch')
  expect(await answer({ ...signed, query: [['versionId', 'x']] })).toBe('403 SignatureDoesNotMatch')
})

test.each<[string, Partial<SignOptions>, string]>([
  ['an unknown key', { accessKeyId: 'AKIANOBODY' }, '403 InvalidAccessKeyId'],
  ['another secret', { secretAccessKey: 'wrong' }, '403 SignatureDoesNotMatch'],
  ['a clock 16 minutes behind', { atMs: nowMs - 16 * 60_000 }, '403 RequestTimeTooSkewed'],
  ['a clock 16 minutes ahead', { atMs: nowMs + 16 * 60_000 }, '403 RequestTimeTooSkewed'],
  ['another region than the bucket has', { region: 'us-east-1' }, '301 PermanentRedirect'],
  ['something that is no region', { region: 'nowhere' }, '400 AuthorizationHeaderMalformed'],
  ['temporary keys without their token', { ...testSessionKeys }, '403 InvalidAccessKeyId'],
])('refused: %s', async (_what, change, expected) => {
  expect(await answer(signRaw(get, options(change)))).toBe(expected)
})

test('the bucket names its region to clients of another one', async () => {
  const { headers } = await sendRaw(server.port, signRaw(get, options({ region: 'us-west-2' })))
  expect(headers['x-amz-bucket-region']).toBe('eu-west-1')
})

const withToken = (token: string): RawRequest => ({ ...get, headers: { 'x-amz-security-token': token } })

test('temporary keys need their token, and its header needs to be signed', async () => {
  expect(await answer(signRaw(withToken(testSessionKeys.sessionToken), options(testSessionKeys)))).toBe('200')
  expect(await answer(signRaw(withToken('another'), options(testSessionKeys)))).toBe('400 InvalidToken')
  const unsigned = options({ ...testSessionKeys, unsigned: ['x-amz-security-token'] })
  expect(await answer(signRaw(withToken(testSessionKeys.sessionToken), unsigned))).toBe('403 AccessDenied')
})

test('every x-amz- header is signed, the payload hash apart; single headers come once', async () => {
  const extra: RawRequest = { ...get, headers: { 'x-amz-acl': 'private' } }
  expect(await answer(signRaw(extra, options({ unsigned: ['x-amz-acl'] })))).toBe('403 AccessDenied')
  expect(await answer(signRaw(get, options({ unsigned: ['x-amz-content-sha256'] })))).toBe('200')
  const signed = signRaw(get, options())
  const lines = Object.entries(signed.headers ?? {})
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  const twice = await sendBytes(
    server.port,
    `GET /signed/k HTTP/1.1\r\n${lines}x-amz-date: 20200101T000000Z\r\nconnection: close\r\n\r\n`,
  )
  expect(twice).toContain('400 Bad Request')
})

test('other signatures are refused by name', async () => {
  const with4a = {
    ...get,
    headers: {
      authorization:
        'AWS4-ECDSA-P256-SHA256 Credential=a/20260101/s3/aws4_request, SignedHeaders=host, Signature=00',
    },
  }
  const { body } = await sendRaw(server.port, with4a)
  expect(body).toContain('Signature Version 4A')
  const with2 = { ...get, headers: { authorization: 'AWS AKIA:c2ln' } }
  expect((await sendRaw(server.port, with2)).body).toContain('Signature Version 2')
  expect(await answer({ ...get, headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' } })).toBe(
    '400 AuthorizationHeaderMalformed',
  )
  const both = signRaw({ ...get, query: [['X-Amz-Algorithm', 'AWS4-HMAC-SHA256']] }, options())
  expect(await answer(both)).toBe('400 InvalidArgument')
})

test('a presigned URL is good until it expires, and for nothing else', async () => {
  const url = presignRaw(get, options({ expiresSeconds: 60 }))
  expect(await answer(url)).toBe('200')
  expect(await answer({ ...url, path: '/signed/other' })).toBe('403 SignatureDoesNotMatch')
  expect(await answer({ ...url, headers: { ...url.headers, 'x-amz-acl': 'public-read' } })).toBe(
    '403 AccessDenied',
  )
  const before = nowMs
  nowMs += 61_000
  const late = await sendRaw(server.port, url)
  nowMs = before
  expect(late.status).toBe(403)
  expect(late.body).toContain('<Message>Request has expired</Message>')
  expect(await answer(presignRaw(get, options({ expiresSeconds: 604_801 })))).toBe(
    '400 AuthorizationQueryParametersError',
  )
})

test('the body has to be the one whose hash was signed', async () => {
  const put: RawRequest = { method: 'PUT', path: '/signed/hash', body: 'right' }
  expect(await answer(signRaw(put, options()))).toBe('200')
  const wrong = { ...signRaw({ ...put, path: '/signed/wrong-hash' }, options()), body: 'wrong' }
  expect(await answer(wrong)).toBe('400 XAmzContentSHA256Mismatch')
  expect(await exists('wrong-hash')).toBe(false)
  const md5 = { ...put, headers: { 'content-md5': createHash('md5').update('other').digest('base64') } }
  expect(await answer(signRaw(md5, options()))).toBe('400 BadDigest')
  expect(await answer(signRaw({ ...put, headers: { 'content-md5': 'short' } }, options()))).toBe(
    '400 InvalidDigest',
  )
})

const streaming = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
const chunkedPut = (
  path: string,
  size: number,
  payloadHash = streaming,
  headers: Record<string, string> = {},
) =>
  signRaw(
    {
      method: 'PUT',
      path,
      headers: {
        'x-amz-decoded-content-length': String(size),
        'content-encoding': 'aws-chunked',
        ...headers,
      },
    },
    options({ payloadHash }),
  )

test('signed chunks are verified one by one', async () => {
  const good = chunkedPut('/signed/chunks', 11)
  expect(await answer({ ...good, body: signedChunks(good.signer, ['hello ', 'world']) })).toBe('200')
  const got = await server.s3().send(new GetObjectCommand({ Bucket: 'signed', Key: 'chunks' }))
  expect(await got.Body?.transformToString()).toBe('hello world')
  expect(got.ContentEncoding).toBeUndefined()
})

test.each<[string, number, (chunks: string) => string, string]>([
  ['a changed byte', 11, (chunks) => chunks.replace('world', 'w0rld'), '403 SignatureDoesNotMatch'],
  ['a truncated last chunk', 11, (chunks) => chunks.slice(0, -20), '400 IncompleteBody'],
  ['a missing last chunk', 11, (chunks) => chunks.slice(0, chunks.lastIndexOf('0;')), '400 IncompleteBody'],
  ['more bytes than declared', 5, (chunks) => chunks, '400 IncompleteBody'],
  ['fewer bytes than declared', 12, (chunks) => chunks, '400 IncompleteBody'],
  ['chunks in another order', 11, (chunks) => swapChunks(chunks), '403 SignatureDoesNotMatch'],
  [
    'a chunk without signature',
    11,
    (chunks) => chunks.replace(/;chunk-signature=[0-9a-f]+/, ''),
    '403 SignatureDoesNotMatch',
  ],
  ['bytes after the end', 11, (chunks) => `${chunks}extra`, '400 IncompleteBody'],
  [
    'a chunk longer than its header',
    11,
    (chunks) => chunks.replace('hello ', 'hello hello '),
    '400 IncompleteBody',
  ],
])('refused, with nothing left behind: %s', async (what, size, change, expected) => {
  const path = `/signed/bad-${what.replaceAll(' ', '-')}`
  const request = chunkedPut(path, size)
  expect(await answer({ ...request, body: change(signedChunks(request.signer, ['hello ', 'world'])) })).toBe(
    expected,
  )
  expect(await exists(path.slice('/signed/'.length))).toBe(false)
  expect(await answer(signRaw(get, options()))).toBe('200')
})

function swapChunks(chunks: string): string {
  const second = chunks.indexOf('5;chunk')
  const last = chunks.lastIndexOf('0;chunk')
  return chunks.slice(second, last) + chunks.slice(0, second) + chunks.slice(last)
}

test('trailers: the checksum and its signature are verified', async () => {
  const crc = 'DUoRhQ==' // CRC32 of "hello world"
  const request = (path: string) =>
    chunkedPut(path, 11, `${streaming}-TRAILER`, { 'x-amz-trailer': 'x-amz-checksum-crc32' })
  const good = request('/signed/trailer')
  expect(
    await answer({
      ...good,
      body: signedChunks(good.signer, ['hello ', 'world'], { 'x-amz-checksum-crc32': crc }),
    }),
  ).toBe('200')
  const wrong = request('/signed/trailer-wrong')
  expect(
    await answer({
      ...wrong,
      body: signedChunks(wrong.signer, ['hello ', 'world'], { 'x-amz-checksum-crc32': 'AAAAAA==' }),
    }),
  ).toBe('400 BadDigest')
  const forged = request('/signed/trailer-forged')
  const body = signedChunks(forged.signer, ['hello ', 'world'], {
    'x-amz-checksum-crc32': 'AAAAAA==',
  }).replace('AAAAAA==', crc)
  expect(await answer({ ...forged, body })).toBe('403 SignatureDoesNotMatch')
  const without = request('/signed/trailer-without')
  expect(await answer({ ...without, body: signedChunks(without.signer, ['hello ', 'world']) })).toBe(
    '400 MalformedTrailerError',
  )
  const unsigned = chunkedPut('/signed/trailer-unsigned', 5, 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', {
    'x-amz-trailer': 'x-amz-checksum-crc32',
  })
  expect(
    await answer({ ...unsigned, body: '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n' }),
  ).toBe('200')
  for (const key of ['trailer-wrong', 'trailer-forged', 'trailer-without'])
    expect(await exists(key)).toBe(false)
})

test('an upload that breaks off leaves nothing, and one without length is refused', async () => {
  const put = signRaw({ method: 'PUT', path: '/signed/broken', body: 'x'.repeat(100) }, options())
  const lines = Object.entries(put.headers ?? {})
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  await sendBytes(
    server.port,
    `PUT /signed/broken HTTP/1.1\r\n${lines}content-length: 100\r\n\r\nonly this`,
    200,
  )
  expect(await exists('broken')).toBe(false)
  const chunked = await sendBytes(
    server.port,
    `PUT /signed/broken HTTP/1.1\r\n${lines}transfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n`,
  )
  expect(chunked).toContain('MissingContentLength')
})

const head = (raw: RawRequest, length: number) =>
  `${raw.method} ${raw.path} HTTP/1.1\r\n${Object.entries(raw.headers ?? {})
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}content-length: ${length}\r\nexpect: 100-continue\r\n\r\n`

test('100-continue: refused before the body is sent, asked for when it may come', async () => {
  const good = signRaw({ method: 'PUT', path: '/signed/expect', body: 'body!' }, options())
  expect(await sendBytes(server.port, head(good, 5), 200)).toMatch(/^HTTP\/1.1 100 Continue/)
  const bad = signRaw(
    { method: 'PUT', path: '/signed/expect', body: 'body!' },
    options({ secretAccessKey: 'no' }),
  )
  const refused = await sendBytes(server.port, head(bad, 5), 1000)
  expect(refused).toMatch(/^HTTP\/1.1 403/)
  expect(refused.toLowerCase()).toContain('connection: close')
})

test('a refused upload of megabytes gets its answer instead of hanging', async () => {
  const put = signRaw(
    { method: 'PUT', path: '/no-such-bucket-here/k', body: Buffer.alloc(8 * 2 ** 20) },
    options(),
  )
  expect(await answer(put)).toBe('404 NoSuchBucket')
})

test('hosts: bucket in the host name, and POST forms are refused by name', async () => {
  for (const host of [
    'signed.localhost',
    'signed.s3.localhost',
    'signed.s3.eu-west-1.localhost',
    'signed.127.0.0.1',
  ])
    expect(
      await answer(
        signRaw({ method: 'GET', path: '/k', headers: { host: `${host}:${server.port}` } }, options()),
      ),
    ).toBe('200')
  const form = {
    method: 'POST',
    path: '/signed',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    body: 'x',
  }
  expect(await answer(form)).toBe('501 NotImplemented')
})

test('sub-resources that fit no operation are refused, services that are not here are named', async () => {
  expect(
    await answer(signRaw({ method: 'GET', path: '/signed/k', query: [['policy', '']] }, options())),
  ).toBe('405 MethodNotAllowed')
  expect(
    await answer(signRaw({ method: 'PUT', path: '/signed/k', query: [['partNumber', '1']] }, options())),
  ).toBe('405 MethodNotAllowed')
  expect(await answer(signRaw({ method: 'GET', path: '/' }, options({ service: 'ec2' })))).toBe(
    '501 NotImplemented',
  )
  expect(server.outcomes.at(-1)?.error?.code).toBe('NotImplemented')
  expect(
    await answer(signRaw({ method: 'GET', path: '/signed/k', query: [['torrent', '']] }, options())),
  ).toBe('501 NotImplemented')
})
