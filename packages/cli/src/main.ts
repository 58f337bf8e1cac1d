import { tellFailure } from './output/failure.js'
import { outputOf, processIo } from './process-io.js'
import { run } from './run.js'

/** The command `ringfence` as a process: its arguments, streams, signals and exit code. */
export async function main(): Promise<void> {
  const stderr = outputOf(process.stderr)
  const fail = (error: unknown): number => tellFailure(error, { stderr, env: process.env })
  // What a callback throws reaches no `await`; after it nothing is known to be whole, so that it ends here.
  process.on('uncaughtException', (error) => process.exit(fail(error)))
  try {
    // Not process.exit: output that is still on its way into a pipe would be lost.
    process.exitCode = await run(process.argv.slice(2), processIo(stderr))
  } catch (error) {
    process.exitCode = fail(error)
  }
}
