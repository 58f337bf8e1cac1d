import { type Command, Option } from 'commander'
import type { ExportTarget } from '@ringfence/plan'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { tellFindings } from '../output/diagnostics.js'

export interface ExportOptions {
  readonly file: string
  readonly to: ExportTarget
}

/** Adds the arguments, options and action of `export`. */
export function register(command: Command, context: CommandContext): void {
  // Written out: the plan package, which has the list, is loaded only when the command runs.
  const targets: readonly ExportTarget[] = ['cloudformation', 'terraform']
  command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .addOption(
      new Option('--to <target>', `for which tool: ${targets.join(' or ')}`)
        .choices(targets)
        .makeOptionMandatory(),
    )
    .action(async (file: string, options: Omit<ExportOptions, 'file'>) =>
      context.done(await runExport({ file, ...options }, context.io)),
    )
}

/** Prints the plan of a declared file for another deployment tool; what it cannot hold is told on stderr. */
export async function runExport(options: ExportOptions, io: Io): Promise<ExitCode> {
  const [{ loadPlan }, { exportPlan }] = await Promise.all([
    import('../plan-file.js'),
    import('@ringfence/plan'),
  ])
  const loaded = await loadPlan(options.file, io)
  if (!loaded.ok) {
    tellFindings(loaded.findings, loaded.sources, io)
    return exitCode.usage
  }
  const exported = exportPlan(loaded.plan, options.to)
  tellFindings([...loaded.findings, ...exported.diagnostics], loaded.sources, io)
  if (!exported.ok) return exitCode.usage
  io.stdout.write(exported.value)
  return exitCode.ok
}
