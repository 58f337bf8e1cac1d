import type { Command } from 'commander'
import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import type { Session } from '../deploy/session.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface DestroyOptions extends DeployOptions {
  readonly yes: boolean
}

/** Adds the arguments, options and action of `destroy`. */
export function register(command: Command, context: CommandContext): void {
  addProfileOptions(addStackOptions(command, 'print what was destroyed as JSON'))
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(async (file: string, options: Omit<DestroyOptions, 'file'>) =>
      context.done(await runDestroy({ file, ...options }, context.io, realWorld)),
    )
}

/** Takes everything of a stack down again, and then the empty stack. */
export async function runDestroy(options: DestroyOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { confirm, requireAnswer } = await import('../deploy/confirm.js')
  requireAnswer(options, io)
  const { withSession } = await import('../deploy/session.js')
  const { settleLocks } = await import('../deploy/settle-locks.js')
  const { repairInterrupted } = await import('../deploy/repair-interrupted.js')
  const { requireStack } = await import('../deploy/require-stack.js')
  const { describeDestruction, printDestruction, refuseFilledStores } =
    await import('../deploy/destruction.js')
  return withSession(options, io, world, async (opened) => {
    requireStack(opened)
    await settleLocks(opened, io)
    const session = await repairInterrupted(opened, io, world)
    const state = requireStack(session)
    const stored = await world.findStoredObjects(session.plan, session.target.account)
    refuseFilledStores(stored)
    if (!options.json) io.stdout.write(await printDestruction(session, state, stored, io))
    const question = `Destroy all of this in account ${session.plan.account}?`
    if (!(await confirm(question, options, io, world.ask))) {
      io.stderr.write('Nothing was destroyed.\n')
      return exitCode.cancelled
    }
    const done = await takeDown(session, io)
    await session.deployment.remove()
    io.stdout.write(
      options.json
        ? describeDestruction(session, done)
        : `\nDone: ${done.length} deleted, the stack removed\n`,
    )
    return exitCode.ok
  })
}

/** Buckets that must be empty go first: AWS refuses one that is not, and then everything else still stands. */
async function takeDown(session: Session, io: Io): Promise<readonly ResourceChange[]> {
  const { createDeployProgress } = await import('../deploy/progress-lines.js')
  const { keptBuckets } = await import('../deploy/destruction.js')
  const progress = createDeployProgress(io.stderr, io.nowMs, undefined)
  const done: ResourceChange[] = []
  const watch = {
    signal: io.signal,
    onEvent: (event: Parameters<typeof progress.onEvent>[0]) => {
      if (event.kind === 'done' && !event.resource.provider) done.push(event.resource)
      progress.onEvent(event)
    },
  }
  try {
    const first = keptBuckets(session)
    if (first.length > 0) await session.deployment.destroy(watch, first)
    await session.deployment.destroy(watch)
  } finally {
    progress.end()
  }
  return done
}
