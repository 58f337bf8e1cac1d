import { requireEmail } from '../names/email.js'
import { memberNameOf } from '../names/member-name.js'
import { lookOf } from '../names/to-ascii.js'
import { ScimError } from '../scim-error.js'
import { type Attributes, textOf } from '../schema/attributes.js'
import { changedAttributes } from './changed-attributes.js'
import { indexExternalId } from './external-ids.js'
import type { Journal } from './journal.js'
import { newId } from './new-id.js'
import type { By, StoredUser } from './stored.js'
import type { Tables } from './tables.js'

/** Longer ones do not fit into the keys of the database. */
const maxNameLength = 256

/** Writes of people, each to be called in a transaction. */
export interface UserWrites {
  create(attributes: Attributes, by: By): StoredUser
  /** Gives what is there already where nothing changes. */
  replace(before: StoredUser, attributes: Attributes, by: By): StoredUser
  delete(user: StoredUser, by: By): void
}

/** Attributes that the roster is made of. */
const ofRoster = new Set(['userName', 'active', 'emails'])

export function writesOfUsers(tables: Tables, journal: Journal): UserWrites {
  return {
    create: (given, by) => {
      // Who says nothing else is here.
      const attributes = { ...given, core: { active: true, ...given.core } }
      if (isHere(attributes)) requireEmail(attributes)
      const id = newId(by.atMs)
      const user: StoredUser = {
        kind: 'User',
        id,
        version: 1,
        createdMs: by.atMs,
        changedMs: by.atMs,
        attributes,
        member: claimNames(tables, id, attributes),
      }
      tables.users.put([id], user)
      indexExternalId(tables, user, undefined)
      const names = Object.keys(attributes.core)
      journal.append(by, { what: 'created', ...named(user), attributes: names, isOfRoster: isActive(user) })
      return user
    },
    replace: (before, given, by) => {
      // Who was away stays away where a request says nothing of it.
      const active = before.attributes.core['active'] ?? true
      const attributes = { ...given, core: { active, ...given.core } }
      const changed = changedAttributes(before.attributes, attributes)
      if (changed.length === 0) return before
      // Of somebody who leaves nothing may keep them here.
      if (isHere(attributes)) requireEmail(attributes)
      releaseNames(tables, before)
      const member = claimNames(tables, before.id, attributes)
      if (member !== before.member) noteFormer(tables, journal, before)
      const user = { ...before, version: before.version + 1, changedMs: by.atMs, attributes, member }
      tables.users.put([user.id], user)
      indexExternalId(tables, user, before)
      const isOfRoster = changed.some((name) => ofRoster.has(name)) && (isActive(before) || isActive(user))
      journal.append(by, { what: 'changed', ...named(user), attributes: changed, isOfRoster })
      return user
    },
    delete: (user, by) => {
      releaseNames(tables, user)
      noteFormer(tables, journal, user)
      indexExternalId(tables, undefined, user)
      const groups = [...tables.memberships.under([user.id])].map(({ key }) => String(key[1]))
      for (const id of groups) {
        const group = tables.groups.get([id])
        tables.memberships.delete([user.id, id])
        tables.members.delete([id, user.id])
        if (group === undefined) continue
        tables.groups.put([id], { ...group, version: group.version + 1, changedMs: by.atMs })
      }
      tables.users.delete([user.id])
      journal.append(by, { what: 'deleted', ...named(user), attributes: [], isOfRoster: isActive(user) })
    },
  }
}

export function isActive(user: StoredUser): boolean {
  return isHere(user.attributes)
}

function isHere({ core }: Attributes): boolean {
  return core['active'] === true
}

const named = (user: StoredUser) =>
  ({ kind: 'User', id: user.id, name: textOf(user.attributes, 'userName') ?? user.id }) as const

/** Takes the names that the attributes ask for; who has them already is told. */
function claimNames(tables: Tables, id: string, attributes: Attributes): string {
  const userName = textOf(attributes, 'userName') ?? ''
  if (userName.trim() === '') throw new ScimError(400, 'invalidValue', 'userName is missing')
  if (userName.length > maxNameLength)
    throw new ScimError(400, 'invalidValue', `userName is longer than ${maxNameLength} characters`)
  const member = memberNameOf(userName)
  if (tables.userNames.get([userName.toLowerCase()]) !== undefined)
    throw new ScimError(
      409,
      'uniqueness',
      `there is a user with the userName ${JSON.stringify(userName)} already`,
    )
  const holder = tables.users.get([tables.memberNames.get([lookOf(member)]) ?? ''])
  if (holder !== undefined) {
    const other = `${JSON.stringify(textOf(holder.attributes, 'userName'))} is ${JSON.stringify(holder.member)}`
    const why = holder.member === member ? 'already' : 'already, which is too easily taken for it'
    throw new ScimError(
      409,
      'uniqueness',
      `${JSON.stringify(userName)} would become the member ${JSON.stringify(member)}; ${other} ${why}`,
    )
  }
  tables.userNames.put([userName.toLowerCase()], id)
  tables.memberNames.put([lookOf(member)], id)
  return member
}

/**
 * Who gets the name next is somebody else: see the roster. All who had it are kept, since the first of them may be the one
 * who is still on AWS. The change that is about to be noted gives it up.
 */
function noteFormer(tables: Tables, journal: Journal, { id, member }: StoredUser): void {
  tables.formerNames.put([lookOf(member), id], { name: member, id, position: journal.position() + 1 })
}

function releaseNames(tables: Tables, user: StoredUser): void {
  tables.userNames.delete([(textOf(user.attributes, 'userName') ?? '').toLowerCase()])
  tables.memberNames.delete([lookOf(user.member)])
}
