import { type AccountKey, declaredKeys, keptAfterRevocation } from '@ringfence/lifecycle'
import { CliError } from '../cli-error.js'
import { confirm, requireAnswer } from '../deploy/confirm.js'
import type { DeployOptions } from '../deploy/options.js'
import { describeStack, previewStack, printPreview } from '../deploy/preview-stack.js'
import { repairInterrupted } from '../deploy/repair-interrupted.js'
import { replan } from '../deploy/replan.js'
import { requireStack } from '../deploy/require-stack.js'
import { type Session, withSession } from '../deploy/session.js'
import { settleLocks } from '../deploy/settle-locks.js'
import { updateStack } from '../deploy/update-stack.js'
import type { DeployWorld } from '../deploy/world.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { colorsOf } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'
import { checkRoster } from '../roster/check-roster.js'
import { instant, useWords } from './key-words.js'
import { keysOfStack } from './keys-of-stack.js'

export interface RevokeOptions extends DeployOptions {
  readonly member: string
  readonly key?: string
  readonly yes: boolean
}

/**
 * Deactivates keys of a member by IAM first, whatever else goes wrong, and then notes it in the stack, so that no
 * later update makes them work again.
 */
export async function runKeysRevoke(options: RevokeOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  requireAnswer(options, io, 'ringfence keys list')
  return withSession(options, io, world, async (opened) => {
    requireStack(opened)
    const keys = await findKeys(opened, options, world)
    if (!(await agree(opened, keys, options, io, world))) return exitCode.cancelled
    const colors = colorsOf(io.stderr)
    for (const { user, id } of keys) {
      await world.deactivateAccountKey(opened.target.account, user, id)
      io.stderr.write(`${colors.green('deactivated')} ${id} of ${printable(user)}\n`)
    }
    await settleLocks(opened, io)
    const session = await repairInterrupted(opened, io, world)
    await note(session, keys, options, io, world)
    if (options.json) {
      const revoked = keys.map(({ id }) => id)
      io.stdout.write(`${JSON.stringify({ ...describeStack(session), member: options.member, revoked })}\n`)
    }
    return exitCode.ok
  })
}

async function findKeys(
  { plan, target }: Session,
  { member, key }: RevokeOptions,
  world: DeployWorld,
): Promise<readonly AccountKey[]> {
  if (!plan.resources.some((one) => one.type === 'iam.User' && one.name === member))
    throw new CliError('MEMBER_UNKNOWN', `the file makes no IAM user for ${printable(member)}`, {
      hint: 'a member that the file no longer has loses keys and user by `ringfence up`',
      exitCode: exitCode.usage,
    })
  const onAws = await world.readAccountKeys(target.account, [member])
  const wanted = key === undefined ? onAws : onAws.filter(({ id }) => id === key)
  if (wanted.length > 0) return wanted
  throw new CliError(
    'KEY_UNKNOWN',
    key === undefined
      ? `${printable(member)} has no access key`
      : `${printable(member)} has no access key ${printable(key)}`,
    { hint: '`ringfence keys list` shows the keys that there are', exitCode: exitCode.usage },
  )
}

async function agree(
  { plan }: Session,
  keys: readonly AccountKey[],
  options: RevokeOptions,
  io: Io,
  world: DeployWorld,
): Promise<boolean> {
  const lines = keys.map(({ id, status, lastUse }) => `  ${id}  ${status}, ${useWords(lastUse)}\n`)
  if (!options.json)
    io.stdout.write(`${count(keys.length, 'key')} of ${printable(options.member)}:\n${lines.join('')}`)
  const question = `Deactivate ${keys.length === 1 ? 'it' : 'them'} now, in account ${plan.account}?`
  if (await confirm(question, options, io, world.ask)) return true
  io.stderr.write('Nothing was changed.\n')
  return false
}

/** Keys that are none of the stack's need no note: nothing activates them. */
async function note(
  session: Session,
  revoked: readonly AccountKey[],
  options: RevokeOptions,
  io: Io,
  world: DeployWorld,
): Promise<void> {
  const declared = declaredKeys(keysOfStack(session), revoked).find(({ member }) => member === options.member)
  if (declared === undefined) return
  const generations = declared.keys.filter(({ onAws }) => onAws !== undefined).map((key) => key.generation)
  const { kept } = session
  const accessKeys = {
    ...kept.accessKeys,
    [options.member]: keptAfterRevocation(declared.keys, generations, instant(io.nowMs())),
  }
  const next = replan(session, { ...kept, accessKeys })
  checkRoster(next)
  const preview = await previewStack(next, io, world)
  if (!options.json) io.stdout.write(`\n${printPreview(next, preview, io)}`)
  const isForeign = preview.resources.some(({ id }) => !id.startsWith(`member/${options.member}/access-key`))
  // The update also does what else the file and the stack do not agree on: nobody has said yes to that.
  if (isForeign && !(await confirm('Make all of these changes?', options, io, world.ask))) {
    io.stderr.write('The keys are inactive, and the stack does not know it yet: run this again.\n')
    return
  }
  await updateStack(next, preview.resources.length, io)
}
