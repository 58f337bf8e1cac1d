import { teamNameOf } from '../names/team-name.js'
import { lookOf } from '../names/to-ascii.js'
import type { MemberChange } from '../patch/member-changes.js'
import { ScimError } from '../scim-error.js'
import { type Attributes, textOf } from '../schema/attributes.js'
import { changedAttributes } from './changed-attributes.js'
import { indexExternalId } from './external-ids.js'
import type { Journal } from './journal.js'
import { newId } from './new-id.js'
import type { By, StoredGroup } from './stored.js'
import type { Tables } from './tables.js'
import { isActive } from './users.js'

/** Writes of groups, each to be called in a transaction. */
export interface GroupWrites {
  create(attributes: Attributes, members: readonly MemberChange[], by: By): StoredGroup
  /** Members stay as they are but for the changes. Gives what is there already where nothing changes. */
  replace(before: StoredGroup, attributes: Attributes, members: readonly MemberChange[], by: By): StoredGroup
  delete(group: StoredGroup, by: By): void
}

export function writesOfGroups(tables: Tables, journal: Journal): GroupWrites {
  return {
    create: (attributes, members, by) => {
      const id = newId(by.atMs)
      const team = claimName(tables, id, attributes)
      const kept = { id, version: 1, createdMs: by.atMs, changedMs: by.atMs, attributes, team }
      const group: StoredGroup = { kind: 'Group', ...kept }
      tables.groups.put([id], group)
      indexExternalId(tables, group, undefined)
      const moved = changeMembers(tables, id, members)
      const names = Object.keys(attributes.core)
      journal.append(by, {
        what: 'created',
        ...named(group),
        attributes: names,
        ...described(tables, moved),
        isOfRoster: true,
      })
      return group
    },
    replace: (before, attributes, members, by) => {
      const changed = changedAttributes(before.attributes, attributes)
      const moved = changeMembers(tables, before.id, members)
      if (changed.length === 0 && moved.joined.length === 0 && moved.left.length === 0) return before
      tables.teamNames.delete([lookOf(before.team)])
      const team = claimName(tables, before.id, attributes)
      const group = { ...before, version: before.version + 1, changedMs: by.atMs, attributes, team }
      tables.groups.put([group.id], group)
      indexExternalId(tables, group, before)
      const said = described(tables, moved)
      const isOfRoster = said.isOfRoster || team !== before.team
      journal.append(by, { what: 'changed', ...named(group), attributes: changed, ...said, isOfRoster })
      return group
    },
    delete: (group, by) => {
      const moved = changeMembers(tables, group.id, [{ kind: 'set', ids: [] }])
      tables.teamNames.delete([lookOf(group.team)])
      indexExternalId(tables, undefined, group)
      tables.groups.delete([group.id])
      journal.append(by, {
        what: 'deleted',
        ...named(group),
        attributes: [],
        ...described(tables, moved),
        isOfRoster: true,
      })
    },
  }
}

const named = (group: StoredGroup) =>
  ({ kind: 'Group', id: group.id, name: textOf(group.attributes, 'displayName') ?? group.id }) as const

interface Moved {
  readonly joined: readonly string[]
  readonly left: readonly string[]
}

/** Makes the changes one after the other; gives the ids of who is in now and was not, and the other way round. */
function changeMembers(tables: Tables, group: string, changes: readonly MemberChange[]): Moved {
  const before = new Map<string, boolean>()
  const set = (user: string, isIn: boolean): void => {
    const wasIn = tables.members.get([group, user]) === true
    if (!before.has(user)) before.set(user, wasIn)
    if (isIn === wasIn) return
    if (isIn) {
      requireUser(tables, user)
      tables.members.put([group, user], true)
      tables.memberships.put([user, group], true)
    } else {
      tables.members.delete([group, user])
      tables.memberships.delete([user, group])
    }
  }
  for (const { kind, ids } of changes) {
    if (kind === 'set') {
      const wanted = new Set(ids)
      for (const user of membersOf(tables, group)) if (!wanted.has(user)) set(user, false)
    }
    for (const user of ids) set(user, kind !== 'remove')
  }
  const isIn = (user: string): boolean => tables.members.get([group, user]) === true
  const all = [...before]
  return {
    joined: all.flatMap(([user, wasIn]) => (!wasIn && isIn(user) ? [user] : [])),
    left: all.flatMap(([user, wasIn]) => (wasIn && !isIn(user) ? [user] : [])),
  }
}

/** The ids of a group's members. */
export function membersOf(tables: Tables, group: string): readonly string[] {
  return [...tables.members.under([group])].map(({ key }) => String(key[1]))
}

function requireUser(tables: Tables, id: string): void {
  if (tables.users.get([id]) !== undefined) return
  const what =
    tables.groups.get([id]) === undefined
      ? 'is no user'
      : 'is a group: groups within groups have no meaning here'
  throw new ScimError(400, 'invalidValue', `the member ${JSON.stringify(id)} ${what}`)
}

function described(tables: Tables, { joined, left }: Moved) {
  const users = (ids: readonly string[]) => ids.flatMap((id) => tables.users.get([id]) ?? [])
  const names = (ids: readonly string[]) =>
    users(ids).map(({ attributes }) => textOf(attributes, 'userName') ?? '')
  return {
    ...(joined.length === 0 ? {} : { joined: names(joined) }),
    ...(left.length === 0 ? {} : { left: names(left) }),
    isOfRoster: users([...joined, ...left]).some(isActive),
  }
}

/** Takes the team's name that the `displayName` asks for; who has it already is told. */
function claimName(tables: Tables, id: string, attributes: Attributes): string {
  const displayName = textOf(attributes, 'displayName') ?? ''
  if (displayName.trim() === '') throw new ScimError(400, 'invalidValue', 'displayName is missing')
  const team = teamNameOf(displayName)
  const holder = tables.groups.get([tables.teamNames.get([lookOf(team)]) ?? ''])
  if (holder !== undefined) {
    const other = `${JSON.stringify(textOf(holder.attributes, 'displayName'))} is ${JSON.stringify(holder.team)}`
    const why = holder.team === team ? 'already' : 'already, which is too easily taken for it'
    throw new ScimError(
      409,
      'uniqueness',
      `${JSON.stringify(displayName)} would become the team ${JSON.stringify(team)}; ${other} ${why}`,
    )
  }
  tables.teamNames.put([lookOf(team)], id)
  return team
}
