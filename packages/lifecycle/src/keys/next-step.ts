import { isOverLimit, type KeyRules, type MemberKey, works } from './member-keys.js'
import type { KeyAnswer, KeyStep } from './key-step.js'

/** What is known of the keys of one member, and what is asked for. */
export interface RotationQuestion {
  /** In the order of their generations: at least one. */
  readonly keys: readonly MemberKey[]
  /** Generations that are to be gone and that the stack's state still has. */
  readonly leftover: readonly number[]
  /** How many keys the user has beside them, which no stack knows. */
  readonly undeclared: number
  readonly rules: KeyRules
  readonly nowMs: number
  /** Whether a new key may be made: because it was asked for, because the old one is over its limit, or not at all. */
  readonly begin: 'always' | 'ifDue' | 'never'
  /** Deactivate the old key although it is still used. */
  readonly force: boolean
}

/** AWS lets a user have no more. IAM quota: "Access keys assigned to the IAM user". */
const keysPerUser = 2
const dayMs = 86_400_000

/**
 * The next step of a rotation, or why there is none now. A rotation makes a key, deactivates the old one after the
 * overlap, and deletes it after another one. A key that works is deactivated only while a later one works, and a key
 * is made only where the user has room for it.
 */
export function nextStep(question: RotationQuestion): KeyAnswer {
  const unsettled = settle(question)
  if (unsettled !== undefined) return unsettled
  const [first, second] = question.keys.filter(works)
  if (first === undefined) return replaceRevoked(question)
  return second === undefined ? afterOverlap(first, question) : duringOverlap(first, second, question)
}

/** What an update that was killed has left, or somebody changed on AWS. */
function settle({ keys, leftover, undeclared }: RotationQuestion): KeyAnswer | undefined {
  const [left] = leftover
  if (left !== undefined) return step('settle', left)
  for (const { generation, status, recorded, onAws } of keys) {
    const others = keys.filter((key) => key.generation !== generation)
    if (!recorded && status === 'inactive' && others.length > 0) return step('delete', generation)
    if (!recorded)
      return roomBeside(others, undeclared) ? step('settle', generation) : { kind: 'noRoom', undeclared }
    if (status === 'inactive' && onAws?.status === 'active') return step('settle', generation)
  }
  return undefined
}

/** No key works: each was revoked, or deleted on AWS. */
function replaceRevoked({ keys, undeclared, begin }: RotationQuestion): KeyAnswer {
  if (begin !== 'always') return { kind: 'noWorkingKey' }
  const present = keys.filter(({ onAws }) => onAws !== undefined)
  if (roomBeside(present, undeclared)) return create(keys)
  const [oldest, other] = present
  return oldest === undefined || other === undefined
    ? { kind: 'noRoom', undeclared }
    : step('delete', oldest.generation)
}

/** One key works: another one is on its way out, or there is none and a rotation may begin. */
function afterOverlap(working: MemberKey, question: RotationQuestion): KeyAnswer {
  const { keys, rules, nowMs, undeclared, begin } = question
  const other = keys.find((key) => key !== working)
  if (other === undefined) {
    const isDue = isOverLimit(working, rules, nowMs)
    if (begin === 'never' || (begin === 'ifDue' && !isDue)) return { kind: 'nothing', isDue }
    return roomBeside(keys, undeclared) ? create(keys) : { kind: 'noRoom', undeclared }
  }
  const { generation, inactiveSinceMs, onAws } = other
  if (onAws === undefined) return step('delete', generation)
  // Deactivated by others than the stack: from now on it counts.
  if (inactiveSinceMs === undefined) return step('deactivate', generation)
  const untilMs = inactiveSinceMs + rules.overlapMs
  return nowMs < untilMs ? { kind: 'wait', generation, next: 'delete', untilMs } : step('delete', generation)
}

/** Both keys work. */
function duringOverlap(older: MemberKey, newer: MemberKey, question: RotationQuestion): KeyAnswer {
  const { rules, nowMs, force } = question
  const { generation } = older
  // An update that was killed has made it and not delivered it: without the older one nobody could fetch it.
  if (rules.deliver !== undefined && newer.deliveredMs === undefined) return step('settle', newer.generation)
  const newSinceMs = Math.max(newer.onAws?.createdMs ?? nowMs, newer.deliveredMs ?? 0)
  const untilMs = newSinceMs + rules.overlapMs
  if (nowMs < untilMs) return { kind: 'wait', generation, next: 'deactivate', untilMs }
  const use = older.onAws?.lastUse
  // Who has used it when the new one had just come may have changed over since; so has who left it alone for an overlap.
  const graceMs = Math.min(dayMs, rules.overlapMs)
  const isUsed = use !== undefined && use.atMs > newSinceMs + graceMs && nowMs - use.atMs < rules.overlapMs
  return isUsed && !force ? { kind: 'inUse', generation, use } : step('deactivate', generation)
}

function roomBeside(keys: readonly MemberKey[], undeclared: number): boolean {
  return keys.filter(({ onAws }) => onAws !== undefined).length + undeclared < keysPerUser
}

function create(keys: readonly MemberKey[]): KeyStep {
  return step('create', Math.max(...keys.map(({ generation }) => generation)) + 1)
}

function step(change: KeyStep['change'], generation: number): KeyStep {
  return { kind: 'step', change, generation }
}
