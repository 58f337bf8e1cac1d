import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'

export interface CheckOptions {
  readonly file: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `check`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .option('--json', 'print {"formatVersion":1,"organization","counts","findings"}', false)
    .action(async (file: string, options: Omit<CheckOptions, 'file'>) =>
      context.done(await runCheck({ file, ...options }, context.io)),
    )
}

/** Proves what a declared file promises, or tells the request that shows that it does not hold. */
export async function runCheck(options: CheckOptions, io: Io): Promise<ExitCode> {
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { declaration, plan, sources } = loaded
  const { checkLoaded } = await import('../check/check-loaded.js')
  const result = await checkLoaded(declaration, plan)
  const { countFindings, printCheck } = await import('../check/report.js')
  if (options.json) {
    const { printCheckJson } = await import('../check/report-json.js')
    io.stdout.write(printCheckJson(declaration.organization, result))
  } else {
    io.stdout.write(printCheck(result, sources, colorsOf(io.stdout)))
  }
  const { refuted, unknown } = countFindings(result.findings)
  return refuted > 0 ? exitCode.guaranteeViolated : unknown > 0 ? exitCode.failed : exitCode.ok
}
