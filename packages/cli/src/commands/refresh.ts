import type { Command } from 'commander'
import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import type { Session } from '../deploy/session.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

/** Adds the arguments, options and action of `refresh`. */
export function register(command: Command, context: CommandContext): void {
  addProfileOptions(addStackOptions(command, 'print the drift as JSON')).action(
    async (file: string, options: Omit<DeployOptions, 'file'>) =>
      context.done(await runRefresh({ file, ...options }, context.io, realWorld)),
  )
}

/** Shows what was changed on AWS by other means, and notes it in the stack, so that `up` puts it back. */
export async function runRefresh(options: DeployOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { withSession } = await import('../deploy/session.js')
  const { settleLocks } = await import('../deploy/settle-locks.js')
  const { repairInterrupted } = await import('../deploy/repair-interrupted.js')
  const { requireStack } = await import('../deploy/require-stack.js')
  return withSession(options, io, world, async (opened) => {
    requireStack(opened)
    await settleLocks(opened, io)
    const session = await repairInterrupted(opened, io, world)
    const drift: ResourceChange[] = []
    await session.deployment.refresh({
      signal: io.signal,
      onEvent: (event) => {
        if (event.kind === 'done' && !event.resource.provider) drift.push(event.resource)
      },
    })
    await tell(
      session,
      drift.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      options,
      io,
    )
    return exitCode.ok
  })
}

async function tell(
  session: Session,
  drift: readonly ResourceChange[],
  options: DeployOptions,
  io: Io,
): Promise<void> {
  const { describeResource, describeStack, printStack } = await import('../deploy/preview-stack.js')
  if (options.json) {
    const document = { ...describeStack(session), drift: drift.map(describeResource) }
    io.stdout.write(`${JSON.stringify(document)}\n`)
    return
  }
  const { printResources } = await import('../deploy/print-resources.js')
  const { colorsOf } = await import('../output/color.js')
  const { count } = await import('../output/diagnostics.js')
  const colors = colorsOf(io.stdout)
  io.stdout.write(`${printStack(session, colors)}\n\n`)
  if (drift.length === 0) {
    io.stdout.write('No drift: AWS has what was deployed.\n')
    return
  }
  io.stdout.write(
    `${colors.bold('Drift')}: ${count(drift.length, 'resource')}, changed (~) or gone (-)\n` +
      `${printResources(drift, colors)}\nThe stack has noted it; \`ringfence up\` puts it back.\n`,
  )
}
