import type { AccountResource } from '../account/account.js'
import { managedPolicyOf } from '../account/read-policies.js'
import type { Group } from './alike.js'
import type { Said } from './likeness.js'
import { saidOfAccount } from './said-of-store.js'
import type { Setting } from './setting.js'

/**
 * All that it hangs on, beside their own policies, what holders are allowed to do with a resource: who they are, their
 * boundary, the resource's policy, and what holds for the whole account; with their tags where a policy goes by these.
 */
export function saidOfGroup(
  { account, prover, world }: Setting,
  group: Group,
  resource: AccountResource | undefined,
): readonly Said[] {
  const { common, holders } = group
  const [first] = holders
  if (first === undefined) return [prover.said('nobody')]
  const { kind, permissionsBoundary } = first
  const policies = [
    ...(permissionsBoundary === undefined ? [] : [managedPolicyOf(account, permissionsBoundary)]),
    ...(resource?.policy === undefined ? [] : [resource.policy]),
  ]
  const goesByTags = [...policies, ...common].some((policy) => prover.mayGoByTags(policy))
  const around = [
    [kind, common.length > 0, permissionsBoundary !== undefined, goesByTags],
    resource && [
      resource.kind,
      resource.keys ?? 0,
      resource.publicAccessBlock ?? 0,
      resource.policy !== undefined,
    ],
  ]
  return [
    ...saidOfAccount(world, prover),
    prover.said(JSON.stringify(around)),
    prover.saidBy(group, () => JSON.stringify(holders.map(({ arn }) => arn))),
    ...(goesByTags ? [prover.said(JSON.stringify(holders.map(({ tags }) => tags ?? 0)))] : []),
    ...policies.map((policy) => prover.saidOfDocument(policy)),
  ]
}
