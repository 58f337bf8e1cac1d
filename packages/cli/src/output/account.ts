import type { Account } from '@ringfence/check'
import type { Colors } from './color.js'
import { count } from './diagnostics.js'
import { printable } from './printable.js'

/** An account in short: how many of what it has, and everything that its files left open. */
export function printAccount(account: Account, colors: Colors): string {
  const { groups, managedPolicies, resources, roles, unknowns, users } = account
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind).length
  const region = account.region === undefined ? '' : `, ${account.region}`
  const amounts = [
    count(users.length, 'user'),
    count(groups.length, 'group'),
    count(roles.length, 'role'),
    countPolicies(managedPolicies.length),
    count(ofKind('bucket'), 'bucket'),
    count(ofKind('key'), 'key'),
    count(ofKind('other'), 'other resource'),
  ]
  const lines = [`${colors.bold(`account ${account.account}`)}${region}`, `  ${amounts.join(', ')}`]
  if (unknowns.length > 0) lines.push('', `not known (${unknowns.length}):`)
  for (const { about, reason, source } of unknowns) {
    const place = source === undefined ? '' : ` (${source})`
    lines.push(`  ${colors.yellow(printable(about))}: ${printable(`${reason}${place}`)}`)
  }
  return `${lines.join('\n')}\n`
}

function countPolicies(amount: number): string {
  return `${amount} managed ${amount === 1 ? 'policy' : 'policies'}`
}
