import type { Command } from 'commander'
import type { AccountOptions } from '../answers/asked-account.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'

export interface WhoCanOptions extends AccountOptions {
  readonly action: string
  readonly resource: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `who-can`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<action>', 'an action such as s3:GetObject or s3:Get*, or a word such as read')
    .argument(
      '<resource>',
      'a name as the file has it, with a path (user-data-a/raw/x), or an ARN; * is any text',
    )
    .argument('[file]', 'the declared file; default ringfence.yaml')
    .option('--account <folder>', 'ask about an account that exists, from a folder of its policies')
    .option('--json', 'print {"formatVersion":1,"action","resource","who":[…]} with all conditions', false)
    .action(
      async (
        action: string,
        resource: string,
        file: string | undefined,
        options: Pick<WhoCanOptions, 'account' | 'json'>,
      ) =>
        context.done(
          await runWhoCan(
            { action, resource, ...(file === undefined ? {} : { file }), ...options },
            context.io,
          ),
        ),
    )
}

/** Tells who can do something, and under which conditions. Whatever the answers, the code is `exitCode.ok`. */
export async function runWhoCan(options: WhoCanOptions, io: Io): Promise<ExitCode> {
  const { prepare, refuse } = await import('../answers/ask.js')
  const asking = await prepare(options, io)
  if (!asking) return exitCode.usage
  const { linesOf, printedAnswer, readActions, readResource, whoCan } = await import('@ringfence/check')
  const { asked } = asking
  const actions = readActions(options.action, asking.options.catalogue)
  if ('problem' in actions) return (refuse(actions.problem, options, io), exitCode.usage)
  const targets = readResource(options.resource, actions.actions, asked.account, asking.options.catalogue)
  if ('problem' in targets) return (refuse(targets.problem, options, io), exitCode.usage)
  const everybody = [...whoCan(asked, targets.targets, asking.options)]
  if (options.json) {
    const lines = linesOf(asked.account)
    const who = everybody.map(({ answers, ...one }) => ({
      ...one,
      answers: answers.map((answer) => printedAnswer(answer, lines)),
    }))
    const { action, resource } = options
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, action, resource, who })}\n`)
  } else {
    const { printWhoCan } = await import('../answers/print-answers.js')
    io.stdout.write(printWhoCan(everybody, asked.account, colorsOf(io.stdout)))
  }
  return exitCode.ok
}
