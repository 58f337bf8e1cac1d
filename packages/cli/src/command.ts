import type { Command } from 'commander'
import type { ExitCode } from './exit-code.js'
import type { Io } from './io.js'

/** What a command gets to work with. */
export interface CommandContext {
  readonly io: Io
  /** Tells with what the process exits; the action calls it once, at its end. */
  done(code: ExitCode): void
}

/**
 * What each `commands/<name>.ts` exports, beside its `run<Name>(options, io): Promise<ExitCode>`: adds the
 * command's arguments, options and action to `command`, which has its name and summary already.
 */
export interface CommandModule {
  readonly register: (command: Command, context: CommandContext) => void
}
