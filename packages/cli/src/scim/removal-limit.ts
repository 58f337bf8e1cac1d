import type { AccessSummary } from '@ringfence/plan'
import { checkRemovals, type RemovalLimit } from '@ringfence/lifecycle'
import { CliError } from '../cli-error.js'
import { count } from '../output/diagnostics.js'

/**
 * Refuses a change that takes out more than a directory that works as it should does, unless so many were allowed.
 * Gives whether that was needed.
 */
export function requireFewRemovals(
  before: AccessSummary | undefined,
  after: AccessSummary,
  { allowed, share }: RemovalLimit,
): boolean {
  if (before === undefined) return false
  const { members, teams, refused, needed } = checkRemovals(before, after, { allowed, share })
  if (refused === 'no') return checkRemovals(before, after, { share }).refused !== 'no'
  const shown = [...members.slice(0, 5), ...(members.length > 5 ? ['…'] : [])].join(', ')
  const total = count(Object.keys(before.members).length, 'member')
  throw new CliError(
    'ROSTER_REMOVES_TOO_MANY',
    `this would take out ${members.length} of ${total}${shown === '' ? '' : ` (${shown})`} and all members of ${count(teams.length, 'team')}`,
    {
      hint:
        refused === 'everybody'
          ? 'nothing is done until the provider has told who is here; `ringfence destroy` takes everything down'
          : `look at it with \`ringfence preview\`; if it is meant, start the server with --allow-removals ${needed}, or run \`ringfence up --allow-removals ${needed}\``,
    },
  )
}
