import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { S3 } from '@aws-sdk/client-s3'
import { STS } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { CloudTrailEvent, LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import {
  presignRaw,
  sendBytes,
  sendRaw,
  signRaw,
  type RawRequest,
  type SignOptions,
} from '../test-server/raw-client.js'

const account = '111122223333'
const region = 'eu-west-1'
const events: CloudTrailEvent[] = []
let dataDir: string
let aws: LocalAws
let port: number
let plainPort: number

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'ringfence-hostile-'))
  aws = await startLocalAws({ account, region, dataDir, onEvent: (event) => events.push(event) })
  port = Number(new URL(aws.endpoint).port)
  plainPort = Number(new URL(aws.plainEndpoint).port)
  const s3 = new S3({ endpoint: aws.endpoint, region, credentials: aws.root, forcePathStyle: true })
  for (const Bucket of ['own', 'tls-only']) {
    await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } })
    await s3.putObject({ Bucket, Key: 'k', Body: 'value' })
  }
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::tls-only', 'arn:aws:s3:::tls-only/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  })
  await s3.putBucketPolicy({ Bucket: 'tls-only', Policy })
})
afterAll(async () => {
  await aws.close()
  rmSync(dataDir, { recursive: true })
})

const options = (more: Partial<SignOptions> = {}): SignOptions => ({
  port,
  accessKeyId: aws.root.accessKeyId,
  secretAccessKey: aws.root.secretAccessKey,
  region,
  atMs: Date.now(),
  ...more,
})
const get: RawRequest = { method: 'GET', path: '/own/k' }
async function answer(raw: RawRequest, at = port): Promise<string> {
  const { status, code } = await sendRaw(at, raw)
  return code === undefined ? String(status) : `${status} ${code}`
}
const keysNow = async () =>
  [
    ...(await sendRaw(port, signRaw({ method: 'GET', path: '/own' }, options()))).body.matchAll(
      /<Key>([^<]*)</g,
    ),
  ].map(([, key]) => key)
const lines = (raw: RawRequest, ...left: string[]) =>
  Object.entries(raw.headers ?? {})
    .filter(([name]) => !left.includes(name))
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
const objectFiles = () =>
  readdirSync(dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('database'))
    .map(({ name }) => name)

test('an upload that is cut off in the middle leaves no key, no file and no open request', async () => {
  const before = objectFiles()
  const body = Buffer.alloc(4 * 2 ** 20, 'x')
  const put = signRaw({ method: 'PUT', path: '/own/cut', body }, options())
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const expected = `content-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n`
      socket.write(`PUT /own/cut HTTP/1.1\r\n${lines(put)}${expected}`)
    })
    // Asked for its body, the request is one that the server works on.
    socket.once('data', () =>
      socket.write(body.subarray(0, 2 ** 20), () => setTimeout(() => socket.resetAndDestroy(), 100)),
    )
    socket.on('error', () => undefined)
    socket.on('close', () => resolve())
  })
  await vi.waitFor(() => expect(events.at(-1)?.errorCode).toBe('RequestTimeout'), { timeout: 30_000 })
  expect(await keysNow()).toEqual(['k'])
  expect(objectFiles()).toEqual(before)
})

