import type { StackState } from '@ringfence/pulumi/deploy'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import type { Session } from './session.js'

/** The state of a stack that has to be there. */
export function requireStack({ state, settings }: Pick<Session, 'state' | 'settings'>): StackState {
  if (state !== undefined) return state
  throw new CliError('STACK_NOT_FOUND', `there is no stack ${settings.stack} of ${settings.project}`, {
    hint: '`ringfence up` makes it; `pulumi stack ls --all` lists those that are there',
    exitCode: exitCode.noSuchStack,
  })
}
