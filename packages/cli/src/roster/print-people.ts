import type { Mover, PeopleChange } from '@ringfence/lifecycle'
import type { RosterPerson } from '@ringfence/plan'
import type { Colors } from '../output/color.js'
import { count } from '../output/diagnostics.js'
import { printable } from '../output/printable.js'

/** Of each kind so many are printed; `--json` has all. */
const most = 20

/** Joiners, movers and leavers with their teams, and what a move means on AWS. */
export function printPeople({ joiners, leavers, movers }: PeopleChange, colors: Colors): string {
  const counts = [
    ...(joiners.length > 0 ? [count(joiners.length, 'joiner')] : []),
    ...(movers.length > 0 ? [count(movers.length, 'mover')] : []),
    ...(leavers.length > 0 ? [count(leavers.length, 'leaver')] : []),
  ]
  if (counts.length === 0) return `${colors.bold('Roster')}: nobody joins, moves or leaves\n`
  const lines = [
    ...cut(joiners, (person) => [`  ${colors.green('+')} ${printPerson(person, colors)}`]),
    ...cut(movers, (mover) => printMover(mover, colors)),
    ...cut(leavers, (person) => [`  ${colors.red('-')} ${printPerson(person, colors)}`]),
  ]
  return `${colors.bold('Roster')}: ${counts.join(', ')}\n${lines.join('\n')}\n`
}

function cut<One>(list: readonly One[], print: (one: One) => readonly string[]): readonly string[] {
  const lines = list.slice(0, most).flatMap(print)
  const rest = list.length - most
  return rest > 0 ? [...lines, `    and ${rest} more; --json shows everybody`] : lines
}

function printPerson({ name, teams }: RosterPerson, colors: Colors): string {
  return `${colors.bold(printable(name))}${teams.length === 0 ? '' : `  ${printable(teams.join(', '))}`}`
}

function printMover({ after, before, joins, leaves }: Mover, colors: Colors): readonly string[] {
  const moved = [
    ...(joins.length > 0 ? [`joins ${joins.join(', ')}`] : []),
    ...(leaves.length > 0 ? [`leaves ${leaves.join(', ')}`] : []),
    ...(after.email === before.email ? [] : [`e-mail ${before.email ?? 'none'} → ${after.email ?? 'none'}`]),
    ...(['kind', 'signIn', 'until'] as const).flatMap((column) =>
      after[column] === before[column]
        ? []
        : [`${column} ${before[column] ?? 'not said'} → ${after[column] ?? 'not said'}`],
    ),
  ]
  const isRenamed = after.name !== before.name
  const names = isRenamed ? `${printable(before.name)} → ${printable(after.name)}` : printable(after.name)
  const said = moved.length === 0 ? '' : `  ${printable(moved.join('; '))}`
  return [
    `  ${colors.yellow('~')} ${colors.bold(names)}${said}`,
    ...(isRenamed ? [`      ${printable(renamed(before, after))}`] : []),
  ]
}

/** What a new name means on AWS. */
function renamed(before: RosterPerson, after: RosterPerson): string {
  if (after.signIn === 'federation' && before.signIn === 'federation')
    return 'the same person: roles know federated members by their e-mail'
  return `the same person: the IAM user ${before.name} is deleted and ${after.name} made, with a new password, MFA device and keys`
}
