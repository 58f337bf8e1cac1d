import { createHash } from 'node:crypto'
import type { Directory } from '../directory.js'
import { textOf } from '../schema/attributes.js'
import { groupSchema, userSchema } from '../schema/resource-schemas.js'
import { membersOf } from '../store/groups.js'
import type { Stored, StoredGroup, StoredUser } from '../store/stored.js'

export type Json = Readonly<Record<string, unknown>>

/** A person as SCIM sends them. */
export function renderUser(user: StoredUser, directory: Directory, base: string): Json {
  const { tables } = directory
  const groups = [...tables.memberships.under([user.id])].flatMap(({ key }) => {
    const group = tables.groups.get([String(key[1])])
    if (group === undefined) return []
    const display = textOf(group.attributes, 'displayName')
    return [{ value: group.id, $ref: `${base}/Groups/${group.id}`, display, type: 'direct' }]
  })
  return {
    schemas: [userSchema.core.id, ...assigned(user).map(([id]) => id)],
    id: user.id,
    ...user.attributes.core,
    ...(groups.length === 0 ? {} : { groups }),
    ...Object.fromEntries(assigned(user)),
    meta: metaOf(user, versionOfUser(user, directory), `${base}/Users/${user.id}`),
  }
}

/** Extensions with a value. */
const assigned = (user: StoredUser) =>
  Object.entries(user.attributes.extensions).filter(([, values]) => Object.keys(values).length > 0)

/** A group as SCIM sends it; with thousands of members only where somebody asks for them. */
export function renderGroup(
  group: StoredGroup,
  directory: Directory,
  base: string,
  withMembers: boolean,
): Json {
  const members = withMembers ? membersOf(directory.tables, group.id) : []
  return {
    schemas: [groupSchema.core.id],
    id: group.id,
    ...group.attributes.core,
    ...(members.length === 0
      ? {}
      : { members: members.map((value) => ({ value, $ref: `${base}/Users/${value}`, type: 'User' })) }),
    meta: metaOf(group, versionOfGroup(group), `${base}/Groups/${group.id}`),
  }
}

function metaOf(stored: StoredUser | StoredGroup, version: string, location: string): Json {
  return {
    resourceType: stored.kind,
    created: new Date(stored.createdMs).toISOString(),
    lastModified: new Date(stored.changedMs).toISOString(),
    location,
    version,
  }
}

/** The ETag of a group, whose version counts changes of its members as well. */
export function versionOfGroup({ version }: Stored): string {
  return `W/"${version}"`
}

/** The ETag of a person, of whom the groups are sent as well. */
export function versionOfUser(user: StoredUser, { tables }: Directory): string {
  const hash = createHash('sha256')
  for (const { key } of tables.memberships.under([user.id])) {
    hash.update(`${key[1]}\0${tables.groups.get([String(key[1])])?.team}\0`)
  }
  return `W/"${user.version}-${hash.digest('hex').slice(0, 12)}"`
}
