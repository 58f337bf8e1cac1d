import type { Filter } from '../filter/filter.js'
import { fieldOf } from '../schema/read-resource.js'
import { ScimError } from '../scim-error.js'
import type { Operation } from './read-operations.js'

/** What a request does to the members of a group: ids of users. */
export interface MemberChange {
  readonly kind: 'add' | 'remove' | 'set'
  readonly ids: readonly string[]
}

const maxMembers = 50_000

/** The change that `members` in a POST or PUT asks for; undefined where it is not there: then nobody is touched. */
export function readMembers(value: unknown): MemberChange | undefined {
  if (value === undefined || value === null) return undefined
  return { kind: 'set', ids: readIds(value) }
}

/**
 * The change that an operation of a PATCH on `members` asks for. Whoever is to leave a group has to be named, or the
 * empty list has to be: a removal without a filter and without values, which RFC 7644 reads as "all of them", is refused,
 * because from a provider it is a slip, and here it takes away everybody's access.
 */
export function memberChangeOf({ op, path, value }: Operation): MemberChange {
  const { ref, filter } = path
  if (ref.sub !== undefined)
    throw new ScimError(400, 'invalidPath', 'members are added and removed as a whole')
  if (op === 'remove') {
    if (filter !== undefined) return { kind: 'remove', ids: idsIn(filter) }
    if (value !== undefined && value !== null) return { kind: 'remove', ids: readIds(value) }
    throw new ScimError(
      400,
      'invalidValue',
      'this would remove all members: name them, as in members[value eq "…"], or replace members by an empty list',
    )
  }
  if (filter !== undefined)
    throw new ScimError(400, 'invalidPath', 'members are chosen by a filter to be removed only')
  if (value === undefined || value === null)
    throw new ScimError(400, 'invalidValue', 'members have to be named, if only by an empty list')
  return { kind: op === 'add' ? 'add' : 'set', ids: readIds(value) }
}

function readIds(value: unknown): readonly string[] {
  const entries = Array.isArray(value) ? (value as unknown[]) : [value]
  if (entries.length > maxMembers)
    throw new ScimError(400, 'tooMany', `at most ${maxMembers} members can be named at once`)
  return [...new Set(entries.map(readId))]
}

function readId(entry: unknown): string {
  if (typeof entry === 'string' && entry !== '') return entry
  const found = typeof entry === 'object' && entry !== null ? fieldOf(entry, 'value') : undefined
  if (typeof found === 'string' && found !== '') return found
  throw new ScimError(400, 'invalidValue', 'a member is an object with the id of a user as its value')
}

/** `members[value eq "a"]`, or several of these by "or". */
function idsIn(filter: Filter): readonly string[] {
  if (filter.kind === 'or') return filter.parts.flatMap(idsIn)
  if (filter.kind === 'compare' && filter.operator === 'eq' && filter.ref?.sub?.name === 'value') {
    if (typeof filter.value === 'string') return [filter.value]
  }
  throw new ScimError(400, 'invalidPath', 'members are removed by their id: members[value eq "…"]')
}
