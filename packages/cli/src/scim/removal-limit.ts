import type { AccessSummary } from '@ringfence/plan'
import { CliError } from '../cli-error.js'
import { count } from '../output/diagnostics.js'

/** So many may leave at once in any case, and this share of those who are there. */
const fewestRemovals = 3
const largestShare = 0.1

/** Whom a change of what is deployed takes out: members, and teams that had members and have none. */
export interface Removals {
  readonly members: readonly string[]
  readonly teams: readonly string[]
  /** Whether it is more than a directory that works as it should brings about. */
  readonly areTooMany: boolean
}

export function findRemovals(before: AccessSummary, after: AccessSummary): Removals {
  const membersBefore = Object.keys(before.members)
  const members = membersBefore.filter((name) => after.members[name] === undefined)
  const teamsBefore = Object.keys(before.teams).filter((name) => before.teams[name]?.length !== 0)
  const teams = teamsBefore.filter((name) => (after.teams[name] ?? []).length === 0)
  const isEmptied = members.length > 0 && members.length === membersBefore.length
  const areTooMany =
    isEmptied || members.length > limitOf(membersBefore.length) || teams.length > limitOf(teamsBefore.length)
  return { members, teams, areTooMany }
}

function limitOf(amount: number): number {
  return Math.max(fewestRemovals, Math.floor(amount * largestShare))
}

/** Refuses a change that takes too many out, unless so many were allowed. Gives whether that was needed. */
export function requireFewRemovals(
  before: AccessSummary | undefined,
  after: AccessSummary,
  allowed: number,
): boolean {
  if (before === undefined) return false
  const { members, teams, areTooMany } = findRemovals(before, after)
  if (!areTooMany) return false
  if (members.length + teams.length <= allowed) return true
  const shown = [...members.slice(0, 5), ...(members.length > 5 ? ['…'] : [])].join(', ')
  const total = count(Object.keys(before.members).length, 'member')
  throw new CliError(
    'ROSTER_REMOVES_TOO_MANY',
    `this would take out ${members.length} of ${total}${shown === '' ? '' : ` (${shown})`} and all members of ${count(teams.length, 'team')}`,
    {
      hint: `look at it with \`ringfence preview\`; if it is meant, start the server with --allow-removals ${members.length + teams.length}, or run \`ringfence up\``,
    },
  )
}
