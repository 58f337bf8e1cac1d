import type { Roster } from '@ringfence/plan'
import type { Directory } from '../directory.js'
import type { ApplyState, LastRun } from './apply-state.js'
import { onlyLeaving } from './only-leaving.js'

/** What became of one run of plan, check and up. */
export type ApplyResult =
  | { readonly result: 'applied' }
  /** Nothing was changed, and nothing will be until somebody agrees. */
  | { readonly result: 'held'; readonly message: string; readonly hint: string }
  | {
      readonly result: 'failed'
      readonly message: string
      readonly hint?: string
      /** Plan or check refuses it, and will until file or directory change: nothing was changed. */
      readonly isRefused?: boolean
    }

/** Brings a stack to a roster; `reason` says why, for people. A rejection counts as a failure. */
export type Apply = (roster: Roster, reason: string) => Promise<ApplyResult>

export interface ApplierOptions {
  readonly directory: Directory
  /** What the state is kept under. */
  readonly stack: string
  readonly apply: Apply
  readonly nowMs: () => number
  /** Told at the start and the end of each run. */
  readonly onRun?: (state: ApplyState) => void
  readonly times?: ApplierTimes
}

/** All in milliseconds. */
export interface ApplierTimes {
  /** So long nothing may have changed before a run starts: providers send one change at a time. */
  readonly settleMs: number
  /** So long a change waits at most while others go on coming. */
  readonly longestWaitMs: number
  /** After the first failure; doubled after each further one. */
  readonly firstRetryMs: number
  readonly longestRetryMs: number
  /** So often what is held is looked at again, since somebody may have deployed it by hand. */
  readonly heldMs: number
}

export const defaultTimes: ApplierTimes = {
  settleMs: 5_000,
  longestWaitMs: 60_000,
  firstRetryMs: 10_000,
  longestRetryMs: 30 * 60_000,
  heldMs: 5 * 60_000,
}

export interface Applier {
  /** To be called after each change of the directory, and when another process may have made one. */
  notice(): void
  /** Starts no further run, and resolves when the one under way has ended. */
  close(): Promise<void>
}

/**
 * Makes changes of the directory take effect: those that come soon after each other in one run, one run at a time, again
 * after a failure. Where it is, is on disk before and after each run, so that a process that is killed goes on from
 * there: a run that was cut off is made again, which `up` is made for.
 */
export function startApplier(options: ApplierOptions): Applier {
  const applier = new Running(options, options.times ?? defaultTimes)
  applier.notice()
  return applier
}

class Running implements Applier {
  private timer: NodeJS.Timeout | undefined
  private run: Promise<void> | undefined
  private isClosed = false
  /** When the first and the last change that waits was seen. */
  private seen: { position: number; firstMs: number; lastMs: number } | undefined
  /** Up to where of the journal the last run has looked; further than it is about where it left somebody out. */
  private lookedTo = 0

  constructor(
    private readonly options: ApplierOptions,
    private readonly times: ApplierTimes,
  ) {}

  notice(): void {
    if (this.isClosed || this.run !== undefined) return
    clearTimeout(this.timer)
    const dueMs = this.dueMs()
    if (dueMs === undefined) return
    const waitMs = Math.max(0, dueMs - this.options.nowMs())
    this.timer = setTimeout(() => this.start(), waitMs)
  }

  async close(): Promise<void> {
    this.isClosed = true
    clearTimeout(this.timer)
    await this.run
  }

  private start(): void {
    this.run = this.runOnce().finally(() => {
      this.run = undefined
      this.notice()
    })
  }

  /** When the next run is due; undefined: there is nothing to do. */
  private dueMs(): number | undefined {
    const { directory, stack, nowMs } = this.options
    const state = directory.applied.read(stack)
    const position = directory.journal.position()
    if (!isAnythingPending(directory, state)) {
      this.seen = undefined
      this.passOver(state, position)
      return undefined
    }
    const now = nowMs()
    if (this.seen === undefined) this.seen = { position, firstMs: now, lastMs: now }
    else if (this.seen.position !== position) this.seen = { ...this.seen, position, lastMs: now }
    const { settleMs, longestWaitMs } = this.times
    const settledMs = Math.min(this.seen.lastMs + settleMs, this.seen.firstMs + longestWaitMs)
    // A change may be what lets a held run pass; after a failure a new change does not hurry the next run.
    const isNew =
      state.lastRun?.result === 'held' && position > Math.max(state.lastRun.position, this.lookedTo)
    return isNew ? settledMs : Math.max(settledMs, state.retryAtMs ?? 0)
  }

