import { invalidArgument } from './bucket-deps.js'
import type { WalkStart } from './listing-walk.js'

/** The most that a page has. [API_ListObjectsV2, max-keys] */
const maxPage = 1000

/** How many entries a page may have. Errors: `InvalidArgument`. */
export function pageLimit(maxKeys: number | undefined): number {
  if (maxKeys === undefined) return maxPage
  if (!Number.isInteger(maxKeys) || maxKeys < 0 || maxKeys > 2 ** 31 - 1)
    throw invalidArgument(
      'Argument maxKeys must be an integer between 0 and 2147483647',
      'maxKeys',
      `${maxKeys}`,
    )
  return Math.min(maxKeys, maxPage)
}

/**
 * How names are written in the answer: as they are, or percent-encoded, for keys that XML 1.0 cannot hold.
 * Errors: `InvalidArgument` for another encoding than `url`.
 */
export function nameEncoder(encodingType: string | undefined): (name: string) => string {
  if (encodingType === undefined || encodingType === '') return (name) => name
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType)
  return encodeName
}

/** Percent-encoding as in forms, except that S3 leaves the slash: clients decode `+` as a space. */
function encodeName(name: string): string {
  return encodeURIComponent(Buffer.from(name).toString())
    .replace(/%20/g, '+')
    .replace(/%2F/g, '/')
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** An opaque continuation token for what follows an entry. */
export function printToken(start: WalkStart): string {
  return Buffer.from(JSON.stringify([start.type, start.name])).toString('base64url')
}

/** Errors: `InvalidArgument` for what `printToken` did not make. */
export function parseToken(token: string): WalkStart {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (Array.isArray(value) && value.length === 2) {
      const [type, name] = value as readonly unknown[]
      if ((type === 'key' || type === 'prefix') && typeof name === 'string') return { type, name }
    }
  } catch {
    // Not JSON: answered as every other token that is not ours.
  }
  throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token)
}
