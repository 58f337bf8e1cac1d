import type { AccountGroup, AccountRole, AccountUser, ManagedPolicy } from '../account/account.js'
import type { FixedKeys } from './access-oracle.js'
import type { Situation } from './candidates.js'
import type { Fact } from './fact.js'
import { mentionedPolicies, mentionedTags } from './mentioned.js'
import type { Candidate } from './offer.js'
import { anyOf, keysAbout, requestFor } from './requests.js'
import { isRoleOfAws } from './roles-of-aws.js'
import type { ChangeStep } from './step.js'
import { administratorPolicies, entitiesAround, groupsOf, managedOf, mayDeny } from './strengthen.js'

type Holder = AccountUser | AccountRole | AccountGroup

/** Changes of what those may do whom the caller has already. */
export function* changesOf(step: ChangeStep, situation: Situation): Generator<Candidate> {
  const { index, mightDo } = situation
  const isAboutGroup = step.effect === 'newGroup'
  const wide = anyOf(isAboutGroup ? 'group' : step.target, index)
  if (step.asks.some(({ action }) => !mightDo(action, wide))) return
  if (isAboutGroup) yield* newGroups(step, situation)
  else if (step.effect === 'tag') yield* taggings(step, situation)
  else if (step.effect === 'joinGroup') yield* joinings(step, situation)
  else if (step.target === 'policy') yield* policyChanges(step, situation)
  else
    for (const [holder, concerns] of holdersOf(step, situation)) {
      if (step.effect === 'attach') yield* attachments(step, holder, concerns, situation)
      else if (step.effect === 'setBoundary') yield* boundaries(step, holder, situation)
      else yield* removals(step, holder, concerns, situation)
    }
}

/** Whose policies a step would change, and one whom the caller has that gains by it. */
function holdersOf(
  { target }: ChangeStep,
  { controlled, facts, index }: Situation,
): ReadonlyMap<Holder, string> {
  const holders = new Map<Holder, string>()
  for (const principal of controlled) {
    if (isRoleOfAws(principal.arn)) continue
    if (target === principal.kind) holders.set(principal, principal.arn)
    else if (target === 'group')
      for (const group of groupsOf(principal, facts, index))
        if (!holders.has(group)) holders.set(group, principal.arn)
  }
  return holders
}

function candidate(
  step: ChangeStep,
  target: Holder | ManagedPolicy,
  concerns: string,
  gives: readonly Fact[],
  situation: Situation,
  keys: FixedKeys = {},
): Candidate {
  const { facts, index } = situation
  return {
    step,
    target: target.arn,
    concerns,
    gives,
    requests: step.asks.map((ask) => {
      const about = 'versions' in target ? {} : keysAbout(target, ask.action, facts, index)
      return requestFor(ask, target.arn, index, { ...about, ...keys })
    }),
    needs: [],
  }
}

/**
 * What can be attached: the policies that make an administrator, each of the account's, those of AWS that some policy
 * names, of which an account may not tell what they say, and a new one that says what the caller wants.
 */
function* attachments(
  step: ChangeStep,
  holder: Holder,
  concerns: string,
  situation: Situation,
): Generator<Candidate> {
  const { index, mightDo } = situation
  const strongest = administratorPolicies(index.account)
  const { ofAws, ofAccount } = mentionedPolicies(index.account)
  for (const arn of new Set([...strongest, ...index.policies.keys(), ...ofAws])) {
    if (holder.attached.includes(arn)) continue
    const gives: Fact[] = [{ kind: 'attached', of: holder.arn, value: arn }]
    yield candidate(step, holder, concerns, gives, situation, { 'iam:PolicyARN': arn })
  }
  if (!mightDo('iam:CreatePolicy', anyOf('policy', index))) return
  const gives: Fact[] = [{ kind: 'attached', of: holder.arn, value: strongest[0]! }]
  for (const arn of ofAccount) {
    if (index.policies.has(arn)) continue
    const created = requestFor({ action: 'iam:CreatePolicy', on: '{target}' }, arn, index)
    const attached = candidate(step, holder, concerns, gives, situation, { 'iam:PolicyARN': arn })
    yield { ...attached, requests: [created, ...attached.requests] }
  }
}

/** The same with the strongest policy or boundary in place of another one; undefined where nothing is stronger. */
export function strongerThan(weaker: Candidate, { account }: Situation['index']): Candidate | undefined {
  const { gives, step } = weaker
  const [given] = gives
  if (step.kind !== 'change' || given?.value === undefined) return undefined
  const { kind, of, value } = given
  const [full] = administratorPolicies(account)
  if (step.effect === 'attach' && value !== full) return { ...weaker, gives: [{ kind, of, value: full! }] }
  return step.effect === 'setBoundary' ? { ...weaker, gives: [{ kind, of }] } : undefined
}

/** A user or role without a boundary has nothing to gain by one. */
function* boundaries(step: ChangeStep, holder: Holder, situation: Situation): Generator<Candidate> {
  if (holder.kind === 'group' || holder.permissionsBoundary === undefined) return
  const { index } = situation
  const [full] = administratorPolicies(index.account)
  for (const arn of [full!, ...index.policies.keys()]) {
    if (arn === holder.permissionsBoundary) continue
    const gives: Fact[] = [
      arn === full ? { kind: 'boundary', of: holder.arn } : { kind: 'boundary', of: holder.arn, value: arn },
    ]
    yield candidate(step, holder, holder.arn, gives, situation, { 'iam:PermissionsBoundary': arn })
  }
}

