import type { AccessSummary } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { requireFewRemovals } from './removal-limit.js'

const names = (amount: number): string[] => Array.from({ length: amount }, (_, index) => `m${index}`)
const summary = (members: readonly string[]): AccessSummary => ({
  members: Object.fromEntries(members.map((name) => [name, { kind: 'person' as const }])),
  teams: {},
  grants: [],
})

const refusal = (hint: string) =>
  expect.objectContaining({
    code: 'ROSTER_REMOVES_TOO_MANY',
    options: expect.objectContaining({ hint: expect.stringContaining(hint) }),
  })

test('beyond the limit so many as are allowed may leave, and that is told', () => {
  const [before, after] = [summary(names(10)), summary(names(5))]
  expect(() => requireFewRemovals(before, after, { allowed: 4 })).toThrow(refusal('--allow-removals 5'))
  expect(requireFewRemovals(before, after, { allowed: 5 })).toBe(true)
  expect(requireFewRemovals(before, summary(names(7)), { allowed: 5 })).toBe(false)
  expect(requireFewRemovals(before, after, { allowed: 0, share: 0.5 })).toBe(false)
  expect(requireFewRemovals(undefined, after, { allowed: 0 })).toBe(false)
  expect(() => requireFewRemovals(before, summary([]), { allowed: 10 })).toThrow(refusal('ringfence destroy'))
})
