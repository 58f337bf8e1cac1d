import type { Command } from 'commander'
import { dirname, extname, join } from 'node:path'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { printSchema } from '../schema-text.js'
import { printStartingFile, schemaFileName } from '../starting-file.js'
import { displayPath } from '../text-file.js'
import { writeTextFile } from '../write-file.js'

export interface InitOptions {
  /** Where the file goes; the schema goes beside it. */
  readonly file: string
  /** Replaces what is there. */
  readonly force: boolean
}

/** Adds the arguments, options and action of `init`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('[file]', 'where to write it', 'ringfence.yaml')
    .option('--force', 'replace files that are there already', false)
    .action(async (file: string, options: { force: boolean }) =>
      context.done(await runInit({ file, ...options }, context.io)),
    )
}

/**
 * Writes a commented file to start from and, beside it, the JSON Schema that its first line names for editors,
 * so that completion works without a network. Asks nothing. Replaces nothing without `force`.
 */
export async function runInit(options: InitOptions, io: Io): Promise<ExitCode> {
  if (!['.yaml', '.yml'].includes(extname(options.file).toLowerCase())) {
    throw new CliError('FILE_TYPE_UNKNOWN', `${options.file} is not the name of a YAML file`, {
      hint: 'name it .yaml or .yml',
      exitCode: exitCode.usage,
    })
  }
  const schemaFile = join(dirname(options.file), schemaFileName)
  await writeTextFile(options.file, printStartingFile(io.nowMs()), options.force, io)
  const schemaWritten = await writeSchema(schemaFile, options.force, io)
  const shown = displayPath(options.file, io)
  const colors = colorsOf(io.stderr)
  io.stderr.write(`${colors.green('wrote')} ${shown}\n`)
  io.stderr.write(
    schemaWritten
      ? `${colors.green('wrote')} ${displayPath(schemaFile, io)}\n`
      : `${colors.yellow('kept')} ${displayPath(schemaFile, io)}, which was there already; --force replaces it\n`,
  )
  io.stderr.write(`Next: ringfence rehearse ${shown}\n`)
  return exitCode.ok
}

async function writeSchema(path: string, force: boolean, io: Io): Promise<boolean> {
  try {
    await writeTextFile(path, await printSchema(), force, io)
    return true
  } catch (error) {
    if (error instanceof CliError && error.code === 'FILE_EXISTS') return false
    throw error
  }
}
