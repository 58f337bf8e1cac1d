import type { Roster } from '@ringfence/plan'
import type { ApplyResult } from '@ringfence/scim'
import { CliError } from '../cli-error.js'
import type { UpOptions } from '../commands/up.js'
import type { DeployWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io, Output } from '../io.js'

/** Runs `up`; replaced in tests. */
export type RunUp = (options: UpOptions, io: Io, world: DeployWorld) => Promise<ExitCode>

/** So much of what a failed run wrote is kept. */
const keptCharacters = 2_000

/**
 * Brings the stack to a roster by the same code as `ringfence up --yes`: plan, check, up. What it writes goes to
 * stderr, as the log of the server does, and the end of it is kept for `ringfence status` where it fails.
 */
export async function applyByUp(
  roster: Roster,
  options: UpOptions,
  io: Io,
  world: DeployWorld,
  runUp: RunUp,
): Promise<ApplyResult> {
  const written: string[] = []
  try {
    const code = await runUp(options, { ...teeing(io, written), scimRoster: roster }, world)
    return resultOf(code, written.join('').slice(-keptCharacters))
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    const { message, code } = error
    const { hint } = error.options
    if (code === 'ROSTER_REMOVES_TOO_MANY') return { result: 'held', message, hint: hint ?? heldHint }
    return { result: 'failed', message: `[${code}] ${message}`, ...(hint === undefined ? {} : { hint }) }
  }
}

const heldHint = 'look at it with `ringfence preview`, then run `ringfence up` with --allow-removals'

function resultOf(code: ExitCode, written: string): ApplyResult {
  switch (code) {
    case exitCode.ok:
      return { result: 'applied' }
    case exitCode.guaranteeViolated:
      return {
        result: 'failed',
        message: 'the check refutes a guarantee',
        hint: 'run `ringfence check` on the file',
        isRefused: true,
      }
    case exitCode.usage:
      return {
        result: 'failed',
        message: `the file cannot be used: ${written.trim()}`,
        hint: 'mend the file',
        isRefused: true,
      }
    case exitCode.cancelled:
      return { result: 'failed', message: 'the run was cancelled' }
    default:
      return { result: 'failed', message: `the run ended with ${code}: ${written.trim()}` }
  }
}

/** The same world, with all output on stderr and without a terminal to ask on. */
function teeing(io: Io, written: string[]): Io {
  const output: Output = {
    ...io.stderr,
    isTTY: false,
    color: false,
    write: (text) => {
      written.push(text)
      io.stderr.write(text)
    },
  }
  return { ...io, stdout: output, stderr: output, signal: io.signal }
}
