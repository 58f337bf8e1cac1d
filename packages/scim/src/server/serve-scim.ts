import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Directory } from '../directory.js'
import { answerError, answerScim } from '../protocol/answer.js'
import type { ScimResponse } from '../protocol/request.js'
import { ScimError } from '../scim-error.js'
import { authenticate, type Gate } from './authenticate.js'
import { createRateLimit, type Rate } from './rate-limit.js'
import { readBody } from './read-body.js'

/** The path under which everything is. */
export const basePath = '/scim/v2'

export interface ScimServerOptions {
  readonly directory: Directory
  /** 0: a free one. */
  readonly port: number
  /** Default: the loopback address. Others need `tls`. */
  readonly host?: string
  /** PEM. */
  readonly tls?: { readonly cert: string; readonly key: string }
  readonly nowMs: () => number
  /** Told of each request when it has been answered. */
  readonly onRequest?: (event: ScimRequestEvent) => void
  /** Default: 100 at once, 50 a second; of a client without a token 20, 1 a second. */
  readonly rate?: Rate
}

/** What is told of a request: no secret, and nothing of its body. */
export interface ScimRequestEvent {
  readonly atMs: number
  readonly method: string
  /** Without the query, which may hold names of people. */
  readonly path: string
  readonly status: number
  /** The name of the token; undefined where none was valid. */
  readonly client?: string
  /** Why it was refused. */
  readonly detail?: string
  /** A defect of ours. */
  readonly cause?: unknown
}

export interface ScimServer {
  /** `http://127.0.0.1:8443/scim/v2` */
  readonly url: string
  readonly port: number
  /** Takes no new requests, ends those under way, and then resolves. */
  close(): Promise<void>
}

const loopback = new Set(['127.0.0.1', '::1', 'localhost'])
const limits = {
  maxHeaderSize: 16_384,
  requestTimeout: 30_000,
  headersTimeout: 10_000,
  keepAliveTimeout: 60_000,
}

/** Serves a directory by SCIM 2.0. Without TLS on loopback only: a token that goes over a network is read on it. */
export async function serveScim(options: ScimServerOptions): Promise<ScimServer> {
  const { host = '127.0.0.1', tls } = options
  if (tls === undefined && !loopback.has(host))
    throw new Error('without TLS the server is reached by loopback only')
  const gate: Gate = {
    tokens: options.directory.tokens,
    requests: createRateLimit(options.rate ?? { burst: 100, perSecond: 50 }),
    refusals: createRateLimit({ burst: 20, perSecond: 1 }),
  }
  const server = tls
    ? createHttpsServer({ ...limits, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2' })
    : createHttpServer(limits)
  server.maxHeadersCount = 100
  server.maxConnections = 500
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void handle(request, response, options, gate)
  })
  await listen(server, options.port, host)
  const { port } = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `${tls ? 'https' : 'http'}://${shownHost}:${port}${basePath}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  options: ScimServerOptions,
  gate: Gate,
): Promise<void> {
  const nowMs = options.nowMs()
  const seen: { client?: string } = {}
  let answer: ScimResponse
  let cause: unknown
  try {
    answer = await answerTo(request, options, gate, nowMs, seen)
  } catch (error) {
    if (!(error instanceof ScimError)) cause = error
    answer = answerError(
      error instanceof ScimError
        ? error
        : new ScimError(500, undefined, 'the server failed; its log says why'),
    )
  }
  send(response, request, answer)
  const detail = answer.status >= 400 ? (answer.body as { detail?: string }).detail : undefined
  options.onRequest?.({
    atMs: nowMs,
    method: request.method ?? '',
    path: pathOf(request).slice(0, 200),
    status: answer.status,
    ...seen,
    ...(detail === undefined ? {} : { detail }),
    ...(cause === undefined ? {} : { cause }),
  })
}

async function answerTo(
  request: IncomingMessage,
  { directory, tls }: ScimServerOptions,
  gate: Gate,
  nowMs: number,
  seen: { client?: string },
): Promise<ScimResponse> {
  const client = authenticate(request, gate, nowMs)
  seen.client = client
  const path = pathOf(request)
  if (path !== basePath && !path.startsWith(`${basePath}/`))
    throw new ScimError(404, undefined, `everything is under ${basePath}`)
  const [, query = ''] = (request.url ?? '').split(/\?(.*)/s)
  const body = await readBody(request)
  const {
    'if-match': ifMatch,
    'if-none-match': ifNoneMatch,
    'x-forwarded-proto': forwarded,
  } = request.headers
  // Without TLS only this machine reaches us, such as a proxy that ends TLS: a location by HTTP would carry the token.
  const isTls = tls !== undefined || forwarded === 'https'
  return answerScim(
    {
      method: request.method ?? '',
      path: decodePath(path.slice(basePath.length)),
      query: readQuery(query),
      client,
      base: `${baseOf(request.headers.host, isTls)}${basePath}`,
      ...(ifMatch === undefined ? {} : { ifMatch }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
      ...(body === undefined ? {} : { body }),
    },
    directory,
    nowMs,
  )
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/'
}

function decodePath(path: string): readonly string[] {
  try {
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent)
  } catch {
    throw new ScimError(400, 'invalidSyntax', 'the path cannot be decoded')
  }
}

/**
 * A plus is a space in forms (Entra ID), and itself in URLs (RFC 3986). Whoever writes spaces as `%20` means the second:
 * `ada+aws@acme.example` would otherwise be asked for as `ada aws@acme.example`.
 */
function readQuery(query: string): URLSearchParams {
  return new URLSearchParams(query.includes('%20') ? query.replaceAll('+', '%2B') : query)
}

/** Where the client has reached us; nothing where it says so in no way that belongs into a URL. */
function baseOf(host: string | undefined, isTls: boolean): string {
  if (host === undefined || !/^(?:[\w.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/.test(host)) return ''
  return `${isTls ? 'https' : 'http'}://${host}`
}

function send(
  response: ServerResponse,
  request: IncomingMessage,
  { status, headers, body }: ScimResponse,
): void {
  const text = body === undefined ? undefined : JSON.stringify(body)
  response.writeHead(status, {
    ...headers,
    'cache-control': 'no-store',
    ...(text === undefined
      ? {}
      : {
          'content-type': 'application/scim+json; charset=utf-8',
          'content-length': Buffer.byteLength(text),
        }),
  })
  response.end(request.method === 'HEAD' ? undefined : text)
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
