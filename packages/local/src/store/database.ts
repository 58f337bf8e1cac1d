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

function lmdbTable(db: LmdbDatabase<unknown, LmdbKey>, inTransaction: () => boolean): Table<unknown> {
  const mustBeInTransaction = (): void => {
    if (!inTransaction()) throw new Error('writes happen in a transaction')
  }
  return {
    get: (key) => db.get(key as LmdbKey),
    put: (key, value) => {
      mustBeInTransaction()
      db.putSync(key as LmdbKey, value)
    },
    delete: (key) => {
      mustBeInTransaction()
      db.removeSync(key as LmdbKey)
    },
    range: ({ start, end, limit, reverse }) =>
      db.getRange({
        ...(start === undefined ? {} : { start: start as LmdbKey }),
        ...(end === undefined ? {} : { end: end as LmdbKey }),
        ...(limit === undefined ? {} : { limit }),
        ...(reverse === undefined ? {} : { reverse }),
      }) as Iterable<{ key: Key; value: unknown }>,
  }
}
