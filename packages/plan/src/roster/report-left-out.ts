import type { SourceSpan } from '../plan.js'
import type { Reporter } from '../reporter.js'
import type { Roster, RosterPerson } from '../roster.js'
import { show } from '../secrets.js'
import { suggest } from '../suggest.js'
import type { NamesInFile } from './names-in-file.js'

export interface LeftOut {
  readonly roster: Roster
  readonly names: NamesInFile
  /** How many people of the roster are members now. */
  readonly kept: number
  readonly leftOut: {
    /** With the first who is in the team. */
    readonly teams: ReadonlyMap<string, RosterPerson>
    readonly people: readonly RosterPerson[]
  }
}

/** Names that one message lists. */
const maxNamed = 10
/** Teams that are compared with the file's: a roster may have every group of a company. */
const maxCompared = 1_000

/** Tells which teams and people of the roster have no part in the file; a team that may be meant apart. */
export function reportLeftOut({ roster, names, kept, leftOut }: LeftOut, reporter: Reporter): void {
  const { source } = roster
  const place = (person: RosterPerson, column: 'name' | 'teams'): SourceSpan =>
    roster.placeOf?.(person, column) ?? person.declaredAt ?? reporter.locator.value(['members', 'from'])
  const known = [...names.teams]
  const others: string[] = []
  for (const [index, [team, person]] of [...leftOut.teams].entries()) {
    const near = index < maxCompared ? suggest(team, known) : undefined
    if (near === undefined) others.push(team)
    else
      reporter.add({
        code: 'ROSTER_TEAM_LEFT_OUT',
        severity: 'warning',
        message: `the team ${show(team)} of ${source} is left out: the file has no such team`,
        hint: `Did you mean "${near}"?`,
        span: place(person, 'teams'),
      })
  }
  const [first] = others
  const firstPerson = first === undefined ? undefined : leftOut.teams.get(first)
  if (firstPerson !== undefined)
    reporter.add({
      code: 'ROSTER_TEAM_LEFT_OUT',
      severity: 'warning',
      message: `the file has no ${others.length === 1 ? 'team' : 'teams'} ${list(others)}, which ${source} names: left out`,
      hint: 'Grant them something, declare them under "teams", or leave it so.',
      span: place(firstPerson, 'teams'),
    })
  const [alone] = leftOut.people
  if (alone === undefined) return
  const nobody = kept === 0
  reporter.add({
    code: nobody ? 'ROSTER_EMPTY' : 'ROSTER_MEMBER_LEFT_OUT',
    severity: nobody ? 'error' : 'warning',
    message: nobody
      ? `nobody of ${source} is in a team that the file has`
      : `${list(leftOut.people.map(({ name }) => name))} of ${source} ${leftOut.people.length === 1 ? 'is' : 'are'} in no team that the file has, and left out`,
    hint: 'Check the names of the teams: an account without access is only a risk, so that none is made.',
    span: place(alone, 'name'),
  })
}

function list(names: readonly string[]): string {
  const named = names.slice(0, maxNamed).map(show).join(', ')
  return names.length > maxNamed ? `${named} and ${names.length - maxNamed} more` : named
}
