import { type Command, InvalidArgumentError } from 'commander'

/** Adds `--allow-removals`. */
export function addRemovalsOption(command: Command): Command {
  return command.option(
    '--allow-removals <n>',
    'so many members or teams may go because of the roster (default: 10 %, or 3 if that is more)',
    parseCount,
  )
}

function parseCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A number of members or teams is a whole number.')
}
