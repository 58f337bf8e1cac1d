import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import type { RosterPerson } from '../roster.js'
import { organizationSchema } from '../schema.js'
import { hasForm, mergeMember } from './merge-member.js'

const maybe = (...texts: readonly string[]): fc.Arbitrary<string | undefined> =>
  fc.oneof(
    { arbitrary: fc.constantFrom(undefined, ...texts), weight: 5 },
    { arbitrary: fc.string({ maxLength: 12 }), weight: 1 },
  )

const people = fc.record({
  // The schema sees no key of this name; all readers refuse it before.
  name: maybe('ada', 'ada@acme.example', 'a'.repeat(65), 'é')
    .map((name = 'bob') => name)
    .filter((name) => name !== '__proto__'),
  email: maybe('ada@acme.example', 'ada', '*@acme.example'),
  kind: maybe('person', 'service', 'robot'),
  signIn: maybe('user', 'federation', 'magic'),
  until: maybe('2035-03-31', '2035-03-31T12:00:00Z', 'tomorrow'),
  teams: fc.constant([]),
}) // prettier-ignore

it('a person has the form of a member exactly where the schema says so', () => {
  const seen = { false: 0, true: 0 }
  fc.assert(
    fc.property(people, (cells) => {
      const person = cells as RosterPerson
      const file = {
        organization: 'acme',
        account: '111122223333',
        region: 'eu-west-1',
        administrators: ['role/platform-admin'],
        members: { [person.name]: mergeMember(person, undefined) },
      }
      const { success } = organizationSchema.safeParse(file)
      expect(hasForm(person)).toBe(success)
      seen[`${success}`] += 1
    }),
    { numRuns: 2_000 },
  )
  expect(Math.min(seen.true, seen.false)).toBeGreaterThan(50)
})
