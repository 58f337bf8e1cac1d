import type { Command } from 'commander'
import type { Plan } from '@ringfence/plan'
import type { CommandContext } from '../command.js'
import type { Check } from '../deploy/diagnose.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { tellFindings } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'

export interface DoctorOptions {
  /** Also checks account and administrator against it. */
  readonly file?: string
  readonly json: boolean
}

/** Adds the arguments, options and action of `doctor`. */
export function register(command: Command, context: CommandContext): void {
  command
    .argument('[file]', 'the declared file, to check account and administrator against')
    .option('--json', 'print {"formatVersion":1,"checks":[…]}', false)
    .action(async (file: string | undefined, options: Omit<DoctorOptions, 'file'>) =>
      context.done(
        await runDoctor({ ...(file === undefined ? {} : { file }), ...options }, context.io, realWorld),
      ),
    )
}

/** Checks what deploying needs, all of it, and gives the exit code of the first problem. */
export async function runDoctor(options: DoctorOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  let plan: Plan | undefined
  if (options.file !== undefined) {
    const { loadPlan } = await import('../plan-file.js')
    const loaded = await loadPlan(options.file, io)
    tellFindings(loaded.findings, loaded.sources, io, options)
    if (!loaded.ok) return exitCode.usage
    plan = loaded.plan
  }
  const checks = await examine(plan, io, world)
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ formatVersion: 1, checks: checks.map(({ name, ok, found, hint }) => ({ name, ok, found, hint })) })}\n`
      : checks.map((check) => printCheck(check, io)).join(''),
  )
  return checks.find(({ ok }) => !ok)?.exitCode ?? exitCode.ok
}

async function examine(plan: Plan | undefined, io: Io, world: DeployWorld): Promise<readonly Check[]> {
  const { checkCredentials, checkNode, checkPulumi } = await import('../deploy/diagnose.js')
  const { pulumiEnvironment } = await import('@ringfence/pulumi/deploy')
  const region = plan?.region ?? io.env['AWS_REGION'] ?? io.env['AWS_DEFAULT_REGION'] ?? 'us-east-1'
  const [pulumi, caller] = await Promise.all([
    settle(world.inspectPulumi(pulumiEnvironment(io.env, io.cwd))),
    settle(world.identify({ region })),
  ])
  return [
    checkNode(process.versions.node),
    ...checkPulumi(pulumi, io.env),
    ...checkCredentials('error' in caller ? caller : { ...caller, nowMs: io.nowMs() }, plan),
  ]
}

function settle<Value>(work: Promise<Value>): Promise<{ value: Value } | { error: unknown }> {
  return work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
}

function printCheck({ name, ok, found, hint }: Check, io: Io): string {
  const colors = colorsOf(io.stdout)
  const sign = ok ? colors.green('ok     ') : colors.red('problem')
  const line = `${sign}  ${name.padEnd(13)}  ${printable(found)}\n`
  return hint === undefined ? line : `${line}${' '.repeat(24)}${colors.cyan('Try:')} ${printable(hint)}\n`
}
