import type { Database, Table } from './database.js'
import type { StoredGroup, StoredUser } from './stored.js'

/** Everything that is kept of people and groups. The later tables are indices of the first three. */
export interface Tables {
  readonly users: Table<StoredUser>
  readonly groups: Table<StoredGroup>
  /** [group, user] */
  readonly members: Table<true>
  /** [user, group] */
  readonly memberships: Table<true>
  /** [userName in lower case] → id */
  readonly userNames: Table<string>
  /** [look of the member's name] → id */
  readonly memberNames: Table<string>
  /** [look of a member's name, id] → who had it before, and since which position of the journal not any more */
  readonly formerNames: Table<FormerName>
  /** [look of the team's name] → id */
  readonly teamNames: Table<string>
  /** [kind, externalId, id] */
  readonly externalIds: Table<true>
}

/** A name that somebody had as a member, and who that was. */
export interface FormerName {
  readonly name: string
  readonly id: string
  /** Of the journal: since then not any more. */
  readonly position: number
}

export function openTables(database: Database): Tables {
  return {
    users: database.table('users'),
    groups: database.table('groups'),
    members: database.table('members'),
    memberships: database.table('memberships'),
    userNames: database.table('user-names'),
    memberNames: database.table('member-names'),
    formerNames: database.table('former-names'),
    teamNames: database.table('team-names'),
    externalIds: database.table('external-ids'),
  }
}
