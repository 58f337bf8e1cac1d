import type { Deployment } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Io } from '../io.js'

/**
 * Outputs of a stack with their secrets in the clear, for a terminal alone: elsewhere a secret would stay, in a log or in a
 * file. `secret` says in the refusal what was asked for, `hint` how else to get at it.
 */
export async function revealOutputs(
  deployment: Deployment,
  io: Io,
  { secret, hint }: { readonly secret: string; readonly hint: string },
): ReturnType<Deployment['revealOutputs']> {
  if (!io.stdout.isTTY)
    throw new CliError('TERMINAL_MISSING', `${secret} is in the clear, and shown on a terminal alone`, {
      hint,
      exitCode: exitCode.usage,
    })
  return deployment.revealOutputs()
}
