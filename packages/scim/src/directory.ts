import type { Roster } from '@ringfence/plan'
import { type ApplyStates, openApplyStates } from './apply/apply-state.js'
import { type RosterAt, rosterAt } from './roster.js'
import { type Database, openDatabase } from './store/database.js'
import { type GroupWrites, writesOfGroups } from './store/groups.js'
import { type Journal, openJournal } from './store/journal.js'
import { openTables, type Tables } from './store/tables.js'
import { openTokens, type Tokens } from './tokens/tokens.js'
import { type UserWrites, writesOfUsers } from './store/users.js'

/** People and groups as a provider has told them, on disk. */
export interface Directory {
  readonly tables: Tables
  readonly users: UserWrites
  readonly groups: GroupWrites
  readonly journal: Journal
  /** Of who may make changes. */
  readonly tokens: Tokens
  readonly database: Database
  /** Runs `work` whole or not at all; what it wrote is on the disk when this returns. */
  transaction<Result>(work: () => Result): Result
  /** How far changes have taken effect, by stack. */
  readonly applied: ApplyStates
  /** Who is here and in which teams, for where changes have taken effect up to a position of the journal. */
  rosterAt(appliedPosition: number): RosterAt
  /** The same for a stack that changes are brought to; for all of them where that is none. */
  roster(stack?: string): Roster
  close(): Promise<void>
}

/**
 * Opens a directory, making its folder where it is not there. Several processes may have it open. Whatever a call has
 * returned from is kept, whatever happens to the process; what it has not is there whole or not at all.
 */
export function openDirectory(folder: string): Directory {
  const database = openDatabase(folder)
  const tables = openTables(database)
  const journal = openJournal(database)
  const applied = openApplyStates(database)
  return {
    tables,
    users: writesOfUsers(tables, journal),
    groups: writesOfGroups(tables, journal),
    journal,
    tokens: openTokens(database),
    database,
    transaction: (work) => database.transaction(work),
    applied,
    rosterAt: (appliedPosition) => rosterAt(tables, appliedPosition),
    roster: (stack) => {
      const all = applied.all()
      const own = all.filter(([name]) => name === stack)
      const positions = (own.length === 0 ? all : own).map(([, { appliedPosition }]) => appliedPosition)
      return rosterAt(tables, positions.length === 0 ? 0 : Math.min(...positions)).roster
    },
    close: () => database.close(),
  }
}
