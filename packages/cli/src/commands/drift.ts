import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import type { Session } from '../deploy/session.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import type { Drift } from '../drift/find-drift.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface DriftOptions extends DeployOptions {
  readonly repair: boolean
  readonly yes: boolean
}

/** Adds the arguments, options and action of `drift`. */
export function register(command: Command, context: CommandContext): void {
  addProfileOptions(addStackOptions(command, 'print the differences as JSON'))
    .option('--repair', 'take away what nobody declared, and put back what is missing', false)
    .option('--yes', 'do not ask before repairing; needed where there is no terminal', false)
    .action(async (file: string, options: Omit<DriftOptions, 'file'>) =>
      context.done(await runDrift({ file, ...options }, context.io, realWorld)),
    )
}

/** Compares the file, the stack and the account; with `repair` brings the account back to the file. */
export async function runDrift(options: DriftOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { repair } = options
  if (repair) {
    const { requireAnswer } = await import('../deploy/confirm.js')
    requireAnswer(options, io, 'ringfence drift')
  }
  const { withSession } = await import('../deploy/session.js')
  return withSession({ ...options, isChecked: repair }, io, world, async (opened) => {
    const session = repair ? await settle(opened, io, world) : opened
    const drift = await look(session)
    if (!repair || drift.differences.length === 0) {
      await tell(session, drift, undefined, options, io)
      return drift.differences.length === 0 ? exitCode.ok : exitCode.unexpectedChanges
    }
    if (!options.json) await tell(session, drift, undefined, options, io)
    if (!(await agree(session, options, io, world))) return exitCode.cancelled
    const { repairDrift } = await import('../drift/repair-drift.js')
    await repairDrift(drift, session, io)
    const left = await look({ ...session, state: await session.deployment.readState() })
    await tell(session, drift, left, options, io)
    return left.differences.length === 0 ? exitCode.ok : exitCode.unexpectedChanges
  })
}

async function settle(opened: Session, io: Io, world: DeployWorld): Promise<Session> {
  const { settleLocks } = await import('../deploy/settle-locks.js')
  const { repairInterrupted } = await import('../deploy/repair-interrupted.js')
  await settleLocks(opened, io)
  return repairInterrupted(opened, io, world)
}

async function look(session: Session): Promise<Drift> {
  const { requireStack } = await import('../deploy/require-stack.js')
  const { findDrift } = await import('../drift/find-drift.js')
  const { translateAwsError } = await import('../deploy/identify.js')
  try {
    return await findDrift(session.plan, requireStack(session), session.target)
  } catch (error) {
    throw translateAwsError(error, session.target.account)
  }
}

async function agree(session: Session, options: DriftOptions, io: Io, world: DeployWorld): Promise<boolean> {
  const { confirm } = await import('../deploy/confirm.js')
  const question = `Bring account ${session.plan.account} back to what the file declares?`
  if (await confirm(question, options, io, world.ask)) return true
  io.stderr.write('Nothing was changed.\n')
  return false
}

/** `left`: what is left after repairing; undefined before, or without. */
async function tell(
  session: Session,
  drift: Drift,
  left: Drift | undefined,
  options: DriftOptions,
  io: Io,
): Promise<void> {
  const { describeStack, printStack } = await import('../deploy/preview-stack.js')
  const { describeDifference, printDrift } = await import('../drift/print-drift.js')
  const { colorsOf } = await import('../output/color.js')
  const { count } = await import('../output/diagnostics.js')
  const describe = ({ differences, makers }: Drift) =>
    differences.map((one) => describeDifference(one, makers))
  if (options.json) {
    const { makers } = drift
    const document = {
      ...describeStack(session),
      drift: describe(drift),
      ...(left === undefined ? {} : { left: describe(left) }),
      ...(makers.note === undefined ? {} : { notes: [makers.note] }),
    }
    io.stdout.write(`${JSON.stringify(document)}\n`)
    return
  }
  const colors = colorsOf(io.stdout)
  if (left === undefined) {
    io.stdout.write(
      `${printStack(session, colors)}\n\n${printDrift(drift.differences, drift.makers, colors)}`,
    )
    return
  }
  const repaired = count(drift.differences.length, 'difference')
  io.stdout.write(
    left.differences.length === 0
      ? `\n${colors.green('Repaired')}: ${repaired}, nothing is left\n`
      : `\nNot all of it could be repaired.\n${printDrift(left.differences, left.makers, colors)}`,
  )
}
