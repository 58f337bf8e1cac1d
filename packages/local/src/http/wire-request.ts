import type { IncomingMessage } from 'node:http'
import { AwsError } from '../aws-error.js'

/** The head of a request, taken apart without losing what was signed. */
export interface WireRequest {
  readonly method: string
  /** As sent, percent-encoded, without the query. */
  readonly rawPath: string
  /** Decoded, in the order in which they were sent. */
  readonly queryPairs: readonly (readonly [string, string])[]
  readonly query: ReadonlyMap<string, string>
  /** Lower-case names; repeated headers joined by commas. Values are strings of bytes (latin-1). */
  readonly headers: Readonly<Record<string, string>>
  /** Host without port, lower case. */
  readonly host: string
}

const noPairs: readonly (readonly [string, string])[] = []
const noQuery: ReadonlyMap<string, string> = new Map()

/** Headers that may not come twice: a proxy in between could read them differently from the server. */
const single = /^(authorization|host|date|range|content-(length|md5|type|encoding)|x-amz-(?!meta-).*)$/

/** Parameters that are lists: UntagResource of S3 Control. The others may not come twice for the same reason. */
const repeatable: ReadonlySet<string> = new Set(['tagKeys'])

/** Takes a request apart. Throws `AwsError` for what no service could read. */
export function readWireRequest(request: IncomingMessage): WireRequest {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const target = mark < 0 ? url : url.slice(0, mark)
  const pairs = mark < 0 ? noPairs : readQuery(url.slice(mark + 1))
  return {
    method: request.method ?? 'GET',
    rawPath: target.startsWith('/') ? target : pathOfAbsolute(target),
    queryPairs: pairs,
    query: pairs.length === 0 ? noQuery : queryMap(pairs),
    headers: readHeaders(request.rawHeaders),
    host: hostOf(request.headers.host),
  }
}

function pathOfAbsolute(target: string): string {
  const found = /^https?:\/\/[^/]*(\/.*)?$/.exec(target)
  if (found === null) throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  return found[1] ?? '/'
}

function hostOf(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase()
}

function readHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = raw[i + 1] ?? ''
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (single.test(name))
      throw new AwsError('InvalidRequest', `The header ${name} was sent more than once`, 400)
    else headers[name] = `${before},${value}`
  }
  return headers
}

function readQuery(text: string): readonly (readonly [string, string])[] {
  if (text === '') return noPairs
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    })
}

function decode(text: string): string {
  if (!text.includes('%') && !text.includes('+')) return text
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400)
  }
}

function queryMap(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, string> {
  const query = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (query.has(name) && !repeatable.has(name))
      throw new AwsError(
        'InvalidArgument',
        `The query parameter ${name.slice(0, 100)} was sent more than once`,
        400,
      )
    query.set(name, value)
  }
  return query
}
