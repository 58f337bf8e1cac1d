import type { AccessSummary, RosterPerson } from '@ringfence/plan'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { applyPeopleChange, checkRemovals, diffPeople, takenNames } from '../index.js'

const name = fc.constantFrom('ada', 'alan', 'grace', 'joy', 'linus', 'mary')
const person = fc.record(
  {
    name,
    id: fc.constantFrom('1', '2', '3', '4', '5'),
    email: fc.constantFrom('a@acme.example', 'b@acme.example'),
    teams: fc.uniqueArray(fc.constantFrom('research', 'safety', 'product')),
  },
  { requiredKeys: ['name', 'teams'] },
)
/** Names and ids are there once each, as the reader of rosters sees to. */
const people: fc.Arbitrary<readonly RosterPerson[]> = fc
  .uniqueArray(person, { selector: (one) => one.name })
  .map((list) =>
    list.filter(({ id }, at) => id === undefined || list.findIndex((one) => one.id === id) === at),
  )
const byName = (one: RosterPerson, other: RosterPerson): number => (one.name < other.name ? -1 : 1)
/** Teams are compared as sets: in another order they are no change. */
const sorted = (list: readonly RosterPerson[]): readonly RosterPerson[] =>
  list.map((one) => ({ ...one, teams: one.teams.toSorted() })).toSorted(byName)
const nothing = { joiners: [], movers: [], leavers: [] }

describe('diffPeople', () => {
  test('equal rosters differ in nothing', () => {
    fc.assert(
      fc.property(people, (list) => {
        expect(diffPeople(list, structuredClone(list).toReversed())).toEqual(nothing)
      }),
    )
  })

  test('before with its change is after', () => {
    fc.assert(
      fc.property(people, people, (before, after) => {
        const applied = applyPeopleChange(before, diffPeople(before, after))
        expect(sorted(applied)).toEqual(sorted(after))
      }),
    )
  })

  test('nobody is in two of the lists, and ids decide', () => {
    fc.assert(
      fc.property(people, people, (before, after) => {
        const { joiners, leavers, movers } = diffPeople(before, after)
        for (const { after: now, before: was } of movers)
          if (now.id !== undefined && was.id !== undefined) expect(now.id).toBe(was.id)
          else expect(now.name).toBe(was.name)
        const left = new Set(leavers.flatMap(({ id }) => id ?? []))
        for (const { id } of joiners) if (id !== undefined) expect(left.has(id)).toBe(false)
      }),
    )
  })

  test.each<readonly [string, RosterPerson, RosterPerson]>([
    [
      'a new e-mail',
      { name: 'ada', email: 'a@x.example', teams: [] },
      { name: 'ada', email: 'b@x.example', teams: [] },
    ],
    [
      'a new name with the same id',
      { name: 'ada', id: '1', teams: [] },
      { name: 'ada.l', id: '1', teams: [] },
    ],
    ['an id where there was none', { name: 'ada', teams: [] }, { name: 'ada', id: '1', teams: [] }],
    ['another team', { name: 'ada', teams: ['a'] }, { name: 'ada', teams: ['b'] }],
  ])('%s is a move', (_, before, after) => {
    expect(diffPeople([before], [after])).toMatchObject({
      joiners: [],
      movers: [{ before, after }],
      leavers: [],
    })
  })

  test('a name that is given to somebody else is told', () => {
    const before = [{ name: 'ada', id: '1', teams: [] }]
    const swapped = diffPeople(before, [
      { name: 'ada', id: '2', teams: [] },
      { name: 'ada.l', id: '1', teams: [] },
    ])
    expect([swapped.joiners.length, swapped.movers.length, swapped.leavers.length]).toEqual([1, 1, 0])
    expect(takenNames(swapped)).toEqual(['ada'])
    expect(takenNames(diffPeople(before, [{ name: 'ada', id: '2', teams: [] }]))).toEqual(['ada'])
    expect(
      takenNames(diffPeople(before, [{ name: 'ada', id: '1', email: 'n@x.example', teams: [] }])),
    ).toEqual([])
  })
})

/** An organization of so many members, `teams` of them with the first member of their own. */
function organization(members: number, teams = 1): Pick<AccessSummary, 'members' | 'teams'> {
  const names = Array.from({ length: members }, (_, index) => `m${index}`)
  return {
    members: Object.fromEntries(names.map((one) => [one, { kind: 'person' as const }])),
    teams: Object.fromEntries(
      Array.from({ length: teams }, (_, index) => [
        `t${index}`,
        names.filter((_one, at) => at % teams === index),
      ]),
    ),
  }
}

describe('checkRemovals', () => {
  test.each([
    [100, 90, {}, 'no'],
    [100, 89, {}, 'tooMany'],
    [100, 89, { allowed: 11 }, 'no'],
    [100, 89, { allowed: 10 }, 'tooMany'],
    [100, 89, { share: 0.2 }, 'no'],
    [100, 71, { share: 0.29 }, 'no'],
    [100, 70, { share: 0.29 }, 'tooMany'],
    [5, 2, {}, 'no'],
    [5, 1, {}, 'tooMany'],
    [3, 0, {}, 'everybody'],
    [3, 0, { allowed: 1_000 }, 'everybody'],
    [0, 0, {}, 'no'],
    [0, 10, {}, 'no'],
  ] as const)('of %i members %i stay, with %j: %s', (before, after, limit, refused) => {
    const removals = checkRemovals(organization(before), organization(after), limit)
    expect(removals.refused).toBe(refused)
    expect(removals.members.length).toBe(Math.max(0, before - after))
  })

  test('teams that are emptied count too', () => {
    const before = organization(100, 20)
    const after = { ...before, teams: { ...before.teams, t0: [], t1: [], t2: [] } }
    expect(checkRemovals(before, after)).toMatchObject({ teams: ['t0', 't1', 't2'], refused: 'no' })
    const { t3: _, ...teams }: Readonly<Record<string, readonly string[]>> = after.teams
    expect(checkRemovals(before, { ...before, teams })).toMatchObject({ refused: 'tooMany', needed: 4 })
  })

  test('whoever removes more, or may remove less, is refused no less', () => {
    const size = fc.nat({ max: 200 })
    fc.assert(
      fc.property(size, size, size, size, size, (members, stay, fewer, allowed, less) => {
        const before = organization(members, 7)
        const refusals = ['no', 'tooMany', 'everybody']
        const rank = (left: number, limit: number): number =>
          refusals.indexOf(checkRemovals(before, organization(left, 7), { allowed: limit }).refused)
        expect(rank(Math.max(0, stay - fewer), allowed)).toBeGreaterThanOrEqual(rank(stay, allowed))
        expect(rank(stay, Math.max(0, allowed - less))).toBeGreaterThanOrEqual(rank(stay, allowed))
      }),
    )
  })
})
