import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Database } from '../store/database.js'

/** What is kept of a token: never the token itself. */
export interface StoredToken {
  readonly name: string
  /** SHA-256 of the token, in hexadecimal. 256 random bits are not guessed, so that no slow hash is needed. */
  readonly hash: string
  /** Epoch milliseconds, like all instants here. */
  readonly createdMs: number
  /** From then on it is refused. */
  readonly endsMs?: number
  /** To the minute. */
  readonly usedMs?: number
}

export interface Tokens {
  /** Newest last. */
  list(): readonly StoredToken[]
  /** Makes a token and gives it, this one time. Undefined: there is one of that name already. */
  create(name: string, nowMs: number, endsMs?: number): string | undefined
  /** Whether there was one. */
  revoke(name: string): boolean
  /** The token that was presented, if it is one of ours and has not ended; notes its use. */
  verify(presented: string, nowMs: number): StoredToken | undefined
}

/** Says what it is wherever it turns up, so that scanners for secrets find it. */
const prefix = 'rfscim_'
const noteEveryMs = 60_000

/** Tokens of a directory. Several are valid at a time, so that one can be changed for the next without a gap. */
export function openTokens(database: Database): Tokens {
  const table = database.table<StoredToken>('tokens')
  const list = (): readonly StoredToken[] =>
    [...table.page(0, Number.MAX_SAFE_INTEGER)].toSorted((a, b) => a.createdMs - b.createdMs)
  return {
    list,
    create: (name, nowMs, endsMs) =>
      database.transaction(() => {
        if (table.get([name]) !== undefined) return undefined
        const token = `${prefix}${randomBytes(32).toString('base64url')}`
        const ends = endsMs === undefined ? {} : { endsMs }
        table.put([name], { name, hash: hashOf(token).toString('hex'), createdMs: nowMs, ...ends })
        return token
      }),
    revoke: (name) =>
      database.transaction(() => {
        const isThere = table.get([name]) !== undefined
        table.delete([name])
        return isThere
      }),
    verify: (presented, nowMs) => {
      const hash = hashOf(presented)
      // All are compared, whether or not one has matched, and each in constant time.
      let found: StoredToken | undefined
      for (const token of list()) if (timingSafeEqual(hash, Buffer.from(token.hash, 'hex'))) found = token
      if (found === undefined || (found.endsMs !== undefined && nowMs >= found.endsMs)) return undefined
      if (found.usedMs === undefined || nowMs - found.usedMs >= noteEveryMs)
        database.transaction(() => {
          if (table.get([found.name])?.hash === found.hash)
            table.put([found.name], { ...found, usedMs: nowMs })
        })
      return found
    },
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
