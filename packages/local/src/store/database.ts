import { open, type Database as LmdbDatabase, type RootDatabase } from 'lmdb'
import type { Database, Key, Table } from '../call.js'

/** lmdb mutates nothing, but its types ask for mutable arrays. */
type LmdbKey = string | (string | number)[]

export interface DatabaseOptions {
  /** Default true: a transaction resolves once it is on disk. False for temporary folders: no syncing at all. */
  readonly durable?: boolean
}

interface Waiting {
  readonly run: () => void
  readonly settle: () => void
  readonly fail: (error: unknown) => void
}

/** The longest file that the memory map may become; the file itself grows as needed. */
const mapSize = 64 * 2 ** 30

/**
 * The embedded database. Transactions that are asked for in the same turn of the event loop share one commit
 * and one sync (group commit), each in a child transaction of its own, so that a throw rolls back only its own
 * writes.
 */
export function openDatabase(folder: string, options: DatabaseOptions = {}): Database {
  const durable = options.durable ?? true
  const root: RootDatabase = open({
    path: folder,
    maxDbs: 256,
    mapSize,
    encoding: 'msgpack',
    ...(durable ? { overlappingSync: false } : { noSync: true, overlappingSync: false }),
  })
  const tables = new Map<string, Table<unknown>>()
  let inTransaction = false
  let waiting: Waiting[] = []

  const table = <Value>(name: string): Table<Value> => {
    let found = tables.get(name)
    if (found === undefined) {
      found = lmdbTable(root.openDB<unknown, LmdbKey>({ name, encoding: 'msgpack' }), () => inTransaction)
      tables.set(name, found)
    }
    return found as Table<Value>
  }

  const runNow = <Result>(work: () => Result): Result => {
    inTransaction = true
    try {
      return root.transactionSync(work)
    } finally {
      inTransaction = false
    }
  }

  const runWaiting = (): void => {
    const batch = waiting
    waiting = []
    try {
      runNow(() => batch.forEach((entry) => entry.run()))
    } catch (error) {
      batch.forEach((entry) => entry.fail(error))
      return
    }
    batch.forEach((entry) => entry.settle())
  }

  const runLater = <Result>(work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      let settle: () => void = () => reject(new Error('transaction did not run'))
      waiting.push({
        run: () => {
          try {
            const result = root.transactionSync(work)
            settle = () => resolve(result)
          } catch (error) {
            settle = () => reject(error)
          }
        },
        settle: () => settle(),
        fail: reject,
      })
      if (waiting.length === 1) setImmediate(runWaiting)
    })

  return {
    table,
    transaction: async (work) => (durable ? runLater(work) : runNow(work)),
    close: async () => {
      if (waiting.length > 0) runWaiting()
      await root.close()
    },
  }
}

/**
 * lmdb's key encoder escapes the characters up to U+0004 only in short strings; here they are escaped in all of
 * them, which keeps the order by UTF-8 bytes.
 */
// oxlint-disable-next-line no-control-regex
const lowCharacter = /[\u0000-\u0005]/
// oxlint-disable-next-line no-control-regex
const lowCharacters = /[\u0000-\u0005]/g
const digitZero = 0x30

function toLmdbKey(key: Key): LmdbKey {
  if (typeof key === 'string') return escapeText(key)
  return key.map((part) => (typeof part === 'string' ? escapeText(part) : part))
}

function escapeText(text: string): string {
  if (!lowCharacter.test(text)) return text
  return text.replace(lowCharacters, (one) => `\u0005${String.fromCharCode(digitZero + one.charCodeAt(0))}`)
}

function fromLmdbKey(key: LmdbKey): Key {
  if (typeof key === 'string') return unescapeText(key)
  return key.map((part) => (typeof part === 'string' ? unescapeText(part) : part))
}

function unescapeText(text: string): string {
  if (!text.includes('\u0005')) return text
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\u0005([0-5])/g, (_whole, digit: string) => String.fromCharCode(Number(digit)))
}

function lmdbTable(db: LmdbDatabase<unknown, LmdbKey>, inTransaction: () => boolean): Table<unknown> {
  const mustBeInTransaction = (): void => {
    if (!inTransaction()) throw new Error('writes happen in a transaction')
  }
  return {
    get: (key) => db.get(toLmdbKey(key)),
    put: (key, value) => {
      mustBeInTransaction()
      db.putSync(toLmdbKey(key), value)
    },
    delete: (key) => {
      mustBeInTransaction()
      db.removeSync(toLmdbKey(key))
    },
    range: ({ start, end, limit, reverse }) =>
      db
        .getRange({
          ...(start === undefined ? {} : { start: toLmdbKey(start) }),
          ...(end === undefined ? {} : { end: toLmdbKey(end) }),
          ...(limit === undefined ? {} : { limit }),
          ...(reverse === undefined ? {} : { reverse }),
        })
        .map(({ key, value }) => ({ key: fromLmdbKey(key), value })),
  }
}
