import type { Command } from 'commander'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'

/** Adds the arguments, options and action of `rehearse`. */
export function register(command: Command, _context: CommandContext): void {
  command.argument('<file>', 'the declared file').action(() => {
    throw new CliError('INTERNAL', 'rehearse is being written')
  })
}
