import type { SourceSpan } from '@ringfence/plan'
import type { Policy } from '@ringfence/policy'
import type { AccountResource, NamedPolicy } from '../account/account.js'
import { everything, layersOf } from '../account/layers-of.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'
import { allAllowed } from './ask.js'
import type { Holder } from './declared-world.js'
import { endsOf } from './ends.js'
import { delegatingTo } from './exact-answer.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import type { GrantedPart } from './granted-parts.js'
import { grantedParts, ownSignInPart } from './granted-parts.js'
import { goesByTags } from './parties.js'
import type { Region } from './region.js'
import { bothOf } from './region.js'
import type { Party, Setting } from './setting.js'

/**
 * That each grant works, for each of its holders: their policies allow all of it, and no other one takes any of it
 * back before its end.
 */
export function checkGrants(setting: Setting): readonly Finding[] {
  return grantedParts(setting).map(({ declaredAt, parts, subject, target }) => ({
    guarantee: 'works',
    subject,
    target,
    declaredAt: [declaredAt],
    answer: checkGrant(setting, subject, declaredAt, parts),
  }))
}

/** That people manage their own password and MFA device. */
export function checkOwnSignIn(setting: Setting): readonly Finding[] {
  const { declaration, principals } = setting.world
  const people = declaration.members.flatMap(({ kind, name }) => {
    const user = kind === 'person' ? principals.get(`member/${name}`) : undefined
    // Whoever existed before signs in as before.
    return user?.tags === undefined ? [] : [user]
  })
  if (people.length === 0) return []
  const part = ownSignInPart(setting)
  const answer = together(alike(setting, people).map((group) => checkPart(setting, group, part)))
  return [{ guarantee: 'works', target: 'own sign-in', declaredAt: [declaration.declaredAt], answer }]
}

function checkGrant(
  setting: Setting,
  subject: string,
  declaredAt: SourceSpan,
  parts: readonly GrantedPart[],
): Answer {
  const { world } = setting
  const holders = world.holdersOf(subject)
  if (parts.length === 0)
    return { proof: 'unknown', reason: `the plan lacks what is granted in line ${declaredAt.line}` }
  if (holders.length === 0)
    return isEmptyTeam(setting, subject)
      ? { proof: 'proved', world: 'allActions' }
      : { proof: 'unknown', reason: `the plan has nobody for ${subject} (line ${declaredAt.line})` }
  return together(
    alike(setting, holders).flatMap((group) => parts.map((part) => checkPart(setting, group, part))),
  )
}

function isEmptyTeam({ world }: Setting, subject: string): boolean {
  return world.declaration.teams.some(
    ({ members, name }) => subject === `team/${name}` && members.length === 0,
  )
}

/** Holders of one kind with the same boundary and tags, and the policies that allow something to all of them. */
interface Group {
  readonly holders: readonly Holder[]
  readonly common: readonly NamedPolicy[]
}

const groupsOfHolders = new WeakMap<readonly Holder[], readonly Group[]>()

function alike(setting: Setting, holders: readonly Holder[]): readonly Group[] {
  let groups = groupsOfHolders.get(holders)
  if (groups !== undefined) return groups
  const byKind = new Map<string, Holder[]>()
  for (const holder of holders) {
    const key = `${holder.kind} ${holder.permissionsBoundary ?? ''}`
    const group = byKind.get(key)
    if (group === undefined) byKind.set(key, [holder])
    else group.push(holder)
  }
  groups = [...byKind.values()].map((same) => ({ holders: same, common: commonPolicies(setting, same) }))
  groupsOfHolders.set(holders, groups)
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

function checkPart(setting: Setting, group: Group, part: GrantedPart): Answer {
  const asOne = partiesOfGroup(setting, group, part.resource)
  if (asOne !== undefined && allAllowed(setting, asOne, part.region).proof === 'proved') {
    const others = group.holders.filter((holder) => !isSpared(setting, group, holder))
    if (others.length === 0) return { proof: 'proved', world: 'allActions' }
    return together(others.map((holder) => checkHolder(setting, holder, part)))
  }
  return together(group.holders.map((holder) => checkHolder(setting, holder, part)))
}

/** All holders as one question for each set of tags, with the policies that they have in common. */
function partiesOfGroup(
  { account }: Setting,
  { common, holders }: Group,
  resource: AccountResource | undefined,
): readonly Party[] | undefined {
  const [first] = holders
  if (first === undefined || common.length === 0) return undefined
  const base = layersOf(account, { ...first, attached: [], inline: common, ...noGroups(first) }, resource)
  const { resourcePolicy } = base.question.layers
  const { kind } = base.question.who
  const called = first.declared ?? first.arn
  const party = (arns: readonly string[], keys: Party['question']['keys']): Party => ({
    ...base,
    called,
    question: { ...base.question, who: { kind, only: arns }, ...(keys === undefined ? {} : { keys }) },
  })
  if (resourcePolicy === undefined || !goesByTags(resourcePolicy))
    return [
      party(
        holders.map(({ arn }) => arn),
        base.question.keys,
      ),
    ]
  const byTags = new Map<string, { arns: string[]; keys: Party['question']['keys'] }>()
  for (const holder of holders) {
    const bare = { ...holder, attached: [], inline: [], ...noGroups(holder) }
    const { keys } = layersOf(account, bare, resource).question
    const key = JSON.stringify(keys)
    const same = byTags.get(key)
    if (same === undefined) byTags.set(key, { arns: [holder.arn], keys })
    else same.arns.push(holder.arn)
  }
  return [...byTags.values()].map(({ arns, keys }) => party(arns, keys))
}

function noGroups(holder: Holder): { readonly groups?: readonly string[] } {
  return holder.kind === 'user' ? { groups: [] } : {}
}

/** Whether no policy that only this holder has denies anything before the end of all access. */
function isSpared(setting: Setting, { common }: Group, holder: Holder): boolean {
  const { account, prover } = setting
  const shared = new Set(common)
  return identityPoliciesOf(account, holder).every((named) => {
    if (shared.has(named)) return true
    const read = readNamed(named, 'identity')
    if (!('policy' in read)) return false
    if (read.policy.statements.every(({ effect }) => effect === 'Allow')) return true
    const within = beforeAllEnds(setting, holder)
    return (
      prover.allowed({ ...bare(setting, holder, [everything('identity'), read.policy]), ...within }).proof ===
      'proved'
    )
  })
}

function bare(
  { account }: Setting,
  { kind }: Holder,
  identityPolicies: readonly Policy[],
): Party['question'] {
  return {
    who: { kind: kind === 'user' ? 'user' : 'session', account: account.account },
    layers: { identityPolicies, resourcePolicy: delegatingTo(account.account) },
    resourceAccount: account.account,
  }
}

function beforeAllEnds({ world }: Setting, { declared = '' }: Holder): { readonly within?: Region } {
  const ends = endsOf(world, declared).map(({ before }) => before)
  return ends.length === 0 ? {} : { within: ends.reduce(bothOf) }
}

/** One holder with everything that has a say. */
function checkHolder(setting: Setting, holder: Holder, { region, resource }: GrantedPart): Answer {
  const party = { ...layersOf(setting.account, holder, resource), called: holder.declared ?? holder.arn }
  const { within } = beforeAllEnds(setting, holder)
  return allAllowed(setting, [party], within === undefined ? region : bothOf(region, within))
}
