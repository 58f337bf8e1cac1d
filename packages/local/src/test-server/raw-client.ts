import { createHash } from 'node:crypto'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { hashCanonicalRequest, uriEncode } from '../signature/canonical-request.js'
import { printScope, type CredentialScope } from '../signature/credential-scope.js'
import {
  signChunk,
  signingKey,
  signRequestHash,
  signTrailer,
  type ChunkSigner,
} from '../signature/signing-key.js'

/** What a hand-made request consists of. */
export interface RawRequest {
  readonly method: string
  /** Percent-encoded. */
  readonly path: string
  readonly query?: readonly (readonly [string, string])[]
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface SignOptions {
  readonly port: number
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly region: string
  readonly service?: string
  /** Epoch milliseconds. */
  readonly atMs: number
  /** Default: the hash of the body. */
  readonly payloadHash?: string
  /** Headers that are sent and left out of the signature. */
  readonly unsigned?: readonly string[]
  /** Presigned: seconds. */
  readonly expiresSeconds?: number
}

export interface SignedRaw extends RawRequest {
  readonly signer: ChunkSigner
}

function amzDate(atMs: number): string {
  return new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '')
}

/** Signs a request in its Authorization header. */
export function signRaw(raw: RawRequest, options: SignOptions): SignedRaw {
  const date = amzDate(options.atMs)
  const payloadHash =
    options.payloadHash ??
    createHash('sha256')
      .update(raw.body ?? '')
      .digest('hex')
  const headers: Record<string, string> = {
    host: `127.0.0.1:${options.port}`,
    'x-amz-date': date,
    'x-amz-content-sha256': payloadHash,
    ...raw.headers,
  }
  const scope = scopeOf(options, date)
  const signedHeaders = Object.keys(headers)
    .filter((name) => !(options.unsigned ?? []).includes(name))
    .toSorted()
  const key = signingKey(options.secretAccessKey, scope)
  const request = { method: raw.method, rawPath: raw.path, queryPairs: raw.query ?? [], headers }
  const hash = hashCanonicalRequest(request, raw.path, signedHeaders, payloadHash)
  const signature = signRequestHash(key, date, scope, hash)
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${options.accessKeyId}/${printScope(scope)}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`
  return { ...raw, headers, signer: { key, amzDate: date, scope, seedSignature: signature } }
}

/** Signs a request in its query. */
export function presignRaw(raw: RawRequest, options: SignOptions): RawRequest {
  const date = amzDate(options.atMs)
  const scope = scopeOf(options, date)
  const query: [string, string][] = [
    ...(raw.query ?? []).map(([name, value]): [string, string] => [name, value]),
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${options.accessKeyId}/${printScope(scope)}`],
    ['X-Amz-Date', date],
    ['X-Amz-Expires', String(options.expiresSeconds ?? 60)],
    ['X-Amz-SignedHeaders', 'host'],
  ]
  const headers = { host: `127.0.0.1:${options.port}`, ...raw.headers }
  const request = { method: raw.method, rawPath: raw.path, queryPairs: query, headers }
  const hash = hashCanonicalRequest(request, raw.path, ['host'], 'UNSIGNED-PAYLOAD')
  const signature = signRequestHash(signingKey(options.secretAccessKey, scope), date, scope, hash)
  return { ...raw, headers, query: [...query, ['X-Amz-Signature', signature]] }
}

function scopeOf(options: SignOptions, date: string): CredentialScope {
  return {
    accessKeyId: options.accessKeyId,
    date: date.slice(0, 8),
    region: options.region,
    service: options.service ?? 's3',
  }
}

/** The chunks of an aws-chunked body, signed one after the other. */
export function signedChunks(
  signer: ChunkSigner,
  pieces: readonly string[],
  trailers: Readonly<Record<string, string>> = {},
): string {
  let previous = signer.seedSignature
  let body = ''
  for (const piece of [...pieces, '']) {
    previous = signChunk(signer, previous, createHash('sha256').update(piece).digest('hex'))
    body += `${Buffer.byteLength(piece).toString(16)};chunk-signature=${previous}\r\n${piece}`
    if (piece !== '') body += '\r\n'
  }
  const names = Object.keys(trailers)
  if (names.length === 0) return `${body}\r\n`
  const canonical = names.map((name) => `${name}:${trailers[name] ?? ''}\n`).join('')
  const signature = signTrailer(signer, previous, createHash('sha256').update(canonical).digest('hex'))
  const lines = names.map((name) => `${name}:${trailers[name] ?? ''}\r\n`).join('')
  return `${body}${lines}x-amz-trailer-signature:${signature}\r\n\r\n`
}

export interface RawAnswer {
  readonly status: number
  /** Of an S3 error. */
  readonly code: string | undefined
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Sends a request as it is. */
export function sendRaw(port: number, raw: RawRequest): Promise<RawAnswer> {
  const query = (raw.query ?? []).map(([name, value]) => `${uriEncode(name)}=${uriEncode(value)}`).join('&')
  const body = typeof raw.body === 'string' ? Buffer.from(raw.body) : raw.body
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        method: raw.method,
        path: query === '' ? raw.path : `${raw.path}?${query}`,
        headers: { ...(body === undefined ? {} : { 'content-length': body.length }), ...raw.headers },
        agent: false,
      },
      (response) => {
        const pieces: Buffer[] = []
        response.on('data', (piece: Buffer) => pieces.push(piece))
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString()
          const code = /<Code>([^<]*)<\/Code>/.exec(text)?.[1] ?? /"__type":"([^"]*)"/.exec(text)?.[1]
          resolve({ status: response.statusCode ?? 0, code, headers: response.headers, body: text })
        })
        response.on('error', reject)
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

/** Sends bytes over a bare socket and returns what came back until the other side closed or `waitMs` passed. */
export function sendBytes(port: number, text: string, waitMs = 500): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    const timer = setTimeout(() => socket.destroy(), waitMs)
    socket.on('data', (bytes) => (received += bytes.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(received)
    })
  })
}
