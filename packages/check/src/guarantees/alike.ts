import type { Account, AccountResource, NamedPolicy } from '../account/account.js'
import { layersOf } from '../account/layers-of.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'
import type { Holder } from './declared-world.js'
import { goesByTags } from './parties.js'
import type { Party, Setting } from './setting.js'

/** Holders of one kind with the same boundary, and the policies that allow something to all of them. */
export interface Group {
  readonly holders: readonly Holder[]
  readonly common: readonly NamedPolicy[]
}

/** By account, as what its holders have in common is in its policies. */
const remembered = new WeakMap<Account, WeakMap<readonly Holder[], readonly Group[]>>()

/** Puts holders together whom one question can be about. */
export function alike(setting: Setting, holders: readonly Holder[]): readonly Group[] {
  let ofAccount = remembered.get(setting.account)
  if (ofAccount === undefined) remembered.set(setting.account, (ofAccount = new WeakMap()))
  let groups = ofAccount.get(holders)
  if (groups !== undefined) return groups
  const byKind = new Map<string, Holder[]>()
  for (const holder of holders) {
    const key = `${holder.kind} ${holder.permissionsBoundary ?? ''}`
    const group = byKind.get(key)
    if (group === undefined) byKind.set(key, [holder])
    else group.push(holder)
  }
  groups = [...byKind.values()].map((same) => ({ holders: same, common: commonPolicies(setting, same) }))
  ofAccount.set(holders, groups)
  return groups
}

function commonPolicies({ account }: Setting, holders: readonly Holder[]): readonly NamedPolicy[] {
  const counts = new Map<NamedPolicy, number>()
  for (const holder of holders)
    for (const policy of identityPoliciesOf(account, holder))
      counts.set(policy, (counts.get(policy) ?? 0) + 1)
  return [...counts].flatMap(([policy, count]) =>
    count === holders.length && allowsSomething(policy) ? [policy] : [],
  )
}

function allowsSomething(named: NamedPolicy): boolean {
  const read = readNamed(named, 'identity')
  return 'policy' in read && read.policy.statements.some(({ effect }) => effect === 'Allow')
}

/** A group as one party, or one for each set of tags that the resource's policy tells apart. */
export function partiesOfGroup(
  { account }: Setting,
  { common, holders }: Group,
  resource: AccountResource | undefined,
): readonly Party[] {
  const [first] = holders
  if (first === undefined || common.length === 0) return []
  const base = layersOf(account, bare(first, common), resource)
  const { resourcePolicy } = base.question.layers
  const { kind } = base.question.who
  const called = first.declared ?? first.arn
  const party = (arns: readonly string[], keys: Party['question']['keys']): Party => {
    const { keys: _, ...question } = base.question
    return {
      ...base,
      called,
      question: { ...question, who: { kind, only: arns }, ...(keys === undefined ? {} : { keys }) },
    }
  }
  const arns = holders.map(({ arn }) => arn)
  if (resourcePolicy === undefined || !goesByTags(resourcePolicy)) return [party(arns, base.question.keys)]
  const byTags = new Map<string, { arns: string[]; keys: Party['question']['keys'] }>()
  for (const holder of holders) {
    const { keys } = layersOf(account, bare(holder, []), resource).question
    const key = JSON.stringify(keys)
    const same = byTags.get(key)
    if (same === undefined) byTags.set(key, { arns: [holder.arn], keys })
    else same.arns.push(holder.arn)
  }
  return [...byTags.values()].map((same) => party(same.arns, same.keys))
}

/** Somebody with these policies and no others. */
function bare(holder: Holder, inline: readonly NamedPolicy[]): Holder {
  return { ...holder, attached: [], inline, ...(holder.kind === 'user' ? { groups: [] } : {}) }
}
