import type { Removals } from '@ringfence/lifecycle'
import { CliError } from '../cli-error.js'
import { exitCode } from '../exit-code.js'
import { count } from '../output/diagnostics.js'

/** Refuses a roster that removes more than one change may. `command`: which one can be told to allow it, if another. */
export function refuseRemovals(removals: Removals, command = ''): void {
  const { members, most, needed, refused, teams } = removals
  if (refused === 'no') return
  if (refused === 'everybody')
    throw new CliError('REMOVALS_REFUSED', 'the roster would remove everybody', {
      hint: 'fetch it again; `ringfence destroy` takes everything down',
      exitCode: exitCode.unexpectedChanges,
    })
  const what = [
    ...(members.length > most.members ? [`${count(members.length, 'member')} (${list(members)})`] : []),
    ...(teams.length > most.teams ? [`all members of ${count(teams.length, 'team')} (${list(teams)})`] : []),
  ]
  const limit = members.length > most.members ? most.members : most.teams
  throw new CliError(
    'REMOVALS_REFUSED',
    `the roster would remove ${what.join(' and ')}; one change may remove ${limit}`,
    {
      hint: `fetch the roster again if that is not so; if it is, give \`${command}--allow-removals ${needed}\``,
      exitCode: exitCode.unexpectedChanges,
    },
  )
}

function list(names: readonly string[]): string {
  const named = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${named} and ${names.length - 5} more` : named
}
