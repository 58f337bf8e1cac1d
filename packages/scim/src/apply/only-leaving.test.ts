import type { Roster, RosterPerson } from '@ringfence/plan'
import { expect, test } from 'vitest'
import { type AppliedRoster, onlyLeaving } from './only-leaving.js'

const person = (name: string, id: string, teams: readonly string[]): RosterPerson => ({ name, id, teams })

const before: AppliedRoster = {
  people: [person('ada', '1', ['red', 'blue']), person('grace', '2', ['red']), person('hal', '3', [])],
  teams: ['blue', 'red'],
}

const rosterOf = (people: readonly RosterPerson[], more: Partial<Roster> = {}): Roster => ({
  source: 'scim',
  teams: ['red'],
  people,
  ...more,
})

test('people and memberships go, and none come', () => {
  const now = rosterOf([
    person('ada', '1', ['red', 'green']),
    person('eve', '4', ['red']),
    person('hal', '3', ['red']),
  ])
  expect(onlyLeaving(before, now)).toEqual({
    source: 'scim',
    people: [person('ada', '1', ['red']), person('hal', '3', [])],
    // A team that has gone stays one without anybody, so that a grant to it is no mistake.
    teams: ['blue', 'red'],
    broken: new Set(['grace', 'eve']),
  })
})

test('another name or e-mail is not taken over, and nobody goes by it', () => {
  const now = rosterOf(
    [{ ...person('ada-king', '1', ['blue']), email: 'ada@king.example' }, person('grace', '2', ['red'])],
    { broken: new Set(['ada']) },
  )
  const left = onlyLeaving(before, now)
  expect(left?.people).toEqual([person('ada', '1', ['blue']), person('grace', '2', ['red'])])
  expect(left?.broken).toEqual(new Set(['ada-king', 'hal']))
})

test('there is nothing to do where nothing is taken away', () => {
  const more = person('eve', '4', ['red'])
  expect(onlyLeaving(before, rosterOf([...before.people, more]))).toBeUndefined()
  expect(onlyLeaving(before, rosterOf(before.people))).toBeUndefined()
})
