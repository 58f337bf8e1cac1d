import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'

/** Asks a question on the terminal: true for yes, false for no or Ctrl-C. Replaced in tests. */
export type Ask = (question: string, signal: AbortSignal) => Promise<boolean>

/** Refuses a command that would have to ask, where there is nobody to ask, before anything happens. */
export function requireAnswer(
  options: { readonly yes: boolean },
  io: Io,
  lookBy = 'ringfence preview',
): void {
  if (options.yes || (io.stdin.isTTY && io.stderr.isTTY)) return
  throw new CliError('CONFIRMATION_MISSING', 'there is no terminal to ask on whether to go on', {
    hint: `look at it with \`${lookBy}\`, then give \`--yes\``,
    exitCode: exitCode.usage,
  })
}

/** Whether to go on: asks unless `--yes` was given. */
export async function confirm(
  question: string,
  options: { readonly yes: boolean },
  io: Io,
  ask: Ask,
): Promise<boolean> {
  return options.yes || ask(question, io.signal)
}

/** Asks on the process's terminal, on stderr: stdout is for what was asked for. */
export async function askOnTerminal(question: string, signal: AbortSignal): Promise<boolean> {
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({
    message: question,
    initialValue: false,
    output: process.stderr,
    signal,
  })
  return answer === true
}
