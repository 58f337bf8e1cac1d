import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'

export interface CheckOptions {
  readonly file?: string
  /** Folder of an account that exists. */
  readonly account?: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `check`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('[file]', 'the declared file; default ringfence.yaml')
    .option('--account <folder>', 'tell what an account that exists lays open, from a folder of its policies')
    .option('--json', 'print one JSON document', false)
    .action(async (file: string | undefined, options: Omit<CheckOptions, 'file'>) =>
      context.done(await runCheck({ ...(file === undefined ? {} : { file }), ...options }, context.io)),
    )
}

/** Proves what a declared file promises, or tells the request that shows that it does not hold. */
export async function runCheck(options: CheckOptions, io: Io): Promise<ExitCode> {
  if (options.account !== undefined) return checkAccount(options, io)
  const { defaultFile, hintingAtAccount } = await import('../answers/asked-account.js')
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file ?? defaultFile, io)
  tellFindings(loaded.findings.map(hintingAtAccount), loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { declaration, plan, sources } = loaded
  const { checkLoaded } = await import('../check/check-loaded.js')
  const result = await checkLoaded(declaration, plan)
  const { countFindings, printCheck } = await import('../check/report.js')
  const { notProvedOf } = await import('../check/not-proved.js')
  const notProved = notProvedOf(declaration)
  if (options.json) {
    const { printCheckJson } = await import('../check/report-json.js')
    io.stdout.write(printCheckJson(declaration.organization, result, notProved))
  } else {
    io.stdout.write(printCheck(result, sources, colorsOf(io.stdout)))
    const { printable } = await import('../output/printable.js')
    for (const note of notProved) io.stderr.write(`not proved: ${printable(note)}\n`)
  }
  const { refuted, unknown } = countFindings(result.findings)
  return refuted > 0 ? exitCode.guaranteeViolated : unknown > 0 ? exitCode.failed : exitCode.ok
}

/**
 * Tells what is public, what crosses accounts, which roles trust a whole identity provider, who reaches which bucket, and
 * who can become an administrator.
 */
async function checkAccount(options: CheckOptions, io: Io): Promise<ExitCode> {
  const { prepare } = await import('../answers/ask.js')
  const asking = await prepare(options, io)
  if (!asking) return exitCode.usage
  const { exposureOf } = await import('@ringfence/check')
  const { account } = asking.asked
  const exposure = exposureOf(account, { catalogue: asking.options.catalogue })
  if (options.json)
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, account: account.account, ...exposure })}\n`)
  else {
    const { printExposure } = await import('../exposure/print-exposure.js')
    io.stdout.write(printExposure(account, exposure, colorsOf(io.stdout)))
  }
  const isOpen = [...exposure.public, ...exposure.signIns].some(({ isKnown }) => isKnown)
  const canRise = exposure.escalations.paths.some(({ certainty }) => certainty === 'certain')
  return isOpen || canRise ? exitCode.guaranteeViolated : exitCode.ok
}
