import type { Account, NamedPolicy } from '../account/account.js'
import { field } from './fields.js'
import { ensure, type Inventory } from './inventory.js'

type Levels = readonly (readonly NamedPolicy[])[]

/** What the organization sets, level by level: each folder that has policies is one, in the order of their names. */
export function settleOrganization(
  inventory: Inventory,
): Pick<
  Account,
  'serviceControlPolicies' | 'resourceControlPolicies' | 'managementAccount' | 'organization'
> {
  attachPolicies(inventory)
  const { serviceControl, resourceControl, scope } = inventory
  const about = `account ${scope.account}`
  const [managementAccount, another] = inventory.managementAccounts
  const [organization, ...others] = inventory.organizations
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
    ...(organization === undefined || others.length > 0 ? {} : { organization }),
  }
}

/** AWS attaches it everywhere, and nobody makes it. [Organizations guide, "SCP evaluation"] */
const fullAccess = {
  name: 'FullAWSAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}

/** States say which policies are attached to what, but only of what they attach themselves. */
function attachPolicies(inventory: Inventory): void {
  const { organizationAttachments, organizationPolicies, resourceControl, scope, serviceControl } = inventory
  for (const { address, ids, level, source } of organizationAttachments) {
    const found = ids.map((id) => organizationPolicies.get(id)).find((one) => one !== undefined)
    const name = ids[0] ?? address
    const policy = found?.policy ?? (name === 'p-FullAWSAccess' ? fullAccess : { name })
    if (!('document' in policy) && found === undefined)
      inventory.unknown(name, 'document', 'it is attached, and no file has it', source)
    const levels = found?.kind === 'resourceControl' ? resourceControl : serviceControl
    ensure(levels, levelOrder(level), () => new Map()).set(policy.name, policy)
  }
  if (organizationAttachments.length > 0) {
    const reason =
      'the files tell only of policies that they attach themselves, not of other ones and other levels'
    inventory.unknown(`account ${scope.account}`, 'serviceControlPolicies', reason)
  }
}

/** Levels count by their names, and from the root on. */
function levelOrder(level: string): string {
  return `${level === 'root' ? 1 : level === 'account' ? 3 : 2} ${level}`
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
