import type { Command } from 'commander'
import { readAccountFolder } from '../account-folder.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'

export interface ImportOptions {
  readonly folder: string
  /** 12 digits. */
  readonly account?: string
  readonly region?: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `import`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<folder>', 'answers of the AWS CLI, policies, templates and states, or one such file')
    .option('--account <id>', 'the account, where no file tells it; 12 digits')
    .option('--region <region>', 'the region, where a template or key does not tell it')
    .option('--json', 'print the account as {"formatVersion":1,"account","users",…}', false)
    .action(async (folder: string, options: Omit<ImportOptions, 'folder'>) =>
      context.done(await runImport({ folder, ...options }, context.io)),
    )
}

/** Reads an account and prints it. What the files leave open is part of the account and no failure. */
export async function runImport(options: ImportOptions, io: Io): Promise<ExitCode> {
  const read = await readAccountFolder(options.folder, options, io)
  tellFindings(read.findings, read.sources, io, options)
  if (!read.ok) return exitCode.usage
  if (options.json) {
    io.stdout.write(`${JSON.stringify(read.value)}\n`)
  } else {
    const { printAccount } = await import('../output/account.js')
    io.stdout.write(printAccount(read.value, colorsOf(io.stdout)))
  }
  return exitCode.ok
}