  /** Changes that are nothing to a stack, such as titles, need no run; a long row of them is not read again. */
  private passOver(state: ApplyState, position: number): void {
    if (position - state.appliedPosition < 1_000) return
    this.options.directory.applied.write(this.options.stack, { ...state, appliedPosition: position })
  }

  private async runOnce(): Promise<void> {
    const { directory, stack, nowMs, onRun } = this.options
    const before = directory.applied.read(stack)
    const pending = pendingChanges(directory, before)
    if (pending === undefined) return
    // One reading of both, so that the roster is the one of that position.
    const { position, roster } = directory.transaction(() => {
      const { roster: people, heldBackTo } = directory.rosterAt(before.appliedPosition)
      this.lookedTo = directory.journal.position()
      return { position: heldBackTo ?? this.lookedTo, roster: people }
    })
    this.seen = undefined
    const started: ApplyState = { ...before, lastRun: { startedMs: nowMs(), position } }
    directory.applied.write(stack, started)
    onRun?.(started)
    const result = await this.attempt(roster, reasonOf(pending))
    const ended = this.stateAfter(started, position, await this.letLeave(roster, result))
    directory.transaction(() => {
      directory.applied.write(stack, ended)
      if (result.result === 'applied') directory.applied.writeRoster(stack, roster)
    })
    onRun?.(ended)
  }

  private async attempt(roster: Roster, reason: string): Promise<ApplyResult> {
    try {
      return await this.options.apply(roster, reason)
    } catch (error) {
      return { result: 'failed', message: error instanceof Error ? error.message : String(error) }
    }
  }

  /** Where all of it is refused, what is taken away takes effect by itself: nobody stays in because somebody cannot come. */
  private async letLeave(roster: Roster, result: ApplyResult): Promise<ApplyResult> {
    const { directory, stack } = this.options
    if (result.result !== 'failed' || result.isRefused !== true) return result
    const before = directory.applied.readRoster(stack)
    const leaving = before && onlyLeaving(before, roster)
    if (leaving === undefined) return result
    const left = await this.attempt(leaving, 'who has left, by themselves')
    if (left.result === 'applied') {
      directory.applied.writeRoster(stack, leaving)
      return { ...result, message: `who has left is out, and nobody has come in: ${result.message}` }
    }
    return {
      ...result,
      message: `${result.message}; nor could who has left go by themselves: ${left.message}`,
    }
  }

  private stateAfter(started: ApplyState, position: number, ended: ApplyResult): ApplyState {
    const now = this.options.nowMs()
    const { startedMs = now } = started.lastRun ?? {}
    const lastRun = { startedMs, endedMs: now, position, ...toldOf(ended) }
    switch (ended.result) {
      case 'applied':
        return { appliedPosition: position, failures: 0, lastRun }
      case 'held':
        return { ...started, failures: 0, lastRun, retryAtMs: now + this.times.heldMs }
      case 'failed': {
        const failures = started.failures + 1
        const { firstRetryMs, longestRetryMs } = this.times
        const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20))
        return { ...started, failures, lastRun, retryAtMs: now + waitMs }
      }
    }
  }
}

/** What is kept of a run for people. */
function toldOf(ended: ApplyResult): Pick<LastRun, 'result' | 'message' | 'hint'> {
  if (ended.result === 'applied') return { result: 'applied' }
  const { hint, message, result } = ended
  return { result, message, ...(hint === undefined ? {} : { hint }) }
}

/** Changes of the roster that have not taken effect; undefined where there are none. */
export interface PendingChanges {
  readonly count: number
  /** A few of them, oldest first, for people. */
  readonly first: readonly string[]
}

const shownChanges = 5

function isAnythingPending(directory: Directory, state: ApplyState): boolean {
  for (const { isOfRoster } of directory.journal.since(state.appliedPosition)) if (isOfRoster) return true
  return false
}

export function pendingChanges(directory: Directory, state: ApplyState): PendingChanges | undefined {
  let count = 0
  const first: string[] = []
  for (const { isOfRoster, kind, name, what } of directory.journal.since(state.appliedPosition)) {
    if (!isOfRoster) continue
    count += 1
    if (first.length < shownChanges) first.push(`${kind === 'User' ? 'user' : 'group'} ${name} ${what}`)
  }
  return count === 0 ? undefined : { count, first }
}

function reasonOf({ count, first }: PendingChanges): string {
  const more = count - first.length
  return `${first.join(', ')}${more === 0 ? '' : `, and ${more} more`}`
}
