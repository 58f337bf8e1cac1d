import type { Account, NamedPolicy } from '../account/account.js'
import { field } from './fields.js'
import type { Inventory } from './inventory.js'

type Levels = readonly (readonly NamedPolicy[])[]

/** What the organization sets, level by level: each folder that has policies is one, in the order of their names. */
export function settleOrganization(
  inventory: Inventory,
): Pick<Account, 'serviceControlPolicies' | 'resourceControlPolicies' | 'managementAccount'> {
  const { serviceControl, resourceControl, scope } = inventory
  const about = `account ${scope.account}`
  const [managementAccount, another] = inventory.managementAccounts
  if (another !== undefined) {
    const reason = `files name two management accounts, ${managementAccount} and ${another}`
    inventory.unknown(about, 'serviceControlPolicies', reason)
  }
  if (serviceControl.size === 0) {
    const reason = 'no file tells whether it is in an organization, nor which service control policies hold'
    inventory.unknown(about, 'serviceControlPolicies', reason)
  }
  if (resourceControl.size === 0) {
    const reason = 'no file tells which resource control policies hold'
    inventory.unknown(about, 'resourceControlPolicies', reason)
  }
  return {
    ...(serviceControl.size === 0 ? {} : { serviceControlPolicies: serviceLevels(inventory) }),
    ...(resourceControl.size === 0 ? {} : { resourceControlPolicies: levelsOf(resourceControl) }),
    ...(managementAccount === undefined || another !== undefined ? {} : { managementAccount }),
  }
}

function levelsOf(levels: ReadonlyMap<string, ReadonlyMap<string, NamedPolicy>>): Levels {
  return [...levels.keys()].toSorted().map((level) => Array.from(levels.get(level)!.values()))
}

/**
 * Each level allows something, or nobody of the account could do anything: where none of its policies does, the
 * policy that does, FullAWSAccess mostly, is not among the files. [Organizations guide, "SCP evaluation"]
 */
function serviceLevels(inventory: Inventory): Levels {
  const names = [...inventory.serviceControl.keys()].toSorted()
  return levelsOf(inventory.serviceControl).map((level, index) => {
    if (level.some(({ document }) => document === undefined || allowsSomething(document))) return level
    const name = `service control policy of ${names[index] || 'the account'} that allows something`
    inventory.unknown(
      name,
      'document',
      'it is not among the files; FullAWSAccess is one, unless it was detached',
    )
    return level.concat({ name })
  })
}

function allowsSomething(document: unknown): boolean {
  return [field(document, 'Statement')].flat().some((statement) => field(statement, 'Effect') === 'Allow')
}
