import type { Path } from '../locator.js'
import type { Reporter } from '../reporter.js'
import { resolveRecipient } from '../resolve-recipient.js'
import type { Roster, RosterColumn, RosterPerson } from '../roster.js'
import { datePattern, emailPattern, memberNamePattern } from '../schema.js'
import { show } from '../secrets.js'
import { sectionOf } from './names-in-file.js'

/** The columns that say what keys of a member in the file say. */
const memberColumns = ['email', 'kind', 'signIn', 'until'] as const
const recipientColumns = ['age', 'pgp'] as const

/**
 * A member as the file would write it. What the file says of somebody on the roster, such as a key, is added; the
 * public key of the roster is then the one that the secret is encrypted to.
 */
export function mergeMember(person: RosterPerson, own: unknown): unknown {
  const added = sectionOf(own)
  if (own !== undefined && own !== null && added === undefined) return own
  const member: Record<string, unknown> = {}
  for (const column of memberColumns) if (person[column] !== undefined) member[column] = person[column]
  Object.assign(member, added)
  const keys = sectionOf(added?.['keys'])
  // What the file says of the delivery counts.
  if (keys === undefined || 'age' in keys || 'pgp' in keys || 'deliver' in keys) return member
  member['keys'] = { ...keys }
  for (const column of recipientColumns)
    if (person[column] !== undefined) (member['keys'] as Record<string, unknown>)[column] = person[column]
  return member
}

/**
 * Whether the schema takes a person whom the file says nothing about. It would cost seconds to ask it for each of a
 * hundred thousand, and their cells are the same few.
 */
export function hasForm({ email, kind = 'person', name, signIn = 'user', until }: RosterPerson): boolean {
  return (
    memberNamePattern.test(name) &&
    (email === undefined || emailPattern.test(email)) &&
    (kind === 'person' || kind === 'service') &&
    (signIn === 'user' || signIn === 'federation') &&
    (until === undefined || datePattern.test(until))
  )
}

/** What the file says of a person may not be what the roster says too: one of the two would count without a word. */
export function checkMember(person: RosterPerson, own: unknown, roster: Roster, reporter: Reporter): void {
  if (own === undefined && person.age === undefined && person.pgp === undefined) return
  const added = sectionOf(own)
  const keys = sectionOf(added?.['keys'])
  const path: Path = ['members', person.name]
  for (const column of memberColumns)
    if (person[column] !== undefined && added?.[column] !== undefined) conflict(column, [...path, column])
  for (const column of recipientColumns)
    if (person[column] !== undefined && keys?.[column] !== undefined)
      conflict(column, [...path, 'keys', column])
  // With keys it is checked as theirs.
  if (keys === undefined) resolveRecipient(person, path, reporter)

  function conflict(column: RosterColumn, at: Path): void {
    const span = roster.placeOf?.(person, column) ?? person.declaredAt
    reporter.error(
      'ROSTER_CONFLICT',
      at,
      `the file and ${roster.source} both say the ${column} of ${show(person.name)}`,
      {
        atKey: true,
        hint: 'Remove it here: the roster says who somebody is.',
        ...(span === undefined ? {} : { related: [{ message: 'the roster says it here', span }] }),
      },
    )
  }
}
