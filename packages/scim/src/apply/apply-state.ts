import type { Roster } from '@ringfence/plan'
import type { Database } from '../store/database.js'
import type { AppliedRoster } from './only-leaving.js'

/** How far changes of the directory have taken effect on one stack. Instants in epoch milliseconds. */
export interface ApplyState {
  /** The position of the journal up to which they have. */
  readonly appliedPosition: number
  readonly lastRun?: LastRun
  /** Failed runs in a row. */
  readonly failures: number
  /** When the next one starts after a failure, or looks again at what is held. */
  readonly retryAtMs?: number
}

export interface LastRun {
  readonly startedMs: number
  /** Undefined: under way, or the process was killed in it. */
  readonly endedMs?: number
  /** The position of the journal that it was about. */
  readonly position: number
  readonly result?: 'applied' | 'failed' | 'held'
  /** What happened, and what to do about it; for people. */
  readonly message?: string
  readonly hint?: string
}

export interface ApplyStates {
  read(stack: string): ApplyState
  write(stack: string, state: ApplyState): void
  /** What took effect last; undefined: nothing that is known. */
  readRoster(stack: string): AppliedRoster | undefined
  writeRoster(stack: string, roster: Roster): void
  /** Of all stacks that changes have been brought to, by name. */
  all(): readonly (readonly [stack: string, state: ApplyState])[]
}

export function openApplyStates(database: Database): ApplyStates {
  const table = database.table<readonly [string, ApplyState]>('applied')
  const rosters = database.table<AppliedRoster>('appliedRosters')
  return {
    read: (stack) => table.get([stack])?.[1] ?? { appliedPosition: 0, failures: 0 },
    write: (stack, state) => database.transaction(() => table.put([stack], [stack, state])),
    readRoster: (stack) => rosters.get([stack]),
    writeRoster: (stack, { people, teams = [] }) =>
      database.transaction(() => rosters.put([stack], { people, teams })),
    all: () => [...table.page(0, Number.MAX_SAFE_INTEGER)],
  }
}
