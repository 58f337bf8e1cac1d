import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { printSchema } from '../schema-text.js'

/** Adds the action of `schema`. */
export function register(command: Command, context: CommandContext): void {
  command.action(async () => context.done(await runSchema(context.io)))
}

/** Prints the JSON Schema (draft-07) of declared files, for editors. */
export async function runSchema(io: Io): Promise<ExitCode> {
  io.stdout.write(await printSchema())
  return exitCode.ok
}
