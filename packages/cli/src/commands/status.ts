import type { ApplyState, JournalEntry, PendingChanges } from '@ringfence/scim'
import { type Command, InvalidArgumentError } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { type Colors, colorsOf } from '../output/color.js'
import { printable } from '../output/printable.js'
import { existingScimFolder, scimDataOption } from '../scim/data-folder.js'
import { instant } from '../scim/log-line.js'

export interface StatusOptions {
  readonly file: string
  readonly scimData?: string
  readonly last: number
  readonly json: boolean
}

/** Adds the arguments, options and action of `status`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file that the directory belongs to')
    .option('--last <number>', 'how many changes of the journal are shown', whole, 10)
    .option(...scimDataOption)
    .option('--json', 'print as JSON', false)
    .action(async (file: string, options: Omit<StatusOptions, 'file'>) => {
      context.done(await runStatus({ file, ...options }, context.io))
    })
}

interface StackStatus {
  readonly stack: string
  readonly state: ApplyState
  readonly pending: PendingChanges | undefined
}

/** Tells what SCIM has brought, and how far it has taken effect. Reads only; the server may run meanwhile. */
export async function runStatus(options: StatusOptions, io: Io): Promise<ExitCode> {
  const { openDirectory, pendingChanges } = await import('@ringfence/scim')
  const directory = openDirectory(existingScimFolder(options, io))
  try {
    const position = directory.journal.position()
    const stacks = directory.applied
      .all()
      .map(([stack, state]) => ({ stack, state, pending: pendingChanges(directory, state) }))
    const changes = directory.journal.latest(options.last)
    const members = directory.roster().people.length
    if (options.json) {
      const described = stacks.map(({ stack, state, pending }) => describeStack(stack, state, pending))
      io.stdout.write(
        `${JSON.stringify({ formatVersion: 1, position, members, stacks: described, changes })}\n`,
      )
      return exitCode.ok
    }
    const colors = colorsOf(io.stdout)
    io.stdout.write(`${members} members from scim, ${position} changes so far\n`)
    if (stacks.length === 0)
      io.stdout.write('no stack follows them yet: `ringfence serve scim` makes one do so\n')
    for (const one of stacks) io.stdout.write(printStack(one, colors))
    if (changes.length > 0) io.stdout.write(`\n${changes.map((entry) => printEntry(entry)).join('')}`)
  } finally {
    await directory.close()
  }
  return exitCode.ok
}

function describeStack(stack: string, state: ApplyState, pending: PendingChanges | undefined) {
  const { appliedPosition, failures, lastRun, retryAtMs } = state
  return {
    stack,
    appliedPosition,
    pending: pending?.count ?? 0,
    failures,
    ...(lastRun === undefined
      ? {}
      : {
          lastRun: {
            started: instant(lastRun.startedMs),
            ...(lastRun.endedMs === undefined ? {} : { ended: instant(lastRun.endedMs) }),
            position: lastRun.position,
            result: lastRun.result ?? 'underWay',
            ...(lastRun.message === undefined ? {} : { message: lastRun.message }),
            ...(lastRun.hint === undefined ? {} : { hint: lastRun.hint }),
          },
        }),
    ...(retryAtMs === undefined ? {} : { nextRetry: instant(retryAtMs) }),
  }
}

function printStack({ stack, state, pending }: StackStatus, colors: Colors): string {
  const { lastRun, retryAtMs, failures, appliedPosition } = state
  const waiting =
    pending === undefined ? 'nothing is pending' : `${pending.count} pending: ${pending.first.join(', ')}`
  const lines = [
    `${colors.bold(stack)}: changes up to ${appliedPosition} have taken effect; ${printable(waiting)}`,
  ]
  if (lastRun !== undefined) {
    const { startedMs, endedMs, position, result, message, hint } = lastRun
    const paint = result === 'applied' ? colors.green : colors.red
    const what =
      result === undefined || endedMs === undefined
        ? `since ${instant(startedMs)}, up to change ${position}: under way, or cut off`
        : `${instant(endedMs)}, up to change ${position}: ${paint(result)}`
    lines.push(`  last run ${what}${message === undefined ? '' : `, ${printable(message)}`}`)
    if (hint !== undefined) lines.push(`  ${colors.cyan('Try:')} ${printable(hint)}`)
  }
  if (retryAtMs !== undefined)
    lines.push(`  next run ${instant(retryAtMs)}${failures > 1 ? `, after ${failures} failures` : ''}`)
  return `${lines.join('\n')}\n`
}

function printEntry({
  position,
  atMs,
  client,
  kind,
  what,
  name,
  attributes,
  joined,
  left,
}: JournalEntry): string {
  const parts = [
    ...(what === 'changed' && attributes.length > 0 ? [attributes.join(', ')] : []),
    ...(joined === undefined ? [] : [`in: ${joined.join(', ')}`]),
    ...(left === undefined ? [] : [`out: ${left.join(', ')}`]),
  ]
  const about = parts.length === 0 ? '' : ` (${parts.join('; ')})`
  const subject = kind === 'User' ? 'user' : 'group'
  return printable(`${position}  ${instant(atMs)}  ${client}  ${subject} ${name} ${what}${about}`) + '\n'
}

function whole(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number from 0 to 9999 is expected.')
}
