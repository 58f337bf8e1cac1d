import type { Roster, RosterPerson } from '@ringfence/plan'
import { emailOf } from './names/email.js'
import { lookOf } from './names/to-ascii.js'
import type { FormerName, Tables } from './store/tables.js'
import { isActive } from './store/users.js'

/** A roster, and up to where of the journal it says everything. */
export interface RosterAt {
  readonly roster: Roster
  /** Undefined: up to its end. */
  readonly heldBackTo?: number
}

/**
 * Who is here, by name: people who are active, and the teams that they are in. Whoever has the name of somebody who had
 * it before is left out until that one's leaving has taken effect (`appliedPosition` of the journal): a user of IAM with
 * the same name would otherwise stay, with the keys of who has left. Who has left is named as `broken`: a file that still
 * names them must not keep their leaving from taking effect.
 */
export function rosterAt(tables: Tables, appliedPosition: number): RosterAt {
  const teams = new Map<string, string>()
  for (const { id, team } of tables.groups.page(0, Number.MAX_SAFE_INTEGER)) teams.set(id, team)
  // Read as a whole and in one go: a look-up for each of a hundred thousand people takes ten times as long.
  const teamsOf = new Map<string, string[]>()
  for (const { key } of tables.memberships.from('')) {
    const [user, team] = [String(key[0]), teams.get(String(key[1]))]
    if (team === undefined) continue
    const list = teamsOf.get(user)
    if (list === undefined) teamsOf.set(user, [team])
    else list.push(team)
  }
  const formerNames = [...tables.formerNames.page(0, Number.MAX_SAFE_INTEGER)]
  const formers = new Map<string, FormerName[]>()
  for (const former of formerNames) {
    if (former.position <= appliedPosition) continue
    const look = lookOf(former.name)
    formers.set(look, [...(formers.get(look) ?? []), former])
  }
  const people: RosterPerson[] = []
  const gone = new Set(formerNames.map(({ name }) => name))
  let heldBackTo = 0
  for (const user of tables.users.page(0, Number.MAX_SAFE_INTEGER)) {
    if (!isActive(user)) {
      gone.add(user.member)
      continue
    }
    const others = formers.get(lookOf(user.member))?.filter(({ id }) => id !== user.id) ?? []
    if (others.length > 0) {
      heldBackTo = Math.max(heldBackTo, ...others.map(({ position }) => position))
      continue
    }
    const email = emailOf(user.attributes)
    people.push({
      name: user.member,
      id: user.id,
      ...(email === undefined ? {} : { email }),
      teams: (teamsOf.get(user.id) ?? []).toSorted(),
    })
  }
  const names = [...teams.values()].toSorted()
  for (const { name } of people) gone.delete(name)
  const roster = {
    source: 'scim',
    teams: names,
    broken: gone,
    people: people.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }
  return heldBackTo === 0 ? { roster } : { roster, heldBackTo }
}
