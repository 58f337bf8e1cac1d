import type { Command } from 'commander'
import type { AccessSummary, Declaration } from '@ringfence/plan'
import type { ResourceChange } from '@ringfence/pulumi/deploy'
import type { CommandContext } from '../command.js'
import { addProfileOptions, addStackOptions } from '../deploy/options.js'
import type { StackPreview } from '../deploy/preview-stack.js'
import type { Session, SessionOptions } from '../deploy/session.js'
import { type DeployWorld, realWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { addRemovalsOption } from '../roster/removals-option.js'

export interface UpOptions extends SessionOptions {
  readonly yes: boolean
  readonly expectNoChanges: boolean
  /** Looks at the change of access before anything else happens, and throws to stop it. */
  readonly approve?: (
    before: AccessSummary | undefined,
    after: AccessSummary,
    declaration: Declaration,
  ) => void
  /** Of members and teams, where they come from a roster. */
  readonly allowRemovals?: number
}

/** Adds the arguments, options and action of `up`. */
export function register(command: Command, context: CommandContext): void {
  addRemovalsOption(addProfileOptions(addStackOptions(command, 'print what was changed as JSON')))
    .option(
      '--secrets-provider <url>',
      'what encrypts the secrets of a new stack: passphrase, awskms://ALIAS?region=…, …; the stack remembers it',
    )
    .option('--expect-no-changes', 'change nothing, and exit with 7, if anything would change', false)
    .option('--yes', 'do not ask; needed where there is no terminal', false)
    .action(async (file: string, options: Omit<UpOptions, 'file'>) =>
      context.done(await runUp({ file, ...options }, context.io, realWorld)),
    )
}

/** Brings AWS to what the file declares: shows what changes, asks, and does it. */
export async function runUp(options: UpOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  const { requireAnswer } = await import('../deploy/confirm.js')
  requireAnswer(options, io)
  const { withSession } = await import('../deploy/session.js')
  const { settleLocks } = await import('../deploy/settle-locks.js')
  const { repairInterrupted } = await import('../deploy/repair-interrupted.js')
  const { changesAnything, previewStack, printPreview } = await import('../deploy/preview-stack.js')
  const { revokeLeavers } = await import('../deploy/revoke-leavers.js')
  const { updateStack } = await import('../deploy/update-stack.js')
  const { checkRoster } = await import('../roster/check-roster.js')
  return withSession({ ...options, isChecked: true }, io, world, async (opened) => {
    await settleLocks(opened, io)
    const session = revokeLeavers(await repairInterrupted(opened, io, world), io.nowMs())
    const preview = await previewStack(session, io, world)
    if (!options.json) io.stdout.write(printPreview(session, preview, io))
    options.approve?.(preview.accessBefore, session.plan.access, session.declaration)
    const changes = changesAnything(preview)
    if (options.expectNoChanges && changes) {
      await tell(session, preview, [], 'refused', options, io)
      return exitCode.unexpectedChanges
    }
    // Whoever looks at the change themselves has a limit of their own.
    if (options.approve === undefined) checkRoster(session, options.allowRemovals ?? 0)
    if (changes && !(await agree(session, options, io, world))) return exitCode.cancelled
    const done = await updateStack(session, preview.resources.length, io)
    await tell(session, preview, done, 'succeeded', options, io)
    return exitCode.ok
  })
}

async function agree(session: Session, options: UpOptions, io: Io, world: DeployWorld): Promise<boolean> {
  const { confirm } = await import('../deploy/confirm.js')
  const { account } = session.plan
  if (await confirm(`Make these changes in account ${account}?`, options, io, world.ask)) return true
  io.stderr.write('Nothing was changed.\n')
  return false
}

async function tell(
  session: Session,
  preview: StackPreview,
  done: readonly ResourceChange[],
  result: 'succeeded' | 'refused',
  options: UpOptions,
  io: Io,
): Promise<void> {
  const { describePreview, describeResource, describeStack } = await import('../deploy/preview-stack.js')
  const { countChanges, printCounts } = await import('../deploy/print-resources.js')
  const { colorsOf } = await import('../output/color.js')
  if (options.json) {
    const changed = {
      resources: done.map(describeResource).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      summary: countChanges(done),
    }
    const shown = result === 'refused' ? {} : changed
    io.stdout.write(
      `${JSON.stringify({ ...describeStack(session), ...describePreview(preview), ...shown, result })}\n`,
    )
    return
  }
  const colors = colorsOf(io.stdout)
  const past = { create: 'created', update: 'updated', replace: 'replaced', delete: 'deleted' } as const
  io.stdout.write(
    result === 'refused'
      ? '\nNothing was changed: no changes were expected.\n'
      : `\n${colors.green('Done')}: ${printCounts(countChanges(done), (kind) => past[kind])}\n`,
  )
}
