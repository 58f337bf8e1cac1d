import { createHash } from 'node:crypto'

/** The parts of a request that are signed. */
export interface SignedRequest {
  readonly method: string
  /** As sent, percent-encoded, without the query. */
  readonly rawPath: string
  /** Decoded pairs in the order in which they were sent. */
  readonly queryPairs: readonly (readonly [string, string])[]
  /** Lower-case names; values of repeated headers joined by commas. */
  readonly headers: Readonly<Record<string, string>>
}

const unreserved = /^[A-Za-z0-9\-._~]*$/

/** SigV4's own percent-encoding: all but unreserved characters. */
export function uriEncode(text: string): string {
  if (unreserved.test(text)) return text
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/**
 * The paths that a client may have signed. S3 does not normalise the path: it is signed as sent, or decoded and
 * encoded afresh where the client sent characters unencoded. Other services encode it once more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
 */
export function canonicalPaths(rawPath: string, s3: boolean): readonly string[] {
  if (rawPath === '/' || rawPath === '') return ['/']
  if (!s3) return [encodeSegments(rawPath)]
  let normal: string
  try {
    normal = encodeSegments(decodeURIComponent(rawPath))
  } catch {
    return [rawPath]
  }
  return normal === rawPath ? [rawPath] : [rawPath, normal]
}

function encodeSegments(path: string): string {
  return path.split('/').map(uriEncode).join('/')
}

function canonicalQuery(pairs: SignedRequest['queryPairs']): string {
  if (pairs.length === 0) return ''
  const encoded: (readonly [string, string])[] = []
  for (const [name, value] of pairs)
    if (name !== 'X-Amz-Signature') encoded.push([uriEncode(name), uriEncode(value)])
  encoded.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0))
  return encoded.map(([name, value]) => `${name}=${value}`).join('&')
}

/** Hex SHA-256 of the canonical request for one of its canonical paths. */
export function hashCanonicalRequest(
  request: SignedRequest,
  path: string,
  signedHeaders: readonly string[],
  payloadHash: string,
): string {
  let headers = ''
  for (const name of signedHeaders) headers += `${name}:${canonicalValue(request.headers[name] ?? '')}\n`
  const canonical = `${request.method}\n${path}\n${canonicalQuery(request.queryPairs)}\n${headers}\n${signedHeaders.join(';')}\n${payloadHash}`
  // Header values are strings of bytes here, as Node hands them over.
  return createHash('sha256').update(canonical, 'latin1').digest('hex')
}

function canonicalValue(value: string): string {
  const trimmed = value.trim()
  return trimmed.includes('  ') ? trimmed.replace(/ {2,}/g, ' ') : trimmed
}
