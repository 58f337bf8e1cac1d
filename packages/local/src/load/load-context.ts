import type { Plan } from '@ringfence/plan'
import type { State } from '../enforce/state-view.js'
import type { Table } from '../call.js'
import type { InProcess } from './in-process.js'

/** What making a plan's resources works with. */
export interface LoadContext {
  readonly plan: Plan
  readonly aws: InProcess
  /** The organization's management account, which is made at the first call. */
  readonly management: () => Promise<InProcess>
  /** What is there already, to leave alone what is as planned. */
  readonly state: State
  readonly region: string
  /** [account, id in the plan] of a KMS key to its key id: keys have no name of their own. */
  readonly plannedKeys: Table<string>
  readonly write: <Result>(work: () => Result) => Promise<Result>
  /** Keys that were made for the plan and given to nobody yet. */
  readonly unissuedKeys: Set<string>
  readonly nowMs: () => number
}

/** Whether two JSON-like values are the same, whatever the order of members. */
export function sameValue(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, member]) => member !== undefined)
  return Object.fromEntries(
    entries.toSorted(([x], [y]) => (x < y ? -1 : 1)).map(([key, member]) => [key, ordered(member)]),
  )
}

export function samePolicy(text: string | undefined, document: unknown): boolean {
  return text !== undefined && sameValue(JSON.parse(text), document)
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
