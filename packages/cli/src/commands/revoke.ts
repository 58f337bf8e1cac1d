import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import type { ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface RevokeOptions {
  readonly to: string
  /** With commas between them. */
  readonly can: string
  readonly on: string
  readonly file: string
  readonly under?: string
  readonly all: boolean
  readonly dryRun: boolean
  readonly json: boolean
}

type Words = 'to' | 'can' | 'on' | 'file'

/** Adds the arguments, options and action of `revoke`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<to>', 'a team or a member, as the grant names it')
    .argument('<can>', 'what they may do no longer, such as write or read,write')
    .argument('<on>', 'a dataset, model or platform')
    .argument('<file>', 'the declared file: .yaml, .yml or .json')
    .option('--under <prefix>', "only the grant with this prefix; '' for the one without")
    .option('--all', 'every grant that fits, where several do', false)
    .option('--dry-run', 'show what would change, and write nothing', false)
    .option('--json', 'print {"formatVersion":1,"file","changed","written","access","diff"}', false)
    .action(async (to: string, can: string, on: string, file: string, options: Omit<RevokeOptions, Words>) =>
      context.done(await runRevoke({ to, can, on, file, ...options }, context.io)),
    )
}

/** Takes a grant, or some of its capabilities, out of a declared file. */
export async function runRevoke(options: RevokeOptions, io: Io): Promise<ExitCode> {
  const { revokeGrant } = await import('@ringfence/lifecycle')
  const { editFile } = await import('../edit/edit-file.js')
  const { to, on, under, all } = options
  const words = { to, can: options.can.split(','), on, all, ...(under === undefined ? {} : { under }) }
  const byHand = `take ${options.can} out of the grant to ${to} on ${on} in its "grants"`
  const { code } = await editFile(options, (text) => revokeGrant(text, words), byHand, io)
  return code
}
