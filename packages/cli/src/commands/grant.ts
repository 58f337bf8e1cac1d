import type { NewGrant } from '@ringfence/lifecycle'
import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface GrantOptions {
  readonly to: string
  /** With commas between them. */
  readonly can: string
  readonly on: string
  readonly file: string
  readonly under?: string
  readonly until?: string
  readonly for?: string
  readonly because?: string
  readonly dryRun: boolean
  readonly json: boolean
}

type Words = 'to' | 'can' | 'on' | 'file'

/** Adds the arguments, options and action of `grant`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<to>', 'a team or a member')
    .argument('<can>', 'what they may do, such as read or read,write')
    .argument('<on>', 'a dataset, model or platform')
    .argument('<file>', 'the declared file: .yaml, .yml or .json')
    .option('--under <prefix>', 'only below this prefix, such as raw/')
    .option('--until <date>', 'the day or the instant at which it ends')
    .option('--for <time>', 'how long from now, such as 30d; written as the instant')
    .option('--because <reason>', 'why, for those who read the file')
    .option('--dry-run', 'show what would change, and write nothing', false)
    .option('--json', 'print {"formatVersion":1,"file","changed","written","access","diff"}', false)
    .action(async (to: string, can: string, on: string, file: string, options: Omit<GrantOptions, Words>) =>
      context.done(await runGrant({ to, can, on, file, ...options }, context.io)),
    )
}

/** Adds a grant to a declared file. */
export async function runGrant(options: GrantOptions, io: Io): Promise<ExitCode> {
  const { addGrant } = await import('@ringfence/lifecycle')
  const { editFile } = await import('../edit/edit-file.js')
  const { readEnd } = await import('../edit/time-options.js')
  const { to, on, under, because } = options
  const until = readEnd(options, io.nowMs())
  const grant: NewGrant = {
    to,
    can: options.can.split(','),
    on,
    ...(under === undefined ? {} : { under }),
    ...(until === undefined ? {} : { until }),
    ...(because === undefined ? {} : { because }),
  }
  const byHand = `add ${JSON.stringify(grant)} to its "grants"`
  const { code } = await editFile(options, (text) => addGrant(text, grant), byHand, io)
  return code
}
