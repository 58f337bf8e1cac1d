import { CommanderError } from 'commander'
import { CliError } from './cli-error.js'
import { exitCode, type ExitCode } from './exit-code.js'
import type { Io } from './io.js'
import { colorsOf } from './output/color.js'
import { buildProgram } from './program.js'

/**
 * Runs one command line, `argv` being what follows the program's name, and gives the exit code. Never rejects:
 * every failure is told on stderr, without a stack (`RINGFENCE_DEBUG=1` shows it).
 */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCode.ok
  const context = {
    io,
    done: (result: ExitCode) => {
      code = result
    },
  }
  try {
    // Of the words on the line only those that name a command are loaded: `plan FILE`, `help plan`.
    const words = new Set(argv.filter((word) => !word.startsWith('-')).slice(0, 2))
    const program = await buildProgram(context, (entry) => words.has(entry.name))
    if (argv.length === 0) {
      program.outputHelp({ error: true })
      return exitCode.usage
    }
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (error) {
    return tellFailure(error, io)
  }
}

function tellFailure(error: unknown, io: Io): ExitCode {
  // Commander has told it already; help and version come this way too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  const colors = colorsOf(io.stderr)
  const expected = error instanceof CliError
  const code = expected ? error.code : 'INTERNAL'
  const hint = expected
    ? error.options.hint
    : 'this is a defect of ringfence: run again with RINGFENCE_DEBUG=1 and report what it shows'
  io.stderr.write(`${colors.red('error')}[${code}]: ${messageOf(error)}\n`)
  if (hint !== undefined) io.stderr.write(`  Try: ${hint}\n`)
  if (io.env['RINGFENCE_DEBUG'] === '1') io.stderr.write(`${stackOf(error)}\n`)
  return expected ? error.exitCode : exitCode.failed
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? String(error)
  return error.cause === undefined ? own : `${own}\ncaused by: ${stackOf(error.cause)}`
}
