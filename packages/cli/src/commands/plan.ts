import type { Plan } from '@ringfence/plan'
import type { Command } from 'commander'
import { CliError } from '../cli-error.js'
import type { CommandContext } from '../command.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'

export interface PlanOptions {
  readonly file: string
  /** Each policy document as JSON instead of one line a statement. */
  readonly policies: boolean
  readonly json: boolean
  /** What the file becomes in the account of Identity Center. */
  readonly identityCenter: boolean
}

/** Adds the arguments, options and action of `plan`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('<file>', 'the declared file: .yaml, .yml, .json, .ts, .mts, .js or .mjs')
    .option('--policies', 'show each policy document as it is sent to AWS', false)
    .option('--identity-center', 'show what Identity Center has to have, in its own account', false)
    .option('--json', 'print {"formatVersion":1,"plan":{…}}', false)
    .action(async (file: string, options: Omit<PlanOptions, 'file'>) =>
      context.done(await runPlan({ file, ...options }, context.io)),
    )
}

/** Prints what a declared file becomes on AWS; what was found on the way goes to stderr. */
export async function runPlan(options: PlanOptions, io: Io): Promise<ExitCode> {
  const { loadPlan } = await import('../plan-file.js')
  const loaded = await loadPlan(options.file, io)
  tellFindings(loaded.findings, loaded.sources, io, options)
  if (!loaded.ok) return exitCode.usage
  const { plan } = loaded
  if (options.identityCenter) return printIdentityCenter(plan, options, io)
  if (options.json) {
    const { printPlan } = await import('@ringfence/plan')
    io.stdout.write(`{"formatVersion":1,"plan":${printPlan(plan).trimEnd()}}\n`)
  } else {
    const { printPlanText } = await import('../output/plan-text.js')
    io.stdout.write(printPlanText(plan, { policies: options.policies, colors: colorsOf(io.stdout) }))
  }
  return exitCode.ok
}

async function printIdentityCenter(plan: Plan, { json }: PlanOptions, io: Io): Promise<ExitCode> {
  if (plan.identityCenter === undefined) {
    throw new CliError('IDENTITY_CENTER_MISSING', 'nobody of the file signs in by Identity Center', {
      hint: 'declare "identityProvider: { identityCenter: { instance, identityStore } }"',
      exitCode: exitCode.usage,
    })
  }
  if (json) {
    io.stdout.write(`${JSON.stringify({ formatVersion: 1, identityCenter: plan.identityCenter })}\n`)
  } else {
    const { printIdentityCenterText } = await import('../output/identity-center-text.js')
    io.stdout.write(printIdentityCenterText(plan, plan.identityCenter, colorsOf(io.stdout)))
  }
  return exitCode.ok
}
