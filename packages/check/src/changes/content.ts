import type { Account, AccountResource, AccountRole, AccountUser, NamedPolicy } from '../account/account.js'
import { identityPoliciesOf, managedPolicyOf } from '../account/read-policies.js'

const remembered = new WeakMap<NamedPolicy, string>()

/** What a policy says, whatever it is called. One that is not known is like no other. */
export function contentOf(policy: NamedPolicy): string {
  let content = remembered.get(policy)
  if (content === undefined) {
    content = policy.document === undefined ? `unknown ${policy.name}` : JSON.stringify(policy.document)
    remembered.set(policy, content)
  }
  return content
}

/** All that decides on the side of a principal, apart from guardrails: the same for two means that nothing changed. */
export function identityContent(account: Account, principal: AccountUser | AccountRole): string {
  const { permissionsBoundary: boundary, tags } = principal
  const policies = identityPoliciesOf(account, principal).map(contentOf)
  const bounded = boundary === undefined ? '' : contentOf(managedPolicyOf(account, boundary))
  const tagged = Object.entries(tags ?? {}).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return JSON.stringify([principal.arn, [...new Set(policies)].toSorted(), bounded, tagged])
}

/** All that decides on the side of a resource, apart from guardrails. */
export function resourceContent(account: Account, resource: AccountResource | AccountRole): string {
  if (resource.kind === 'role') return JSON.stringify([resource.arn, contentOf(resource.trust)])
  const { arn, keys, policy, publicAccessBlock } = resource
  const block = resource.kind === 'bucket' ? [publicAccessBlock, account.publicAccessBlock] : []
  return JSON.stringify([arn, keys, policy && contentOf(policy), block])
}

function contentOfLevels(levels: Account['serviceControlPolicies']): unknown {
  return levels?.map((level) => level.map(contentOf).toSorted())
}

/** The guardrails that hold for the account's own principals. */
export function serviceControlContent(account: Account): string {
  return JSON.stringify([contentOfLevels(account.serviceControlPolicies), ...wholeContent(account)])
}

/** The guardrails that hold for the account's resources, whoever asks. */
export function resourceControlContent(account: Account): string {
  return JSON.stringify([contentOfLevels(account.resourceControlPolicies), ...wholeContent(account)])
}

function wholeContent({ managementAccount, organization }: Account): readonly unknown[] {
  return [managementAccount, organization]
}
