import type { Command } from 'commander'
import type { AccountOptions } from '../answers/asked-account.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'

export interface AccessOptions extends AccountOptions {
  readonly member: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `access`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<member>', 'a member, team/NAME, platform/NAME, user/NAME, role/NAME or an ARN')
    .argument('[file]', 'the declared file; default ringfence.yaml')
    .option('--account <folder>', 'ask about an account that exists, from a folder of its policies')
    .option('--json', 'print {"formatVersion":1,"member","access":[…]} with all conditions', false)
    .action(
      async (member: string, file: string | undefined, options: Pick<AccessOptions, 'account' | 'json'>) =>
        context.done(
          await runAccess({ member, ...(file === undefined ? {} : { file }), ...options }, context.io),
        ),
    )
}

/** Tells all that somebody can do, and under which conditions. */
export async function runAccess(options: AccessOptions, io: Io): Promise<ExitCode> {
  const { prepare, refuse } = await import('../answers/ask.js')
  const asking = await prepare(options, io)
  if (!asking) return exitCode.usage
  const check = await import('@ringfence/check')
  const { access: declared, account } = asking.asked
  const found = check.findSubject(options.member, account, check.namesOf(account), declared)
  if ('problem' in found) return (refuse(found.problem, options, io), exitCode.usage)
  const access = [...check.accessOf(asking.asked, found.subject, asking.options)]
  if (options.json) {
    const lines = check.linesOf(account)
    const printed = access.map((one) => ({ ...one, answer: check.printedAnswer(one.answer, lines) }))
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, member: options.member, access: printed })}\n`)
  } else {
    const { printAccess } = await import('../answers/print-answers.js')
    io.stdout.write(printAccess(found.subject.called, access, account, colorsOf(io.stdout)))
  }
  return exitCode.ok
}
