import { type Database as LmdbDatabase, open } from 'lmdb'
import { chmodSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type Key = readonly (string | number)[]

/** A part of the database, by keys in the order of their parts. */
export interface Table<Value> {
  get(key: Key): Value | undefined
  put(key: Key, value: Value): void
  delete(key: Key): void
  /** All whose key begins with these parts. */
  under(prefix: Key): Iterable<{ readonly key: Key; readonly value: Value }>
  /** All from a key of one part on, or backwards from it. */
  from(
    start: number | string,
    options?: { readonly isReverse?: boolean },
  ): Iterable<{ readonly key: Key; readonly value: Value }>
  /** A part of all, in the order of the keys. */
  page(offset: number, limit: number): Iterable<Value>
  count(): number
}

export interface Database {
  table<Value>(name: string): Table<Value>
  /** Runs `work`, whole or not at all; when it returns, what it wrote is on the disk. */
  transaction<Result>(work: () => Result): Result
  close(): Promise<void>
}

const mapSize = 16 * 2 ** 30
/** Sorts after every text and number in a key. */
const last = Buffer.from([0xff])

/**
 * Opens the database in a folder, which is made where it is not there; nobody but its owner may look inside. Several
 * processes may have it open: the server, and commands that read it or make tokens.
 */
export function openDatabase(folder: string): Database {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  // No overlapping sync: a transaction that has returned survives kill -9 and the loss of power.
  const root = open({
    path: join(folder, 'directory'),
    maxDbs: 32,
    mapSize,
    overlappingSync: false,
    encoding: 'msgpack',
  })
  const inner = join(folder, 'directory')
  chmodSync(inner, 0o700)
  for (const name of readdirSync(inner)) chmodSync(join(inner, name), 0o600)
  let depth = 0
  const tables = new Map<string, Table<unknown>>()
  return {
    table: <Value>(name: string) => {
      const found = tables.get(name) ?? tableOf(root.openDB({ name, encoding: 'msgpack' }), () => depth > 0)
      tables.set(name, found)
      return found as Table<Value>
    },
    transaction: (work) => {
      depth += 1
      try {
        return root.transactionSync(work)
      } finally {
        depth -= 1
      }
    },
    close: () => root.close(),
  }
}

type LmdbKey = (string | number | Buffer)[]

function tableOf(db: LmdbDatabase<unknown, LmdbKey>, isWritable: () => boolean): Table<unknown> {
  const requireTransaction = (): void => {
    if (!isWritable()) throw new Error('writes happen in a transaction')
  }
  const rows = (range: Parameters<typeof db.getRange>[0]) =>
    db
      .getRange(range)
      // lmdb gives a key of one part as that part.
      .map(({ key, value }) => ({ key: (Array.isArray(key) ? key : [key]) as Key, value }))
  return {
    get: (key) => db.get([...key]),
    put: (key, value) => {
      requireTransaction()
      db.putSync([...key], value)
    },
    delete: (key) => {
      requireTransaction()
      db.removeSync([...key])
    },
    under: (prefix) => rows({ start: [...prefix], end: [...prefix, last] }),
    from: (start, options) => rows({ start: [start], ...(options?.isReverse ? { reverse: true } : {}) }),
    page: (offset, limit) => db.getRange({ offset, limit }).map(({ value }) => value),
    count: () => (db.getStats() as { entryCount: number }).entryCount,
  }
}
