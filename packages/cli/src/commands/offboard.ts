import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import type { Session } from '../deploy/session.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import type { FileEdit } from '../offboard/file-edit.js'
import type { Offboarding } from '../offboard/leaver.js'

export interface OffboardOptions extends DeployOptions {
  readonly member: string
  readonly dryRun: boolean
  readonly yes: boolean
}

/** Adds the arguments, options and action of `offboard`. */
export function register(command: Command, context: CommandContext): void {
  command.argument('<member>', 'who leaves: a member as the file names them')
  addProfileOptions(addStackOptions(command, 'print what was done, and what goes on, as JSON'))
    .option('--dry-run', 'show what would be done, and do nothing', false)
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(async (member: string, file: string, options: Omit<OffboardOptions, 'file' | 'member'>) =>
      context.done(await runOffboard({ member, file, ...options }, context.io, realWorld)),
    )
}

/**
 * Ends a member's access: by IAM's calls first, which hold within seconds, then in the file and the stack. Called again
 * after it was killed, it goes on with what is left.
 */
export async function runOffboard(options: OffboardOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  if (!options.dryRun) {
    const { requireAnswer } = await import('../deploy/confirm.js')
    requireAnswer(options, io)
  }
  const { withSession } = await import('../deploy/session.js')
  const { requireStack } = await import('../deploy/require-stack.js')
  const { connect } = await import('../drift/aws-clients.js')
  return withSession(options, io, world, async (opened) => {
    requireStack(opened)
    const session = options.dryRun ? opened : await settle(opened, io, world)
    const clients = connect(session.target.account)
    try {
      return await offboard(options, session, clients.iam, io, world)
    } catch (error) {
      const { translateAwsError } = await import('../deploy/identify.js')
      throw translateAwsError(error, session.target.account)
    } finally {
      clients.close()
    }
  })
}

async function settle(opened: Session, io: Io, world: DeployWorld): Promise<Session> {
  const { settleLocks } = await import('../deploy/settle-locks.js')
  const { repairInterrupted } = await import('../deploy/repair-interrupted.js')
  await settleLocks(opened, io)
  return repairInterrupted(opened, io, world)
}

type Iam = ReturnType<typeof import('../drift/aws-clients.js').connect>['iam']

async function offboard(
  options: OffboardOptions,
  opened: Session,
  iam: Iam,
  io: Io,
  world: DeployWorld,
): Promise<ExitCode> {
  const { findLeaver } = await import('../offboard/leaver.js')
  const { planFileEdit, writeFileEdit } = await import('../offboard/file-edit.js')
  const { printOffboarding } = await import('../offboard/print-offboarding.js')
  const { runSteps } = await import('../offboard/run-steps.js')
  const leaver = await findLeaver(options.member, opened, iam, io.nowMs())
  const declared = opened.declaration.members.find(({ name }) => name === options.member)
  const edit = await planFileEdit(options.file, options.member, declared, io)
  if (!options.json) io.stdout.write(printOffboarding(leaver, edit, io))
  if (options.dryRun) {
    await tell(leaver, edit, 'dryRun', options, io)
    return exitCode.ok
  }
  const { confirm } = await import('../deploy/confirm.js')
  if (!(await confirm(`End all access of ${options.member} now?`, options, io, world.ask))) {
    io.stderr.write('Nothing was changed.\n')
    return exitCode.cancelled
  }
  const { describeStep } = await import('@ringfence/lifecycle')
  const { printable } = await import('../output/printable.js')
  const done = (step: Parameters<typeof describeStep>[0]) =>
    io.stderr.write(`done: ${printable(describeStep(step))}\n`)
  if (!(await runSteps(iam, leaver.steps, done, io.signal))) return exitCode.cancelled
  const { lockPermissionSets } = await import('../offboard/permission-set-lock.js')
  await lockPermissionSets(leaver, io)
  await writeFileEdit(options.file, edit, io)
  await bringUp(leaver, iam, io)
  await tell(leaver, edit, 'succeeded', options, io)
  return exitCode.ok
}

/**
 * The stack without the member. Pulumi looks at the account first: what is gone already is not missed. The lock on
 * sessions goes once the plan's own revocation stands; that of a permission set has gone with the update.
 */
async function bringUp(leaver: Offboarding, iam: Iam, io: Io): Promise<void> {
  const { session, held, roles } = leaver
  const { updateStack } = await import('../deploy/update-stack.js')
  const { checkRoster } = await import('../roster/check-roster.js')
  const { sessionUnlock } = await import('@ringfence/lifecycle')
  const { runSteps } = await import('../offboard/run-steps.js')
  const urns = (session.state?.deployment.resources ?? []).flatMap(({ urn, type }) =>
    held !== undefined && type.startsWith('aws:iam/') && isOf(urn, held.name) ? [urn] : [],
  )
  // Whoever leaves has nothing any more by now, whatever else the roster says.
  checkRoster(session)
  if (urns.length > 0) await session.deployment.refresh({ signal: io.signal }, urns)
  await updateStack(session, urns.length + roles.length, io)
  const ofIam = roles.filter(({ permissionSet }) => permissionSet === undefined)
  await runSteps(
    iam,
    ofIam.map(({ role }) => sessionUnlock(role)),
    () => {},
  )
}

/** A resource of the member itself, by the plan's id in its URN. */
function isOf(urn: string, name: string): boolean {
  return urn.slice(urn.lastIndexOf('::')).includes(`/member/${name}/`)
}

async function tell(
  leaver: Offboarding,
  edit: FileEdit,
  result: 'succeeded' | 'dryRun',
  options: OffboardOptions,
  io: Io,
): Promise<void> {
  const { describeOffboarding, printResidual } = await import('../offboard/print-offboarding.js')
  const { residualOf } = await import('@ringfence/lifecycle')
  const { colorsOf } = await import('../output/color.js')
  const nowMs = io.nowMs()
  if (options.json) {
    io.stdout.write(`${JSON.stringify({ ...describeOffboarding(leaver, edit, nowMs), result })}\n`)
    return
  }
  const colors = colorsOf(io.stdout)
  io.stdout.write(printResidual(residualOf(leaver, nowMs), colors))
  io.stdout.write(
    result === 'dryRun'
      ? '\nNothing was changed: a dry run.\n'
      : `\n${colors.green('Done')}: ${options.member} has left\n`,
  )
}
