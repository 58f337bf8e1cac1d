import { type KeptKey, printInstant } from '@ringfence/plan'
import type { KeyUse, MemberKey } from './member-keys.js'

/** One step of a rotation; `settle` deploys what is kept already. */
export interface KeyStep {
  readonly kind: 'step'
  readonly change: 'create' | 'deactivate' | 'delete' | 'settle'
  readonly generation: number
}

/** What a rotation does next, or why it does nothing now. */
export type KeyAnswer =
  | KeyStep
  | {
      readonly kind: 'wait'
      readonly generation: number
      readonly next: 'deactivate' | 'delete'
      /** Epoch milliseconds. */
      readonly untilMs: number
    }
  /** The overlap is over, and somebody still uses the old key. */
  | { readonly kind: 'inUse'; readonly generation: number; readonly use: KeyUse }
  /** The user has as many keys as AWS allows, and some of them are none of the stack's. */
  | { readonly kind: 'noRoom'; readonly undeclared: number }
  /** Every key was revoked; a new one is made only if it is asked for. */
  | { readonly kind: 'noWorkingKey' }
  | { readonly kind: 'nothing'; readonly isDue: boolean }

/** What is to be kept once a step is done; the stack notes it first. `at`: ISO 8601 instant, UTC. */
export function keptAfter(keys: readonly MemberKey[], step: KeyStep, at: string): readonly KeptKey[] {
  const { change, generation } = step
  switch (change) {
    case 'settle':
      return keys.map(keptKeyOf)
    case 'create':
      // What is gone from AWS makes room.
      return [
        ...keys.filter(({ onAws }) => onAws !== undefined).map(keptKeyOf),
        { generation, status: 'active', createdAt: at },
      ]
    case 'deactivate':
      return keys.map((key) => (key.generation === generation ? inactiveSince(key, at) : keptKeyOf(key)))
    case 'delete':
      return keys.filter((key) => key.generation !== generation).map(keptKeyOf)
  }
}

/** What is to be kept when keys are revoked; those that are inactive already stay so since then. */
export function keptAfterRevocation(
  keys: readonly MemberKey[],
  generations: readonly number[],
  at: string,
): readonly KeptKey[] {
  return keys.map((key) =>
    generations.includes(key.generation) && key.status === 'active' ? inactiveSince(key, at) : keptKeyOf(key),
  )
}

function inactiveSince(key: MemberKey, at: string): KeptKey {
  return { ...keptKeyOf(key), status: 'inactive', inactiveSince: at }
}

function keptKeyOf({ generation, status, inactiveSinceMs, onAws }: MemberKey): KeptKey {
  return {
    generation,
    status,
    ...(onAws === undefined ? {} : { createdAt: printInstant(onAws.createdMs) }),
    ...(inactiveSinceMs === undefined ? {} : { inactiveSince: printInstant(inactiveSinceMs) }),
  }
}
