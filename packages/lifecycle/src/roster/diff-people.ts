import type { RosterPerson } from '@ringfence/plan'

/** What becomes of the people between two rosters; each list in the order of the names. */
export interface PeopleChange {
  readonly joiners: readonly RosterPerson[]
  readonly movers: readonly Mover[]
  readonly leavers: readonly RosterPerson[]
}

/** The same person, with something else about them. */
export interface Mover {
  readonly before: RosterPerson
  readonly after: RosterPerson
  readonly joins: readonly string[]
  readonly leaves: readonly string[]
}

/**
 * Who joins, moves and leaves. The immutable id tells who is the same, so that a new e-mail or a new name is a move,
 * and the name of somebody who left, given to somebody else, is not; where one side has no id, the name does.
 */
export function diffPeople(before: readonly RosterPerson[], after: readonly RosterPerson[]): PeopleChange {
  const was = matchPeople(before, after)
  const stay = new Set(was)
  const movers: Mover[] = []
  const joiners: RosterPerson[] = []
  for (const [index, person] of after.entries()) {
    const old = was[index]
    if (old === undefined) joiners.push(person)
    else movers.push(...moverOf(old, person))
  }
  return {
    joiners: joiners.toSorted(byName),
    movers: movers.toSorted((one, other) => byName(one.after, other.after)),
    leavers: before.filter((person) => !stay.has(person)).toSorted(byName),
  }
}

/** For each of the people now, who they were. */
function matchPeople(
  before: readonly RosterPerson[],
  after: readonly RosterPerson[],
): readonly (RosterPerson | undefined)[] {
  const byId = new Map<string, RosterPerson>()
  for (const person of before) if (person.id !== undefined) byId.set(person.id, person)
  // All ids first: whoever takes over a name must not be taken for its owner, who has another one now.
  const was = after.map(({ id }) => (id === undefined ? undefined : byId.get(id)))
  if (byId.size === before.length && after.every(({ id }) => id !== undefined)) return was
  const taken = new Set(was)
  const byOldName = new Map(before.map((person) => [person.name, person]))
  return after.map((person, index) => {
    const same = was[index]
    const namesake = byOldName.get(person.name)
    if (same !== undefined || namesake === undefined || taken.has(namesake)) return same
    return namesake.id === undefined || person.id === undefined ? namesake : undefined
  })
}

/** The people after a change, in the order of the names. */
export function applyPeopleChange(
  before: readonly RosterPerson[],
  { joiners, leavers, movers }: PeopleChange,
): readonly RosterPerson[] {
  const gone = new Set([...leavers, ...movers.map((mover) => mover.before)])
  const stay = before.filter((person) => !gone.has(person))
  return [...stay, ...joiners, ...movers.map((mover) => mover.after)].toSorted(byName)
}

/**
 * Joiners under the name of somebody else who leaves: IAM would keep the user, and with it the password, MFA devices
 * and keys of the one who left.
 */
export function takenNames({ joiners, leavers, movers }: PeopleChange): readonly string[] {
  const old = new Map<string, RosterPerson>()
  for (const person of leavers) old.set(person.name, person)
  for (const mover of movers) old.set(mover.before.name, mover.before)
  const now = [
    ...joiners,
    ...movers.filter(({ after, before }) => after.name !== before.name).map(({ after }) => after),
  ]
  return now.flatMap(({ name }) => (old.has(name) ? [name] : [])).toSorted()
}

const columns = ['name', 'id', 'email', 'kind', 'signIn', 'until', 'age', 'pgp'] as const

function moverOf(before: RosterPerson, after: RosterPerson): readonly Mover[] {
  const joins = without(after.teams, before.teams)
  const leaves = without(before.teams, after.teams)
  const isSame = columns.every((column) => before[column] === after[column])
  return isSame && joins.length === 0 && leaves.length === 0 ? [] : [{ before, after, joins, leaves }]
}

function without(teams: readonly string[], others: readonly string[]): readonly string[] {
  return teams.length === 0 ? [] : teams.filter((team) => !others.includes(team)).toSorted()
}

function byName(one: RosterPerson, other: RosterPerson): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}
