import type { Declaration } from '@ringfence/plan'
import { didYouMean } from '@ringfence/policy'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { memberActors, type Actor } from './actor.js'

/** Whose probes are sent. */
export interface ChosenActors {
  readonly only: (actor: Actor) => boolean
  /** The first actor of the chosen member; absent when everybody takes part. */
  readonly member?: Actor
}

/** Everybody, or one member in all of their roles; an unknown or shut-out member is the user's mistake. */
export function chooseActors(declaration: Declaration, as: string | undefined): ChosenActors {
  if (as === undefined) return { only: () => true }
  const names = declaration.members.map(({ name }) => name)
  if (!names.includes(as)) {
    const near = didYouMean(as, names)
    throw new CliError('MEMBER_UNKNOWN', `no member is called "${as}"`, {
      hint: near === undefined ? `--as takes one of: ${names.join(', ')}` : `did you mean --as ${near}?`,
      exitCode: exitCode.usage,
    })
  }
  const [member] = memberActors(declaration, as)
  if (member === undefined) {
    throw new CliError(
      'MEMBER_UNKNOWN',
      `"${as}" signs in by federation and is in no team, so has no way in`,
      {
        hint: 'put the member into a team',
        exitCode: exitCode.usage,
      },
    )
  }
  return { only: (actor) => actor.kind === 'member' && actor.name === as, member }
}