/** What can be taken away; of policies only those that may deny something, since the rest is of use. */
function* removals(
  step: ChangeStep,
  holder: Holder,
  concerns: string,
  situation: Situation,
): Generator<Candidate> {
  if (step.effect === 'rewriteInline')
    yield candidate(step, holder, concerns, [{ kind: 'inline', of: holder.arn }], situation)
  else if (step.effect === 'deleteInline') {
    if (holder.inline.some(mayDeny))
      yield candidate(step, holder, concerns, [{ kind: 'inlineGone', of: holder.arn }], situation)
  } else if (step.effect === 'dropBoundary') {
    if (holder.kind !== 'group' && holder.permissionsBoundary !== undefined)
      yield candidate(step, holder, concerns, [{ kind: 'boundary', of: holder.arn }], situation)
  } else if (step.effect === 'detach')
    for (const arn of holder.attached) {
      if (!mayDeny(managedOf(arn, situation.index))) continue
      const gives: Fact[] = [{ kind: 'detached', of: holder.arn, value: arn }]
      yield candidate(step, holder, concerns, gives, situation, { 'iam:PolicyARN': arn })
    }
  else if (step.effect === 'leaveGroup' && holder.kind === 'group') {
    const denies = [...holder.inline, ...holder.attached.map((arn) => managedOf(arn, situation.index))].some(
      mayDeny,
    )
    if (!denies) return
    for (const user of situation.controlled)
      if (user.kind === 'user' && user.groups.includes(holder.name))
        yield candidate(
          step,
          holder,
          user.arn,
          [{ kind: 'left', of: user.arn, value: holder.arn }],
          situation,
        )
  }
}

function* joinings(step: ChangeStep, situation: Situation): Generator<Candidate> {
  const { controlled, facts, index } = situation
  for (const user of controlled) {
    if (user.kind !== 'user') continue
    const mine = new Set(groupsOf(user, facts, index))
    for (const group of index.account.groups)
      if (!mine.has(group))
        yield candidate(
          step,
          group,
          user.arn,
          [{ kind: 'joined', of: user.arn, value: group.arn }],
          situation,
        )
  }
}

/** What the group may do its new member may: no more than an administrator. */
function* newGroups(step: ChangeStep, { controlled, facts, index }: Situation): Generator<Candidate> {
  const [full] = administratorPolicies(index.account)
  const arn = anyOf('group', index)
  const group: AccountGroup = { kind: 'group', name: '*', path: '/', arn, attached: [], inline: [] }
  for (const user of controlled) {
    if (user.kind !== 'user') continue
    yield {
      step,
      target: user.arn,
      concerns: user.arn,
      gives: [{ kind: 'attached', of: user.arn, value: full! }],
      requests: step.asks.map((ask) => {
        const keys: FixedKeys = ask.action === 'iam:AttachGroupPolicy' ? { 'iam:PolicyARN': full! } : {}
        return requestFor(ask, user.arn, index, { ...keysAbout(group, ask.action, facts, index), ...keys })
      }),
      needs: [],
    }
  }
}

/** How many versions a managed policy can have. [IAM User Guide, "IAM and AWS STS quotas"] */
const MOST_VERSIONS = 5

/** Customer managed policies that those have whom the caller has, attached or as a boundary. */
function* policyChanges(step: ChangeStep, situation: Situation): Generator<Candidate> {
  const { controlled, facts, index } = situation
  const seen = new Set<string>()
  for (const principal of controlled) {
    for (const arn of entitiesAround(principal, facts, index)) {
      const policy = index.policies.get(arn)
      if (policy === undefined || policy.isAwsManaged || seen.has(arn)) continue
      seen.add(arn)
      if (step.effect === 'switchVersion') {
        if (policy.versions.length > 1)
          yield candidate(step, policy, principal.arn, [{ kind: 'switched', of: arn }], situation)
        continue
      }
      const found = candidate(step, policy, principal.arn, [{ kind: 'rewritten', of: arn }], situation)
      const room = requestFor({ action: 'iam:DeletePolicyVersion', on: '{target}' }, arn, index)
      yield policy.versions.length < MOST_VERSIONS ? found : { ...found, requests: [...found.requests, room] }
    }
  }
}

/** Tags that policies ask for: of those whom the caller has, and of those whom somebody might do something to. */
function* taggings(step: ChangeStep, situation: Situation): Generator<Candidate> {
  const { index, controlled, targets } = situation
  const { ofPrincipals, ofResources } = mentionedTags(index.account)
  const isRemoval = step.id.startsWith('untag')
  const all = [...(step.target === 'user' ? targets.users : targets.roles).values()]
  for (const [tags, among] of [
    [ofPrincipals, controlled.filter(({ kind }) => kind === step.target)],
    [ofResources, ofResources.length === 0 ? [] : all],
  ] as const)
    for (const tag of tags)
      for (const target of among) {
        if (isRoleOfAws(target.arn)) continue
        if (isRemoval && target.tags !== undefined && !hasTag(target.tags, tag)) continue
        const gives: Fact[] = [{ kind: 'tag', of: target.arn, value: tag }]
        yield candidate(step, target, target.arn, gives, situation, { 'aws:TagKeys': [tag] })
      }
}

function hasTag(tags: Readonly<Record<string, string>>, tag: string): boolean {
  return Object.keys(tags).some((key) => key.toLowerCase() === tag)
}
