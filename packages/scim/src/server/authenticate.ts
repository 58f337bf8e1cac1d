import type { IncomingMessage } from 'node:http'
import { ScimError } from '../scim-error.js'
import type { Tokens } from '../tokens/tokens.js'
import type { RateLimit } from './rate-limit.js'

export interface Gate {
  readonly tokens: Tokens
  /** By the name of a token. */
  readonly requests: RateLimit
  /** By address, of those who come without a token of ours. */
  readonly refusals: RateLimit
}

/** Whose token a request carries. Refuses others, and who asks too often; neither says why a token is not taken. */
export function authenticate(request: IncomingMessage, gate: Gate, nowMs: number): string {
  const presented = /^Bearer ([\x21-\x7e]{1,500})$/i.exec(request.headers.authorization ?? '')?.[1]
  const token = presented === undefined ? undefined : gate.tokens.verify(presented, nowMs)
  if (token === undefined) {
    const address = request.socket.remoteAddress ?? 'unknown'
    limit(gate.refusals.take(address, nowMs))
    throw new ScimError(401, undefined, 'a valid bearer token is needed', {
      'www-authenticate': 'Bearer realm="ringfence SCIM"',
    })
  }
  limit(gate.requests.take(token.name, nowMs))
  return token.name
}

function limit(waitSeconds: number | undefined): void {
  if (waitSeconds === undefined) return
  throw new ScimError(429, undefined, `too many requests; the next one is taken in ${waitSeconds} s`, {
    'retry-after': String(waitSeconds),
  })
}
