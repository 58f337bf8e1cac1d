import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AccessChange, AccessGrant, AccessPart, AccessSummary } from './access.js'
import { diffAccess, walkAccessChanges } from './diff-access.js'

const names = ['ada', 'bob', '__proto__', '42']
const teamNames = ['t', 'u', 'constructor']
const prefixes = ['', 'a/', 'a/b/', 'a/b/c/', 'ab/', 'b/']
const ends = ['2035-01-01T00:00:00Z', '2036-06-30T12:00:00Z', '2037-01-01T00:00:00Z']
/** Just before each end, and after all of them. */
const instants = [
  '2034-12-31T00:00:00Z',
  '2036-06-30T11:00:00Z',
  '2036-12-31T00:00:00Z',
  '9000-01-01T00:00:00Z',
]

const until = fc.option(fc.constantFrom(...ends), { nil: undefined })
const timed = <Value extends object>(value: Value, end: string | undefined) =>
  end === undefined ? value : { ...value, until: end }
const grant: fc.Arbitrary<AccessGrant> = fc
  .tuple(
    fc.constantFrom(...names.map((name) => `member/${name}`), ...teamNames.map((name) => `team/${name}`), 'platform/p'),
    fc.subarray(['read', 'write'] as const, { minLength: 1 }),
    fc.constantFrom('dataset/d', 'dataset/e'),
    fc.constantFrom(...prefixes),
    until,
  )
  .map(([to, can, on, under, end]) => timed({ to, can, on, under } as AccessGrant, end)) // prettier-ignore
const summary: fc.Arbitrary<AccessSummary> = fc.record({
  members: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...names), until), { selector: ([name]) => name })
    .map((list) =>
      Object.fromEntries(list.map(([name, end]) => [name, timed({ kind: 'person' as const }, end)])),
    ),
  teams: fc
    .tuple(...teamNames.map(() => fc.subarray(names)))
    .map((lists) => Object.fromEntries(teamNames.map((team, index) => [team, lists[index] ?? []]))),
  grants: fc.array(grant, { maxLength: 8 }),
})

/** All single accesses, by going through everything: who, what, on what, below which prefix, at which instant. */
function expand({ members, teams, grants }: AccessSummary): Set<string> {
  const points = new Set<string>()
  const add = (who: string, one: AccessGrant, memberEnd: string | undefined): void => {
    for (const prefix of prefixes.filter((text) => text.startsWith(one.under))) {
      for (const instant of instants) {
        if (instant >= (one.until ?? '~') || instant >= (memberEnd ?? '~')) continue
        for (const can of one.can) points.add([who, can, one.on, prefix, instant].join(' '))
      }
    }
  }
  for (const one of grants) {
    if (one.to.startsWith('platform/')) add(one.to, one, undefined)
    for (const [name, member] of Object.entries(members)) {
      const held =
        one.to === `member/${name}` ||
        Object.entries(teams).some(([team, list]) => one.to === `team/${team}` && list.includes(name))
      if (held) add(`member/${name}`, one, member.until)
    }
  }
  return points
}

function pointsOf(change: AccessChange): Set<string> {
  const points = (part: AccessPart): string[] =>
    prefixes
      .filter((prefix) => prefix.startsWith(part.under))
      .flatMap((prefix) =>
        instants
          .filter((instant) => instant < (part.until ?? '~'))
          .map((instant) => [change.who, change.can, change.on, prefix, instant].join(' ')),
      )
  const held = new Set(change.except?.flatMap(points))
  return new Set(points(change).filter((point) => !held.has(point)))
}

function withoutDirection(one: AccessChange): string {
  return JSON.stringify({ ...one, change: undefined })
}

test('nothing changes between a state and itself', () => {
  fc.assert(
    fc.property(summary, (state) => {
      expect(diffAccess(state, JSON.parse(JSON.stringify(state)) as AccessSummary)).toEqual([])
    }),
  )
})

test('what was there, without what is lost and with what is gained, is what there is', () => {
  fc.assert(
    fc.property(fc.option(summary, { nil: undefined }), summary, (before, after) => {
      const changes = diffAccess(before, after)
      const points = before === undefined ? new Set<string>() : expand(before)
      const start = new Set(points)
      for (const change of changes.filter((one) => one.change === 'loses'))
        for (const point of pointsOf(change)) points.delete(point)
      for (const change of changes.filter((one) => one.change === 'gains'))
        for (const point of pointsOf(change)) points.add(point)
      const end = expand(after)
      expect([...points].toSorted()).toEqual([...end].toSorted())
      // Nothing is told that is no change: every point of a change is new, or gone.
      for (const change of changes) {
        const told = [...pointsOf(change)]
        expect(told.length).toBeGreaterThan(0)
        for (const point of told) {
          expect(start.has(point)).toBe(change.change === 'loses')
          expect(end.has(point)).toBe(change.change === 'gains')
        }
      }
    }),
    { numRuns: 500 },
  )
})

test('the other way round, what was gained is lost', () => {
  fc.assert(
    fc.property(summary, summary, (one, other) => {
      const gained = diffAccess(one, other).filter((entry) => entry.change === 'gains')
      const lost = diffAccess(other, one).filter((entry) => entry.change === 'loses')
      expect(gained.map(withoutDirection)).toEqual(lost.map(withoutDirection))
    }),
  )
})

test('100,000 members of one team with 10,000 datasets are compared at once, and told one at a time', () => {
  const people = Array.from({ length: 100_000 }, (_, index) => `member-${index}`)
  const state = (count: number): AccessSummary => ({
    members: Object.fromEntries(people.map((name) => [name, { kind: 'person' as const }])),
    teams: { all: people },
    grants: Array.from({ length: count }, (_, index) => ({
      to: 'team/all',
      can: ['read'],
      on: `dataset/dataset-${index}`,
      under: '',
    })),
  })
  const before = state(10_000)
  const started = process.cpuUsage()
  expect(diffAccess(before, state(10_000)).length).toBe(0)
  expect(diffAccess(before, state(10_001)).length).toBe(people.length)
  // A billion changes: the first of them are there at once.
  const first = walkAccessChanges(undefined, before)
  for (let count = 0; count < 1_000; count += 1) expect(first.next().done).toBe(false)
  const { user, system } = process.cpuUsage(started)
  expect((user + system) / 1e6).toBeLessThan(10)
})
