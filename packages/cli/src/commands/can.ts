import type { Command } from 'commander'
import type { AccountOptions } from '../answers/asked-account.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'

export interface CanOptions extends AccountOptions {
  readonly member: string
  readonly action: string
  readonly resource: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `can`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<member>', 'a member, team/NAME, platform/NAME, user/NAME, role/NAME or an ARN')
    .argument('<action>', 'an action such as s3:GetObject or s3:Get*, or a word such as read')
    .argument(
      '<resource>',
      'a name as the file has it, with a path (user-data-a/raw/x), or an ARN; * is any text',
    )
    .argument('[file]', 'the declared file; default ringfence.yaml')
    .option('--account <folder>', 'ask about an account that exists, from a folder of its policies')
    .option('--json', 'print {"formatVersion":1,"member","action","resource","answer","answers":[…]}', false)
    .action(
      async (
        member: string,
        action: string,
        resource: string,
        file: string | undefined,
        options: Pick<CanOptions, 'account' | 'json'>,
      ) =>
        context.done(
          await runCan(
            { member, action, resource, ...(file === undefined ? {} : { file }), ...options },
            context.io,
          ),
        ),
    )
}

/** Tells whether somebody can do something: yes and when, no and why, or unknown. Always `exitCode.ok`. */
export async function runCan(options: CanOptions, io: Io): Promise<ExitCode> {
  const { prepare, refuse } = await import('../answers/ask.js')
  const asking = await prepare(options, io)
  if (!asking) return exitCode.usage
  const check = await import('@ringfence/check')
  const { access, account } = asking.asked
  const found = check.findSubject(options.member, account, check.namesOf(account), access)
  if ('problem' in found) return (refuse(found.problem, options, io), exitCode.usage)
  const actions = check.readActions(options.action, asking.options.catalogue)
  if ('problem' in actions) return (refuse(actions.problem, options, io), exitCode.usage)
  const targets = check.readResource(options.resource, actions.actions, account, asking.options.catalogue)
  if ('problem' in targets) return (refuse(targets.problem, options, io), exitCode.usage)
  const answers = check.can(asking.asked, found.subject, targets.targets, asking.options)
  const lines = check.linesOf(account)
  const { joinAnswers } = await import('../answers/print-answers.js')
  const { answer, text } = joinAnswers(answers, lines, colorsOf(io.stdout))
  if (options.json) {
    const { action, member, resource } = options
    const printed = answers.map((one) => check.printedAnswer(one, lines))
    io.stdout.write(
      `${JSON.stringify({ formatVersion: 1, member, action, resource, answer, answers: printed })}\n`,
    )
  } else if (found.subject.principals.length === 0)
    io.stdout.write(
      `${text.join('\n')}\n  ${found.subject.called} is in no team, so that there is no way in\n`,
    )
  else io.stdout.write(`${text.join('\n')}\n`)
  return exitCode.ok
}
