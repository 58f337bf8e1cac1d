import type { AccessSummary, Declaration, Roster, RosterPerson } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { type LoadedPlan, loadPlan } from '../plan-file.js'
import { displayPath } from '../text-file.js'

/** A declared file with one roster. */
export interface Side {
  readonly access: AccessSummary
  /** Those of the roster who are members, with the teams that the file has. */
  readonly people: readonly RosterPerson[]
  /** How many of them one change may remove, where the file says it. */
  readonly removalShare: number | undefined
}

export interface Sides {
  /** Undefined: the roster that the file names is not there yet. */
  readonly before: Side | undefined
  readonly after: Side
  /** Where the file's roster is. */
  readonly rosterPath: string
  /** What the new roster says. */
  readonly rosterText: string
}

export interface SideOptions {
  readonly file: string
  /** Compared with the file's own; without it, that is compared with the one that git has. */
  readonly roster?: string | undefined
}

/**
 * Reads both sides. `tell` is given all that was found; undefined where a side is not to be used. A roster that is there
 * and cannot be read is no empty one: nothing is compared with it.
 */
export async function loadSides(
  options: SideOptions,
  io: Io,
  tell: (loaded: Pick<LoadedPlan, 'findings' | 'sources'>) => void,
): Promise<Sides | undefined> {
  const after = await loadPlan(options.file, io, { roster: options.roster })
  tell(after)
  if (!after.ok) return undefined
  const { roster, rosterPath } = after
  if (roster === undefined || rosterPath === undefined)
    throw new CliError(
      'ROSTER_NOT_NAMED',
      `${displayPath(options.file, io)} takes its members from no roster`,
      {
        hint: 'name one: members: { from: roster.csv }',
        exitCode: exitCode.usage,
      },
    )
  if (options.roster !== undefined && !/\.csv$/i.test(rosterPath))
    throw new CliError(
      'ROSTER_NOT_NAMED',
      `${displayPath(options.file, io)} takes its members from ${rosterPath}, which is no roster in CSV`,
      { hint: 'change them where they come from', exitCode: exitCode.usage },
    )
  const rosterText = after.sources.get(roster.source) ?? ''
  const found = { after: sideOf(after, roster), rosterPath, rosterText }
  const before =
    options.roster === undefined ? await loadCommitted(options.file, io) : await loadPlan(options.file, io)
  if (!before.ok) {
    const isNew = before.findings.some(({ code }) => code === 'FILE_NOT_FOUND') && before.roster === undefined
    if (isNew) return { before: undefined, ...found }
    tell(before)
    return undefined
  }
  const old = before.roster === undefined ? undefined : sideOf(before, before.roster)
  return { before: old, ...found }
}

async function loadCommitted(file: string, io: Io): Promise<LoadedPlan> {
  const { loadRevision } = await import('../changes/compared-file.js')
  // From here, as the file's own path is.
  return loadRevision({ kind: 'revision', revision: 'HEAD', path: `./${displayPath(file, io)}` }, io)
}

function sideOf(
  {
    declaration,
    plan,
  }: { readonly declaration: Declaration; readonly plan: { readonly access: AccessSummary } },
  roster: Roster,
): Side {
  const members = new Set(declaration.members.map(({ name }) => name))
  const teams = new Set(declaration.teams.map(({ name }) => name))
  const people = roster.people
    .filter(({ name }) => members.has(name))
    .map((person) => Object.assign({}, person, { teams: person.teams.filter((team) => teams.has(team)) }))
  return { access: plan.access, people, removalShare: declaration.rosterRemovals }
}
