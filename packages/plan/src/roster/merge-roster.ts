import { saidOf } from '../access.js'
import type { Reporter } from '../reporter.js'
import { createReporter } from '../reporter.js'
import type { KnownMembers } from '../resolve-members.js'
import type { Roster, RosterPerson } from '../roster.js'
import type { MemberValue } from '../schema.js'
import { membersOfTeam, namesInFile, sectionOf } from './names-in-file.js'
import { checkMember, hasForm, mergeMember } from './merge-member.js'
import { mergedLocator } from './merged-locator.js'
import { reportLeftOut } from './report-left-out.js'

type Section = Readonly<Record<string, unknown>>

/** A file's value together with its roster. */
export interface Merged {
  readonly value: Section
  /** Members beside those of the value: of the roster alone, and known to have the form of one. */
  readonly known: KnownMembers
  /** Reports where the parts of both are written; holds what was found on the way. */
  readonly reporter: Reporter
}

/** What `members.from` names, a file or `scim`; undefined where a file has all its members itself. */
export function rosterSource(value: unknown): string | undefined {
  const from = sectionOf(sectionOf(value)?.['members'])?.['from']
  return typeof from === 'string' ? from : undefined
}

/** The file's value without `members.from`. */
export function withoutRoster(value: Section): Section {
  const { from: _, ...members } = sectionOf(value['members']) ?? {}
  return { ...value, members }
}

/**
 * The file's value with the people of the roster in it, as though the file had them, so that every rule for members
 * and teams holds for them. People and teams to whom the file gives nothing are left out, with a warning.
 */
export function mergeRoster(value: Section, roster: Roster, reporter: Reporter): Merged {
  const own = sectionOf(withoutRoster(value)['members']) ?? {}
  const names = namesInFile(value)
  const members: Record<string, unknown> = { ...own }
  const people = new Map<string, RosterPerson>()
  const joined = new Map<string, RosterPerson[]>()
  const leftOut = { teams: new Map<string, RosterPerson>(), people: [] as RosterPerson[] }
  for (const person of roster.people) {
    const { name } = person
    const teams = person.teams.filter((team) => names.teams.has(team))
    for (const team of person.teams)
      if (!names.teams.has(team) && !leftOut.teams.has(team)) leftOut.teams.set(team, person)
    if (teams.length === 0 && !Object.hasOwn(own, name) && !names.members.has(name)) {
      leftOut.people.push(person)
      continue
    }
    people.set(name, person)
    if (Object.hasOwn(own, name) || !hasForm(person)) members[name] = mergeMember(person, saidOf(own, name))
    for (const team of teams) {
      const list = joined.get(team)
      if (list === undefined) joined.set(team, [person])
      else list.push(person)
    }
  }
  // A team that has lost its last member is a team still: what the file grants to it is no mistake.
  const emptyTeams = (roster.teams ?? []).filter((team) => names.teams.has(team) && !joined.has(team))
  const locator = mergedLocator(reporter.locator, { value, own, roster, people, joined })
  const both = createReporter(locator, reporter.sensitive)
  for (const person of people.values()) checkMember(person, saidOf(own, person.name), roster, both)
  reportLeftOut({ roster, names, kept: people.size, leftOut }, both)
  const teams = mergeTeams(value['teams'], joined, emptyTeams)
  const known = {
    *[Symbol.iterator]() {
      for (const [name, person] of people)
        if (!Object.hasOwn(members, name))
          yield [name, mergeMember(person, undefined) as MemberValue] as const
    },
  }
  return { value: { ...value, members, teams }, known, reporter: both }
}

/** The teams of the file with those who join; what is no list is left for the schema to refuse. */
function mergeTeams(
  declared: unknown,
  joined: ReadonlyMap<string, readonly RosterPerson[]>,
  empty: readonly string[],
): unknown {
  if (declared !== undefined && declared !== null && sectionOf(declared) === undefined) return declared
  const teams: Record<string, unknown> = { ...sectionOf(declared) }
  for (const team of empty) teams[team] = saidOf(teams, team) ?? []
  for (const [team, people] of joined) {
    const names = people.map(({ name }) => name)
    const had = saidOf(teams, team)
    const list = membersOfTeam(had)
    const long = sectionOf(had)
    if (long !== undefined) teams[team] = { ...long, members: [...(list ?? []), ...names] }
    else if (list !== undefined) teams[team] = [...list, ...names]
    else if (had === undefined || had === null) teams[team] = names
  }
  return teams
}
