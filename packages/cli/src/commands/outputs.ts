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
    .option('--show-secrets', 'print secrets in the clear instead of [secret]; on a terminal alone', false)
    .action(async (file: string, options: Omit<OutputsOptions, 'file'>) =>
      context.done(await runOutputs({ file, ...options }, context.io, realWorld)),
    )
}

/** Prints what a stack gives out: names, ARNs, ids of keys. Secrets are printed on a terminal alone. Asks nothing of AWS. */
export async function runOutputs(options: OutputsOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { withStack } = await import('../deploy/with-stack.js')
  const { revealOutputs } = await import('../deploy/reveal-outputs.js')
  const { printOutputs } = await import('../deploy/print-outputs.js')
  return withStack(options, io, world, async (deployment, state) => {
    const { outputsOf } = await import('@ringfence/pulumi/deploy')
    const kept = Object.entries(outputsOf(state))
    const secrets = kept.flatMap(([name, { secret }]) => (secret ? [name] : []))
    const revealed =
      options.showSecrets && secrets.length > 0
        ? await revealOutputs(deployment, io, {
            secret: `the value of ${secrets.join(' and of ')}`,
            hint: 'run it on a terminal; `ringfence keys show` prints anywhere what is encrypted to a member',
          })
        : {}
    const shown = kept.map(
      ([name, output]) =>
        [name, output.secret ? (revealed[name]?.value ?? '[secret]') : output.value] as const,
    )
    const outputs = Object.fromEntries(shown.toSorted(([a], [b]) => (a < b ? -1 : 1)))
    io.stdout.write(
      options.json ? `${JSON.stringify({ formatVersion: 1, outputs })}\n` : printOutputs(outputs),
    )
    return exitCode.ok
  })
}
