import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface FmtOptions {
  readonly file: string
  /** Write nothing, and fail with 7 where something would be written. */
  readonly check: boolean
  readonly json: boolean
}

/** Adds the arguments, options and action of `fmt`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file: .yaml, .yml or .json')
    .option('--check', 'write nothing; exit with 7 where an end is relative', false)
    .option('--json', 'print {"formatVersion":1,"file","changed","written","access","diff"}', false)
    .action(async (file: string, options: Omit<FmtOptions, 'file'>) =>
      context.done(await runFmt({ file, ...options }, context.io)),
    )
}

/** Writes relative ends (`for: 30d`) as instants, counted from now. Everything else stays as it is. */
export async function runFmt({ file, check, json }: FmtOptions, io: Io): Promise<ExitCode> {
  const { writeAbsoluteEnds } = await import('@ringfence/lifecycle')
  const { editFile } = await import('../edit/edit-file.js')
  const { code, changed } = await editFile(
    { file, dryRun: check, json, tellsAccess: false, meant: ['DATE_RELATIVE', 'DURATION_INVALID'] },
    (text) => writeAbsoluteEnds(text, io.nowMs()),
    'write "until" with the instant in place of "for"',
    io,
  )
  return code === exitCode.ok && check && changed ? exitCode.unexpectedChanges : code
}
