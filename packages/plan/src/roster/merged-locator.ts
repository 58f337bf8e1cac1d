import type { Locator, Path } from '../locator.js'
import type { SourceSpan } from '../plan.js'
import type { Roster, RosterColumn, RosterPerson } from '../roster.js'
import { rosterColumns } from '../roster.js'
import { valueAt } from '../shape.js'
import { membersOfTeam } from './names-in-file.js'

/** What was merged: the file's value and members, and the people who joined those and the teams. */
export interface MergedParts {
  readonly value: Readonly<Record<string, unknown>>
  readonly own: Readonly<Record<string, unknown>>
  readonly roster: Roster
  readonly people: ReadonlyMap<string, RosterPerson>
  readonly joined: ReadonlyMap<string, readonly RosterPerson[]>
}

type Cell = readonly [person: RosterPerson, column: RosterColumn]

/** Finds what the file says in the file, and what the roster says in the roster. */
export function mergedLocator(base: Locator, parts: MergedParts): Locator {
  const { roster } = parts
  const place = ([person, column]: Cell): SourceSpan =>
    roster.placeOf?.(person, column) ?? person.declaredAt ?? base.value(['members', 'from'])
  const locate = (path: Path, otherwise: (path: Path) => SourceSpan): SourceSpan => {
    const cell = cellOf(path, parts)
    return cell === undefined ? otherwise(path) : place(cell)
  }
  return {
    file: base.file,
    value: (path) => locate(path, base.value),
    key: (path) => locate(path, base.key),
    written: (path) => (cellOf(path, parts) === undefined ? base.written(path) : undefined),
    suffix: (path) => {
      const [person] = cellOf(path, parts) ?? []
      if (person === undefined) return base.suffix(path)
      return person.declaredAt === undefined ? ` (${person.name} in ${roster.source})` : ''
    },
  }
}

/** The cell of the roster that stands for a path, or undefined where the file has it. */
function cellOf(path: Path, { value, own, people, joined }: MergedParts): Cell | undefined {
  const [section, name, ...rest] = path
  if (typeof name !== 'string') return undefined
  if (section === 'members') {
    const person = people.get(name)
    if (person === undefined) return undefined
    if (Object.hasOwn(own, name) && (rest.length === 0 || valueAt(own[name], rest) !== undefined))
      return undefined
    const column = rest.length === 0 ? undefined : rosterColumns.find((one) => one === rest.at(-1))
    return [person, column ?? 'name']
  }
  if (section !== 'teams') return undefined
  const team = valueAt(value, ['teams', name])
  const list = joined.get(name) ?? []
  const index = rest.find((step) => typeof step === 'number')
  const person =
    index === undefined
      ? team === undefined
        ? list[0]
        : undefined
      : list[index - (membersOfTeam(team)?.length ?? 0)]
  return person === undefined ? undefined : [person, 'teams']
}
