import { processIo } from './process-io.js'
import { run } from './run.js'

/** The command `ringfence` as a process: its arguments, streams, signals and exit code. */
export async function main(): Promise<void> {
  // Not process.exit: output that is still on its way into a pipe would be lost.
  process.exitCode = await run(process.argv.slice(2), processIo())
}
