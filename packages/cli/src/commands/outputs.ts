import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { addStackOptions, type StackOptions } from '../deploy/options.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface OutputsOptions extends StackOptions {
  readonly showSecrets: boolean
}

/** Adds the arguments, options and action of `outputs`. */
export function register(command: Command, context: CommandContext): void {
  addStackOptions(command, 'print {"formatVersion":1,"outputs":{…}}')
    .option('--show-secrets', 'print secrets in the clear instead of [secret]', false)
    .action(async (file: string, options: Omit<OutputsOptions, 'file'>) =>
      context.done(await runOutputs({ file, ...options }, context.io, realWorld)),
    )
}

/** Prints what a stack gives out: names, ARNs, ids of keys. Asks nothing of AWS. */
export async function runOutputs(options: OutputsOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { withStack } = await import('../deploy/with-stack.js')
  const { printOutputs } = await import('../deploy/print-outputs.js')
  return withStack(options, io, world, async (deployment, state) => {
    const { outputsOf } = await import('@ringfence/pulumi/deploy')
    const hidden = Object.entries(outputsOf(state)).map(
      ([name, output]) => [name, output.secret ? '[secret]' : output.value] as const,
    )
    const shown = options.showSecrets
      ? Object.entries(await deployment.revealOutputs()).map(([name, { value }]) => [name, value] as const)
      : hidden
    const outputs = Object.fromEntries(shown.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    io.stdout.write(
      options.json ? `${JSON.stringify({ formatVersion: 1, outputs })}\n` : printOutputs(outputs),
    )
    return exitCode.ok
  })
}
