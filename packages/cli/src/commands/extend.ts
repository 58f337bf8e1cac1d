import type { Ending } from '@ringfence/lifecycle'
import type { Command } from 'commander'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface ExtendOptions {
  /** `member NAME`, `key NAME`, `team NAME` or `grant TO CAN ON`, and the file. */
  readonly what: readonly string[]
  readonly under?: string
  readonly until?: string
  readonly for?: string
  readonly dryRun: boolean
  readonly json: boolean
}

/** Adds the arguments, options and action of `extend`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument(
      '<what...>',
      'member NAME, key NAME, team NAME or grant TO CAN ON, and the declared file at the end',
    )
    .option('--until <date>', 'the day or the instant at which it ends')
    .option('--for <time>', 'how long from now, such as 30d; written as the instant')
    .option('--under <prefix>', "the grant with this prefix; '' for the one without")
    .option('--dry-run', 'show what would change, and write nothing', false)
    .option('--json', 'print {"formatVersion":1,"file","changed","written","access","diff"}', false)
    .action(async (what: string[], options: Omit<ExtendOptions, 'what'>) =>
      context.done(await runExtend({ what, ...options }, context.io)),
    )
}

/** Sets the end of a member, a key, a team or a grant in a declared file. */
export async function runExtend(options: ExtendOptions, io: Io): Promise<ExitCode> {
  const { setEnd } = await import('@ringfence/lifecycle')
  const { editFile } = await import('../edit/edit-file.js')
  const { readEnd } = await import('../edit/time-options.js')
  const { ending, file } = readWhat(options)
  const until = readEnd(options, io.nowMs())
  if (until === undefined) {
    throw new CliError('OPTION_MISSING', 'the end is missing', {
      hint: 'add --until DATE, or --for 30d',
      exitCode: exitCode.usage,
    })
  }
  const byHand = `write until: ${JSON.stringify(until)} there`
  const { code } = await editFile({ ...options, file }, (text) => setEnd(text, ending, until), byHand, io)
  return code
}

function readWhat({ what, under }: ExtendOptions): { readonly ending: Ending; readonly file: string } {
  const [kind, ...rest] = what
  const file = rest.pop()
  if (file !== undefined) {
    const [first, can, on, ...more] = rest
    if (
      kind === 'grant' &&
      first !== undefined &&
      can !== undefined &&
      on !== undefined &&
      more.length === 0
    ) {
      const words = { to: first, can: can.split(','), on, ...(under === undefined ? {} : { under }) }
      return { ending: { kind, ...words }, file }
    }
    const isNamed = kind === 'member' || kind === 'key' || kind === 'team'
    if (isNamed && first !== undefined && can === undefined) return { ending: { kind, name: first }, file }
  }
  throw new CliError(
    'OPTION_MISSING',
    `it is not clear whose end is meant by ${JSON.stringify(what.join(' '))}`,
    {
      hint: 'ringfence extend member NAME FILE --until DATE; or key NAME, team NAME, grant TO CAN ON',
      exitCode: exitCode.usage,
    },
  )
}