test('what follows a body is a request of its own, which nobody has signed', async () => {
  const put = signRaw({ method: 'PUT', path: '/own/short', body: 'five!' }, options())
  const smuggled = `DELETE /own/k HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: close\r\n\r\n`
  const both = await sendBytes(
    port,
    `PUT /own/short HTTP/1.1\r\n${lines(put)}content-length: 5\r\n\r\nfive!${smuggled}`,
  )
  expect(both.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 403'])
  expect(await keysNow()).toEqual(['k', 'short'])
  const longer = signRaw({ method: 'PUT', path: '/own/longer', body: 'five!' }, options())
  const more = await sendBytes(
    port,
    `PUT /own/longer HTTP/1.1\r\n${lines(longer)}content-length: 9\r\nconnection: close\r\n\r\nfive!more`,
  )
  expect(more).toContain('XAmzContentSHA256Mismatch')
  expect(await keysNow()).toEqual(['k', 'short'])
})

test.each([
  ['two lengths', 'content-length: 5\r\ncontent-length: 6\r\n'],
  ['length and chunks', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'],
  ['chunks named twice', 'transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n'],
  ['a length with a sign', 'content-length: +5\r\n'],
  ['a folded header', 'content-length: 5\r\nx-folded: a\r\n b\r\n'],
  ['a space before the colon', 'content-length : 5\r\n'],
  ['two hosts', 'content-length: 5\r\nhost: own.localhost\r\n'],
  ['two signatures', 'content-length: 5\r\nauthorization: AWS4-HMAC-SHA256 Credential=x\r\n'],
])('a head that two readers would read differently is refused: %s', async (_what, extra) => {
  const put = signRaw({ method: 'PUT', path: '/own/two-ways', body: 'five!' }, options())
  const received = await sendBytes(
    port,
    `PUT /own/two-ways HTTP/1.1\r\n${lines(put)}${extra}connection: close\r\n\r\nfive!`,
  )
  expect(received).toMatch(/^HTTP\/1\.1 4\d\d/)
  expect(await keysNow()).not.toContain('two-ways')
})

test('framings are not mixed', async () => {
  const put = (payloadHash: string, headers: Record<string, string>, body: string) =>
    answer({ ...signRaw({ method: 'PUT', path: '/own/framed', headers }, options({ payloadHash })), body })
  const chunked = '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n'
  const trailer = { 'x-amz-trailer': 'x-amz-checksum-crc32', 'x-amz-decoded-content-length': '5' }
  const unsignedTrailer = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
  // Framed bytes behind a hash or nothing at all are bytes like any other, and not as many as was said.
  expect(await put('UNSIGNED-PAYLOAD', { 'x-amz-decoded-content-length': '5' }, chunked)).toBe(
    '400 IncompleteBody',
  )
  expect(await put(unsignedTrailer, { 'x-amz-decoded-content-length': '5' }, chunked)).toMatch(/^400/)
  expect(await put(unsignedTrailer, trailer, 'hello')).toMatch(/^400/)
  expect(await put(unsignedTrailer, trailer, chunked.replace('5\r', '-5\r'))).toMatch(/^400/)
  expect(await put(unsignedTrailer, trailer, chunked.replace('5\r', `${'f'.repeat(20)}\r`))).toMatch(/^400/)
  expect(
    await put('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { 'x-amz-decoded-content-length': '5' }, chunked),
  ).toMatch(/^403 SignatureDoesNotMatch/)
  const presigned = presignRaw({ method: 'PUT', path: '/own/framed' }, options())
  const headers = { ...presigned.headers, 'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD' }
  expect(await answer({ ...presigned, headers, body: chunked })).toMatch(/^4\d\d/)
})

test.each([
  ['a..b.localhost', '/k', '404 NoSuchBucket'],
  ['..localhost', '/k', '404 NoSuchBucket'],
  ['.localhost', '/own/k', '200'],
  ['OWN.localhost', '/k', '200'],
  ['own.LOCALHOST', '/k', '200'],
  ['own.localhost', '/..%2f..%2fown/k', '404 NoSuchKey'],
  ['own.localhost', '/../k', '404 NoSuchKey'],
  ['own.127.0.0.1', '/%2Ftls-only/k', '404 NoSuchKey'],
  ['own%2Ftls-only.localhost', '/k', '400 InvalidBucketName'],
  ['tls-only', '/own/k', '200'],
  ['own.localhost.evil.example', '/own/k', '200'],
  ['127.0.0.1', '/own%2Fk', '400 InvalidBucketName'],
  ['127.0.0.1', '/own%2Fk/k', '400 InvalidBucketName'],
  ['127.0.0.1', '/%2e%2e/own/k', '404 NoSuchBucket'],
  ['127.0.0.1', '//own/k', '400 InvalidBucketName'],
  ['127.0.0.1', '/own%00/k', '400 InvalidBucketName'],
  ['127.0.0.1', '/own/%ff', '400 InvalidURI'],
])('host %s, path %s', async (host, path, expected) => {
  const headers = { host: `${host}:${port}` }
  expect(await answer(signRaw({ method: 'GET', path, headers }, options()))).toBe(expected)
})

test('the authority of an absolute request line is not the host', async () => {
  const signed = signRaw({ ...get, path: '/own/k' }, options())
  const received = await sendBytes(
    port,
    `GET https://tls-only.localhost/own/k HTTP/1.1\r\n${lines(signed)}connection: close\r\n\r\n`,
  )
  expect(received).toMatch(/^HTTP\/1\.1 200/)
  expect(received).toContain('value')
})

test('plain is plain, whatever a request says about itself', async () => {
  const path = '/tls-only/k'
  expect(await answer(signRaw({ method: 'GET', path }, options()))).toBe('200')
  for (const headers of [
    {},
    { 'x-forwarded-proto': 'https' },
    { forwarded: 'proto=https;for=10.0.0.1', 'x-forwarded-ssl': 'on', 'front-end-https': 'on' },
    { 'x-forwarded-for': '10.0.0.1', via: '1.1 proxy', 'x-real-ip': '10.0.0.1' },
  ] as Record<string, string>[]) {
    const raw = { method: 'GET', path, headers: { host: `127.0.0.1:${plainPort}`, ...headers } }
    expect(await answer(signRaw(raw, options()), plainPort)).toBe('403 AccessDenied')
    // A signature is for a host: one of the main port is worth nothing on the other.
    expect(await answer(signRaw({ method: 'GET', path, headers }, options()), plainPort)).toBe(
      '403 AccessDenied',
    )
  }
  expect(new Set(events.map(({ sourceIPAddress }) => sourceIPAddress))).toEqual(new Set(['127.0.0.1']))
  const absolute = signRaw({ method: 'GET', path, headers: { host: `127.0.0.1:${plainPort}` } }, options())
  const received = await sendBytes(
    plainPort,
    `GET https://127.0.0.1:${plainPort}${path} HTTP/1.1\r\n${lines(absolute)}connection: close\r\n\r\n`,
  )
  expect(received).toMatch(/^HTTP\/1\.1 403/)
})

test('a presigned URL is for one method, key, token and query', async () => {
  const url = presignRaw(get, options())
  expect(await answer(url)).toBe('200')
  for (const method of ['HEAD', 'PUT', 'DELETE', 'POST']) {
    expect(await answer({ ...url, method })).toMatch(/^(403|405)/)
  }
  const changed = (edit: (query: [string, string][]) => (readonly [string, string])[]) =>
    answer({ ...url, query: edit((url.query ?? []).map(([name, value]) => [name, value])) })
  expect(await changed((query) => [...query, ['versionId', 'null']])).toBe('403 SignatureDoesNotMatch')
  expect(await changed((query) => [...query, ['X-Amz-Security-Token', 'x']])).toMatch(/^(400|403)/)
  expect(await changed((query) => [...query, ['X-Amz-Expires', '604800']])).toBe('400 InvalidArgument')
  expect(await changed((query) => query.filter(([name]) => name !== 'X-Amz-Expires'))).toBe(
    '400 AuthorizationQueryParametersError',
  )
  expect(
    await changed((query) =>
      query.map(([name, value]) => [name, name === 'X-Amz-Expires' ? '604800' : value]),
    ),
  ).toBe('403 SignatureDoesNotMatch')
  expect(await changed((query) => query.map(([name, value]) => [name.toLowerCase(), value]))).toBe(
    '403 AccessDenied',
  )
  expect(await answer({ ...url, path: '/own/k/' })).toBe('403 SignatureDoesNotMatch')
  expect(await answer({ ...url, headers: { host: `own.localhost:${port}` } })).toBe(
    '403 SignatureDoesNotMatch',
  )
})

test('the token of one session does not go with the key of another', async () => {
  const sts = new STS({ endpoint: aws.endpoint, region, credentials: aws.root })
  const make = async (): Promise<
    Required<Pick<LocalCredentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>>
  > => {
    const { Credentials } = await sts.getSessionToken({})
    return {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    }
  }
  const [one, two] = [await make(), await make()]
  const tokened = (token: string): RawRequest => ({ ...get, headers: { 'x-amz-security-token': token } })
  expect(await answer(signRaw(tokened(one.sessionToken), options(one)))).toBe('200')
  expect(await answer(signRaw(tokened(two.sessionToken), options(one)))).toBe('400 InvalidToken')
  expect(await answer(signRaw(tokened(one.sessionToken), options()))).toBe('400 InvalidToken')
  expect(await answer(signRaw(tokened(''), options(one)))).toMatch(/^40[03] Invalid/)
  const swapped = signRaw(tokened(one.sessionToken), options(one))
  expect(
    await answer({ ...swapped, headers: { ...swapped.headers, 'x-amz-security-token': two.sessionToken } }),
  ).toBe('400 InvalidToken')
  const withToken = (token: string): RawRequest => ({ ...get, query: [['X-Amz-Security-Token', token]] })
  expect(await answer(presignRaw(withToken(one.sessionToken), options(one)))).toBe('200')
  expect(await answer(presignRaw(withToken(two.sessionToken), options(one)))).toBe('400 InvalidToken')
  const inHeader = presignRaw(get, options(one))
  const headers = { ...inHeader.headers, 'x-amz-security-token': one.sessionToken }
  expect(await answer({ ...inHeader, headers })).toBe('403 AccessDenied')
  // In the query of a request that is signed in its header, a token is a parameter like any other.
  expect(await answer(signRaw(withToken(one.sessionToken), options(one)))).toBe('403 InvalidAccessKeyId')
})

test.each([
  [
    'a parameter twice',
    [
      ['prefix', 'a'],
      ['prefix', 'b'],
    ],
    '400 InvalidArgument',
  ],
  [
    'the same parameter twice',
    [
      ['list-type', '2'],
      ['list-type', '2'],
    ],
    '400 InvalidArgument',
  ],
  [
    'two sub-resources',
    [
      ['policy', ''],
      ['acl', ''],
    ],
    '405 MethodNotAllowed',
  ],
  [
    'a list that the operation does not have',
    [
      ['tagKeys', 'a'],
      ['tagKeys', 'b'],
    ],
    '200',
  ],
] as const)('query: %s', async (_what, query, expected) => {
  expect(await answer(signRaw({ method: 'GET', path: '/own', query }, options()))).toBe(expected)
})

test('a version is named or it is not', async () => {
  const Version = [['versionId', '']] as const
  for (const method of ['GET', 'DELETE']) {
    const { status, body } = await sendRaw(
      port,
      signRaw({ method, path: '/own/k', query: Version }, options()),
    )
    expect(status).toBe(400)
    expect(body).toContain('<Code>InvalidArgument</Code><Message>Version id cannot be the empty string<')
  }
  expect(await answer(signRaw({ method: 'HEAD', path: '/own/k', query: Version }, options()))).toBe('400')
  const tagging = { method: 'GET', path: '/own/k', query: [['tagging', ''], ...Version] } as const
  expect(await answer(signRaw(tagging, options()))).toBe('400 InvalidArgument')
  const copy = { method: 'PUT', path: '/own/copy', headers: { 'x-amz-copy-source': 'own/k?versionId=' } }
  expect(await answer(signRaw(copy, options()))).toBe('400 InvalidArgument')
  expect(await answer(signRaw(get, options()))).toBe('200')
})
