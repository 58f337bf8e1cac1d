import { CliError } from '../cli-error.js'
import type { CliCode } from '../codes.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from './color.js'
import { printable } from './printable.js'

/**
 * Tells what ended the command, without a stack (`RINGFENCE_DEBUG=1` shows it), and gives the exit code.
 * What is neither a `CliError` nor a failure of the operating system is a defect of ringfence.
 */
export function tellFailure(error: unknown, io: Pick<Io, 'stderr' | 'env'>): ExitCode {
  const colors = colorsOf(io.stderr)
  const { code, hint, exit } = classify(error)
  io.stderr.write(`${colors.red('error')}[${code}]: ${printable(messageOf(error))}\n`)
  if (hint !== undefined) io.stderr.write(`  ${colors.cyan('Try:')} ${printable(hint)}\n`)
  if (io.env['RINGFENCE_DEBUG'] === '1') io.stderr.write(`${printable(stackOf(error))}\n`)
  return exit
}

function classify(error: unknown): { code: CliCode; hint?: string | undefined; exit: ExitCode } {
  if (error instanceof CliError) return { code: error.code, hint: error.options.hint, exit: error.exitCode }
  if (isSystemError(error)) return { code: 'IO_FAILED', exit: exitCode.failed }
  const hint = 'this is a defect of ringfence: run it again with RINGFENCE_DEBUG=1 and report what it shows'
  return { code: 'INTERNAL', hint, exit: exitCode.failed }
}

/** Node's errors of the operating system name the call that failed. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string'
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? String(error)
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`
}
