import type { AccessSummary } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { findRemovals, requireFewRemovals } from './removal-limit.js'

const names = (amount: number, from = 0): string[] =>
  Array.from({ length: amount }, (_, index) => `m${from + index}`)
const summary = (members: readonly string[], teams: AccessSummary['teams'] = {}): AccessSummary => ({
  members: Object.fromEntries(members.map((name) => [name, { kind: 'person' as const }])),
  teams,
  grants: [],
})

test.each([
  [10, 7, false],
  [10, 6, true],
  [100, 90, false],
  [100, 89, true],
  [2, 1, false],
  [2, 0, true],
  [1, 0, true],
  [0, 0, false],
])('of %i members %i stay: too many leave is %s', (before, stay, expected) => {
  expect(findRemovals(summary(names(before)), summary(names(stay))).areTooMany).toBe(expected)
})

test('who comes in stands for nobody who leaves', () => {
  expect(findRemovals(summary(names(10)), summary(names(10, 4))).areTooMany).toBe(true)
})

test('teams that lose all their members count as well', () => {
  const teams = Object.fromEntries(names(5).map((name) => [name, ['m0']]))
  const emptied = Object.fromEntries(names(5).map((name, index) => [name, index < 4 ? [] : ['m0']]))
  const { teams: found, areTooMany } = findRemovals(summary(['m0'], teams), summary(['m0'], emptied))
  expect([found, areTooMany]).toEqual([['m0', 'm1', 'm2', 'm3'], true])
})

test('so many as are allowed may leave', () => {
  const [before, after] = [summary(names(10)), summary(names(5))]
  expect(() => requireFewRemovals(before, after, 4)).toThrow(
    expect.objectContaining({ code: 'ROSTER_REMOVES_TOO_MANY' }),
  )
  expect(requireFewRemovals(before, after, 5)).toBe(true)
  expect(requireFewRemovals(before, before, 0)).toBe(false)
  expect(requireFewRemovals(undefined, after, 0)).toBe(false)
})
