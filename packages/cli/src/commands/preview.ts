import type { Command } from 'commander'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions, type DeployOptions } from '../deploy/options.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'

export interface PreviewOptions extends DeployOptions {
  readonly expectNoChanges: boolean
}

/** Adds the arguments, options and action of `preview`. */
export function register(command: Command, context: CommandContext): void {
  addProfileOptions(addStackOptions(command, 'print changes of access and of resources as JSON'))
    .option('--expect-no-changes', 'exit with 7 if anything would change', false)
    .action(async (file: string, options: Omit<PreviewOptions, 'file'>) =>
      context.done(await runPreview({ file, ...options }, context.io, realWorld)),
    )
}

/** Shows who would gain and lose what, and which resources would change. Changes nothing. */
export async function runPreview(options: PreviewOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { withSession } = await import('../deploy/session.js')
  const { changesAnything, describePreview, describeStack, previewStack, printPreview } =
    await import('../deploy/preview-stack.js')
  const { pendingOf } = await import('@ringfence/pulumi/deploy')
  const { revokeLeavers } = await import('../deploy/revoke-leavers.js')
  return withSession(options, io, world, async (opened) => {
    const session = revokeLeavers(opened, io.nowMs())
    if (session.state !== undefined && pendingOf(session.state).length > 0) {
      io.stderr.write('note: an earlier update was interrupted; `ringfence up` compares with AWS first\n')
    }
    const preview = await previewStack(session, io, world)
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ ...describeStack(session), ...describePreview(preview) })}\n`
        : printPreview(session, preview, io),
    )
    return options.expectNoChanges && changesAnything(preview) ? exitCode.unexpectedChanges : exitCode.ok
  })
}
