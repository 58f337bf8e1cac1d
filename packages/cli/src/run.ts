import { CommanderError } from 'commander'
import { exitCode, type ExitCode } from './exit-code.js'
import type { Io } from './io.js'
import { tellFailure } from './output/failure.js'
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
    // Commander has told its own already; help and version come this way too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage
    return tellFailure(error, io)
  }
}
