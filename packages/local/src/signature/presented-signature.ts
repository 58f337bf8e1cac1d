import { parseCredentialScope, type CredentialScope } from './credential-scope.js'

/** The signature that a request carries, parsed and not yet believed. */
export interface PresentedSignature {
  readonly place: 'header' | 'query'
  readonly scope: CredentialScope
  /** Lower case, as listed by the client. */
  readonly signedHeaders: readonly string[]
  /** Lower-case hex. */
  readonly signature: string
  /** `YYYYMMDDTHHMMSSZ`; empty where the client sent none. */
  readonly amzDate: string
  readonly sessionToken: string | undefined
  /** Presigned: seconds for which it is good. */
  readonly expiresSeconds?: number
}

/** Why the credentials of a request cannot be read. */
export type PresentedProblem =
  | { readonly problem: 'malformed'; readonly place: 'header' | 'query'; readonly message: string }
  | { readonly problem: 'unsupported'; readonly message: string }
  | { readonly problem: 'twice' }

/** What a request presents: nothing, a signature, or something that cannot be used. */
export type Presented = { readonly none: true } | PresentedSignature | PresentedProblem

type Headers = Readonly<Record<string, string>>
type Query = ReadonlyMap<string, string>

/** Finds the signature of a request in its Authorization header or in its query. */
export function readPresentedSignature(headers: Headers, query: Query): Presented {
  const header = headers['authorization']
  const algorithm = query.get('X-Amz-Algorithm')
  const inQuery = algorithm !== undefined || query.has('X-Amz-Signature') || query.has('X-Amz-Credential')
  const oldQuery = query.has('AWSAccessKeyId') && query.has('Signature')
  if (header !== undefined && (inQuery || oldQuery)) return { problem: 'twice' }
  if (header !== undefined) return readHeader(header, headers)
  if (inQuery) return readQuery(algorithm ?? '', query)
  if (oldQuery) return unsupported('Signature Version 2')
  return { none: true }
}

function unsupported(what: string): PresentedProblem {
  return {
    problem: 'unsupported',
    message: `The authorization mechanism you have provided (${what}) is not supported. Please use AWS4-HMAC-SHA256.`,
  }
}

function unsupportedAlgorithm(algorithm: string): PresentedProblem {
  if (algorithm === 'AWS4-ECDSA-P256-SHA256')
    return unsupported('Signature Version 4A, AWS4-ECDSA-P256-SHA256')
  if (algorithm === 'AWS') return unsupported('Signature Version 2')
  return unsupported(algorithm.slice(0, 40))
}

function malformed(place: 'header' | 'query', message: string): Presented {
  return { problem: 'malformed', place, message }
}

function readHeader(header: string, headers: Headers): Presented {
  const space = header.indexOf(' ')
  const algorithm = space < 0 ? header : header.slice(0, space)
  if (algorithm !== 'AWS4-HMAC-SHA256') return unsupportedAlgorithm(algorithm)
  const fields = new Map<string, string>()
  for (const part of header.slice(space + 1).split(',')) {
    const equals = part.indexOf('=')
    if (equals > 0) fields.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim())
  }
  const scope = parseCredentialScope(fields.get('Credential') ?? '')
  if (scope === undefined)
    return malformed(
      'header',
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    )
  const signedHeaders = fields.get('SignedHeaders')
  if (!signedHeaders) return malformed('header', 'Authorization header requires existence of SignedHeaders.')
  const signature = fields.get('Signature')
  if (signature === undefined || !/^[0-9a-f]{64}$/.test(signature))
    return malformed('header', 'Authorization header requires a Signature of 64 hexadecimal digits.')
  return {
    place: 'header',
    scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    amzDate: headers['x-amz-date'] ?? fromHttpDate(headers['date']),
    sessionToken: headers['x-amz-security-token'],
  }
}

function readQuery(algorithm: string, query: Query): Presented {
  if (algorithm !== 'AWS4-HMAC-SHA256') return unsupportedAlgorithm(algorithm)
  const scope = parseCredentialScope(query.get('X-Amz-Credential') ?? '')
  const signedHeaders = query.get('X-Amz-SignedHeaders')
  const signature = query.get('X-Amz-Signature')
  const amzDate = query.get('X-Amz-Date')
  const expires = query.get('X-Amz-Expires')
  if (scope === undefined) return malformed('query', 'Error parsing the X-Amz-Credential parameter.')
  if (!signedHeaders || signature === undefined || amzDate === undefined || expires === undefined)
    return malformed(
      'query',
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, ' +
        'X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    )
  if (!/^[0-9a-f]{64}$/.test(signature))
    return malformed('query', 'X-Amz-Signature must be 64 hexadecimal digits')
  if (!/^\d{1,9}$/.test(expires)) return malformed('query', 'X-Amz-Expires should be a number')
  if (Number(expires) > 604_800)
    return malformed(
      'query',
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    )
  return {
    place: 'query',
    scope,
    signedHeaders: signedHeaders.split(';'),
    signature,
    amzDate,
    sessionToken: query.get('X-Amz-Security-Token'),
    expiresSeconds: Number(expires),
  }
}

function fromHttpDate(date: string | undefined): string {
  if (date === undefined) return ''
  const time = Date.parse(date)
  if (Number.isNaN(time)) return ''
  return `${new Date(time).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`
}

/** Epoch milliseconds of `YYYYMMDDTHHMMSSZ`; undefined for anything else. */
export function parseAmzDate(text: string): number | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (found === null) return undefined
  const [, year, month, day, hour, minute, second] = found
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(time) ? undefined : time
}
