import type { Roster, RosterPerson } from '@ringfence/plan'

/** Who was here when a stack was last brought to a directory, and which teams there were. */
export type AppliedRoster = Required<Pick<Roster, 'people' | 'teams'>>

/**
 * What has taken effect before, less what a roster takes away from it: whoever is no longer here is out, and whoever is no
 * longer in a team is out of that; nobody comes in, and nobody gains a team. Undefined where nothing is taken away.
 */
export function onlyLeaving(before: AppliedRoster, now: Roster): Roster | undefined {
  const here = new Map(now.people.map((person) => [idOf(person), person]))
  const people = before.people.flatMap((person): RosterPerson[] => {
    const teams = here.get(idOf(person))?.teams
    return teams === undefined
      ? []
      : [{ ...person, teams: person.teams.filter((team) => teams.includes(team)) }]
  })
  if (countOf(people) === countOf(before.people)) return undefined
  // Naming them must not be a mistake of the file, be it that they have left or that they are still to come.
  const others = new Set([
    ...(now.broken ?? []),
    ...[...before.people, ...now.people].map(({ name }) => name),
  ])
  for (const { name } of people) others.delete(name)
  const teams = [...new Set([...before.teams, ...(now.teams ?? [])])].toSorted()
  return { source: now.source, people, teams, broken: others }
}

/** What does not change with a name. */
function idOf({ id, name }: RosterPerson): string {
  return id ?? name
}

/** People and memberships: fewer where anything was taken away. */
function countOf(people: readonly RosterPerson[]): number {
  return people.reduce((count, { teams }) => count + teams.length, people.length)
}
