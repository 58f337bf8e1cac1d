import {
  type DeclaredKeys,
  declaredKeys,
  type KeyAnswer,
  type KeyStep,
  keptAfter,
  nextStep,
} from '@ringfence/lifecycle'
import type { Kept } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { confirm, requireAnswer } from '../deploy/confirm.js'
import type { DeployOptions } from '../deploy/options.js'
import { describeStack, previewStack, printPreview, printStack } from '../deploy/preview-stack.js'
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
import { printable } from '../output/printable.js'
import { checkRoster } from '../roster/check-roster.js'
import { answerWords, instant } from './key-words.js'
import { keysOfStack } from './keys-of-stack.js'

export interface RotateOptions extends DeployOptions {
  readonly members: readonly string[]
  readonly due: boolean
  readonly force: boolean
  readonly yes: boolean
}

/** What one member's rotation does now. */
interface Rotation {
  readonly of: DeclaredKeys
  readonly answer: KeyAnswer
}

/** Does the next step of each rotation that is due, all of them by one update of the stack. */
export async function runKeysRotate(options: RotateOptions, io: Io, world: DeployWorld): Promise<ExitCode> {
  requireAnswer(options, io)
  return withSession({ ...options, isChecked: true }, io, world, async (opened) => {
    requireStack(opened)
    await settleLocks(opened, io)
    const session = await repairInterrupted(opened, io, world)
    const rotations = await decide(session, options, io, world)
    const steps = rotations.filter(isStep)
    const blocked = rotations.some(({ answer }) => answer.kind === 'inUse' || answer.kind === 'noRoom')
    const code = blocked ? exitCode.failed : exitCode.ok
    if (steps.length === 0) {
      if (!options.json) io.stdout.write(`${printStack(session, colorsOf(io.stdout))}\n\n`)
      tell(session, rotations, 'nothing to do', options, io)
      return code
    }
    const next = replan(session, keptOfAll(session.kept, steps, instant(io.nowMs())))
    checkRoster(next)
    await lookAgain(next, steps, io)
    const preview = await previewStack(next, io, world)
    if (!options.json) io.stdout.write(`${printPreview(next, preview, io)}\n`)
    if (!(await confirm(`Make these changes in account ${next.plan.account}?`, options, io, world.ask))) {
      io.stderr.write('Nothing was changed.\n')
      return exitCode.cancelled
    }
    await updateStack(next, preview.resources.length, io)
    tell(next, rotations, 'succeeded', options, io)
    return code
  })
}

async function decide(
  session: Session,
  { members, due, force }: RotateOptions,
  io: Io,
  world: DeployWorld,
): Promise<readonly Rotation[]> {
  const users = declaredKeys(keysOfStack(session), []).map(({ member }) => member)
  const unknown = members.find((member) => !users.includes(member))
  if (unknown !== undefined)
    throw new CliError('MEMBER_UNKNOWN', `the file gives no key to ${printable(unknown)}`, {
      hint: users.length === 0 ? 'declare `keys` of a member first' : `keys have: ${users.join(', ')}`,
      exitCode: exitCode.usage,
    })
  const asked = members.length === 0 ? users : users.filter((user) => members.includes(user))
  const onAws = await world.readAccountKeys(session.target.account, asked)
  return declaredKeys(keysOfStack(session), onAws)
    .filter(({ member }) => asked.includes(member))
    .map((of) => {
      const { keys, leftover, rules, undeclared } = of
      const begin = members.length > 0 ? 'always' : due ? 'ifDue' : 'never'
      const nowMs = io.nowMs()
      return {
        of,
        answer: nextStep({ keys, leftover, undeclared: undeclared.length, rules, nowMs, begin, force }),
      }
    })
}

function isStep(rotation: Rotation): rotation is Rotation & { readonly answer: KeyStep } {
  return rotation.answer.kind === 'step'
}

function keptOfAll(
  kept: Kept,
  steps: readonly { readonly of: DeclaredKeys; readonly answer: KeyStep }[],
  at: string,
): Kept {
  const changed = steps.map(({ of, answer }) => [of.member, keptAfter(of.keys, answer, at)] as const)
  return { ...kept, accessKeys: { ...kept.accessKeys, ...Object.fromEntries(changed) } }
}

/** What AWS and the state say differently is compared once more, so that the update brings it about. */
async function lookAgain(session: Session, steps: readonly Rotation[], io: Io): Promise<void> {
  const urns = steps
    .filter(({ answer }) => answer.kind === 'step' && answer.change === 'settle')
    .flatMap(({ of }) => of.urns)
  if (urns.length > 0) await session.deployment.refresh({ signal: io.signal }, urns)
}

function tell(
  session: Session,
  rotations: readonly Rotation[],
  result: 'succeeded' | 'nothing to do',
  { file, json, stack }: RotateOptions,
  io: Io,
): void {
  if (json) {
    const described = rotations.map(({ of, answer }) => ({ member: of.member, ...describeAnswer(answer) }))
    io.stdout.write(`${JSON.stringify({ ...describeStack(session), rotations: described, result })}\n`)
    return
  }
  const lines = rotations.map(({ of, answer }) => `${printable(of.member)}: ${answerWords(answer)}\n`)
  const made = rotations.filter(({ answer }) => answer.kind === 'step' && answer.change === 'create')
  const shows = made.map(
    ({ of }) =>
      `\`ringfence keys show ${printable(file)} ${printable(of.member)} --stack ${stack}\` hands it out; both work for now.\n`,
  )
  io.stdout.write(
    [...(rotations.length === 0 ? ['Nobody has a key by the file.\n'] : lines), ...shows].join(''),
  )
}

function describeAnswer(answer: KeyAnswer) {
  switch (answer.kind) {
    case 'step':
      return { step: answer.change, generation: answer.generation }
    case 'wait':
      return { waits: answer.next, generation: answer.generation, until: instant(answer.untilMs) }
    case 'inUse': {
      const { atMs, service, region } = answer.use
      return {
        blocked: 'inUse',
        generation: answer.generation,
        lastUse: { at: instant(atMs), service, region },
      }
    }
    case 'noRoom':
      return { blocked: 'noRoom', undeclared: answer.undeclared }
    case 'noWorkingKey':
      return { noWorkingKey: true }
    case 'nothing':
      return { due: answer.isDue }
  }
}
