import type { Database, Table } from '../call.js'

/**
 * The same database, which tells when something was written to tables with one of these prefixes: at once and
 * again when it is durable, so that nobody keeps what was read in between.
 */
export function watchDatabase(
  database: Database,
  prefixes: readonly string[],
  onChange: () => void,
): Database {
  let changed = false
  const note = () => {
    changed = true
    onChange()
  }
  return {
    table<Value>(name: string): Table<Value> {
      const table = database.table<Value>(name)
      if (!prefixes.some((prefix) => name.startsWith(prefix))) return table
      return {
        get: (key) => table.get(key),
        range: (options) => table.range(options),
        put: (key, value) => {
          table.put(key, value)
          note()
        },
        delete: (key) => {
          table.delete(key)
          note()
        },
      }
    },
    async transaction(work) {
      try {
        return await database.transaction(work)
      } finally {
        if (changed) {
          changed = false
          onChange()
        }
      }
    },
    close: () => database.close(),
  }
}
