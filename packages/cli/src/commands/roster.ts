import { Argument, type Command } from 'commander'
import type { PeopleChange, Removals } from '@ringfence/lifecycle'
import type { AccessChange } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { askOnTerminal, type Ask } from '../deploy/confirm.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'
import type { Sides } from '../roster/load-sides.js'
import { addRemovalsOption } from '../roster/removals-option.js'

export interface RosterOptions {
  readonly action: 'diff' | 'import'
  readonly file: string
  readonly roster?: string | undefined
  readonly allowRemovals?: number
  readonly yes: boolean
  readonly json: boolean
}

/** Adds the arguments, options and action of `roster`. */
export function register(command: Command, context: CommandContext): void {
  addRemovalsOption(
    command
      .addArgument(
        new Argument('<action>', 'diff shows what a roster changes, import also writes it').choices([
          'diff',
          'import',
        ]),
      )
      .argument('<file>', 'the declared file, whose "members.from" names its roster')
      .argument('[roster]', 'the new roster in CSV; diff without it compares with what git has'),
  )
    .option('--json', 'print who joins, moves and leaves, and who gains and loses what, as JSON', false)
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(
      async (
        action: RosterOptions['action'],
        file: string,
        roster: string | undefined,
        options: Omit<RosterOptions, 'action' | 'file' | 'roster'>,
      ) => context.done(await runRoster({ action, file, roster, ...options }, context.io, askOnTerminal)),
    )
}

interface RosterChange {
  readonly people: PeopleChange
  readonly access: readonly AccessChange[]
  readonly removals: Removals
}

/** Shows who joins, moves and leaves with a roster, as a change of access; `import` then writes it. */
export async function runRoster(options: RosterOptions, io: Io, ask: Ask): Promise<ExitCode> {
  const { action, file, roster } = options
  const isImport = action === 'import'
  if (isImport) {
    const { requireAnswer } = await import('../deploy/confirm.js')
    if (roster === undefined)
      throw new CliError('ROSTER_NOT_NAMED', 'there is no roster to import', {
        hint: `ringfence roster import ${file} NEW.csv`,
        exitCode: exitCode.usage,
      })
    requireAnswer(options, io, `ringfence roster diff ${file} ${roster}`)
  }
  const { loadSides } = await import('../roster/load-sides.js')
  const sides = await loadSides({ file, roster }, io, ({ findings, sources }) =>
    tellFindings(findings, sources, io, options),
  )
  if (sides === undefined) return exitCode.usage
  const change = await changeOf(sides, options)
  if (!options.json) await print(sides, change, io)
  const tell = (result: string): void => {
    if (options.json) io.stdout.write(`${JSON.stringify({ ...describe(change), result })}\n`)
  }
  try {
    await refuse(change)
  } catch (error) {
    tell('refused')
    throw error
  }
  const done = isImport ? await write(sides, options, io, ask) : 'compared'
  tell(done)
  return done === 'cancelled' ? exitCode.cancelled : exitCode.ok
}

async function changeOf({ after, before }: Sides, options: RosterOptions): Promise<RosterChange> {
  const { checkRemovals, diffPeople } = await import('@ringfence/lifecycle')
  const { diffAccess } = await import('@ringfence/plan')
  const nobody = { members: {}, teams: {}, grants: [] }
  return {
    people: diffPeople(before?.people ?? [], after.people),
    access: diffAccess(before?.access, after.access),
    removals: checkRemovals(before?.access ?? nobody, after.access, {
      allowed: options.allowRemovals,
      share: after.removalShare,
    }),
  }
}

async function print({ after, before }: Sides, { access, people }: RosterChange, io: Io): Promise<void> {
  const { printAccessChange } = await import('../deploy/print-access.js')
  const { printPeople } = await import('../roster/print-people.js')
  const colors = colorsOf(io.stdout)
  io.stdout.write(
    `${printPeople(people, colors)}\n${printAccessChange(access, before?.access, after.access, colors)}`,
  )
}

/** What must not be written: it would take access away, or hand it on, by mistake. */
async function refuse({ people, removals }: RosterChange): Promise<void> {
  const { takenNames } = await import('@ringfence/lifecycle')
  const { refuseRemovals } = await import('../roster/refuse-removals.js')
  const { refuseTakenName } = await import('../roster/refuse-taken-name.js')
  refuseTakenName(takenNames(people))
  refuseRemovals(removals)
}

async function write(
  { rosterPath, rosterText }: Sides,
  options: RosterOptions,
  io: Io,
  ask: Ask,
): Promise<'written' | 'cancelled'> {
  const { confirm } = await import('../deploy/confirm.js')
  const { displayPath } = await import('../text-file.js')
  const { writeTextFile } = await import('../write-file.js')
  const { keptRosterText } = await import('../roster/roster-text.js')
  const shown = displayPath(rosterPath, io)
  if (!(await confirm(`Write this roster to ${shown}?`, options, io, ask))) {
    io.stderr.write('Nothing was written.\n')
    return 'cancelled'
  }
  await writeTextFile(rosterPath, keptRosterText(rosterText), true, io)
  io.stderr.write(`Wrote ${shown}. Next: ringfence up ${displayPath(options.file, io)}\n`)
  return 'written'
}

/** For `--json`. */
function describe({ access, people, removals }: RosterChange) {
  const { members, most, teams } = removals
  return {
    formatVersion: 1,
    joiners: people.joiners.map(({ name, teams: joined }) => ({ name, teams: joined })),
    movers: people.movers.map(({ after, before, joins, leaves }) => ({
      name: after.name,
      ...(after.name === before.name ? {} : { nameBefore: before.name }),
      ...(after.email === before.email
        ? {}
        : { email: after.email ?? null, emailBefore: before.email ?? null }),
      joins,
      leaves,
    })),
    leavers: people.leavers.map(({ name, teams: left }) => ({ name, teams: left })),
    access,
    removals: { members, teams, most },
  }
}
