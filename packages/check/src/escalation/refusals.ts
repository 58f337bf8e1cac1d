import type { ActionElement, Policy } from '@ringfence/policy'
import type { Account, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { managedPolicyOf, readNamed } from '../account/read-policies.js'
import { takesAction } from './grants.js'

/**
 * Actions that the boundary of somebody, or the service control policies, deny to everybody and on everything, read off
 * the statements: nobody needs a proof for these.
 */
export class Refusals {
  private readonly byBoundary = new Map<string, Map<string, boolean>>()
  private readonly everywhere: readonly ActionElement[]

  constructor(private readonly account: Account) {
    const levels = account.managementAccount === account.account ? [] : (account.serviceControlPolicies ?? [])
    this.everywhere = levels.flat().flatMap((policy) => deniedBy(policy, 'serviceControl'))
  }

  isRefused({ permissionsBoundary = '' }: AccountUser | AccountRole, action: string): boolean {
    let known = this.byBoundary.get(permissionsBoundary)
    if (known === undefined) this.byBoundary.set(permissionsBoundary, (known = new Map<string, boolean>()))
    let isRefused = known.get(action)
    if (isRefused === undefined) {
      const denied = [...this.everywhere, ...this.ofBoundary(permissionsBoundary)]
      isRefused = denied.some((element) => takesAction(element, action.toLowerCase()))
      known.set(action, isRefused)
    }
    return isRefused
  }

  private ofBoundary(arn: string): readonly ActionElement[] {
    return arn === '' ? [] : deniedBy(managedPolicyOf(this.account, arn), 'boundary')
  }
}

function deniedBy(named: NamedPolicy, kind: Policy['kind']): readonly ActionElement[] {
  const read = readNamed(named, kind)
  if ('unknown' in read) return []
  return read.policy.statements.flatMap(({ effect, action, resource, conditions }) => {
    const isOnEverything =
      resource?.negated === false && resource.patterns.some(({ type }) => type === 'everything')
    return effect === 'Deny' && conditions.length === 0 && isOnEverything ? [action] : []
  })
}
