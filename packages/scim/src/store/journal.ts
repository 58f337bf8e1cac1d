import type { Database } from './database.js'
import type { By } from './stored.js'

/** One change of the directory. Never rewritten. */
export interface JournalEntry {
  /** From 1, without gaps. */
  readonly position: number
  /** Epoch milliseconds. */
  readonly atMs: number
  /** The name of the token that asked for it. */
  readonly client: string
  readonly what: 'created' | 'changed' | 'deleted'
  readonly kind: 'User' | 'Group'
  readonly id: string
  /** `userName` or `displayName`, after the change. */
  readonly name: string
  /** Names of the attributes that changed. */
  readonly attributes: readonly string[]
  /** Of a group: names of users who came in and who went out. */
  readonly joined?: readonly string[]
  readonly left?: readonly string[]
  /** Whether the roster is another one now: not where only a title changed. */
  readonly isOfRoster: boolean
}

export interface Journal {
  /** The position of the last change; 0: there was none. */
  readonly position: () => number
  /** In a transaction, the one that makes the change. */
  append(by: By, entry: Omit<JournalEntry, 'position' | 'atMs' | 'client'>): void
  /** What came after a position, in order. */
  since(position: number): Iterable<JournalEntry>
  /** The last ones, newest first. */
  latest(limit: number): readonly JournalEntry[]
}

export function openJournal(database: Database): Journal {
  const entries = database.table<JournalEntry>('journal')
  const position = (): number => {
    for (const { key } of entries.from(Number.MAX_SAFE_INTEGER, { isReverse: true })) return key[0] as number
    return 0
  }
  return {
    position,
    append: (by, entry) => {
      const at = position() + 1
      entries.put([at], { position: at, atMs: by.atMs, client: by.client, ...entry })
    },
    since: function* (after) {
      for (const { value } of entries.from(after + 1)) yield value
    },
    latest: (limit) => {
      const found: JournalEntry[] = []
      for (const { value } of entries.from(Number.MAX_SAFE_INTEGER, { isReverse: true })) {
        if (found.length >= limit) break
        found.push(value)
      }
      return found
    },
  }
}
