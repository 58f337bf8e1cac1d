import type { Policy } from '@ringfence/policy'
import { everything } from '../account/layers-of.js'
import type { NamedPolicy } from '../account/account.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'
import { alike } from './alike.js'
import { allWithin, noneAllowed } from './ask.js'
import type { Holder } from './declared-world.js'
import { delegatingTo, exactAnswer } from './exact-answer.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import type { Pieces } from './pieces.js'
import { piecesOf, regionAbout } from './pieces.js'
import type { Region, RegionStatement } from './region.js'
import type { Party, Setting } from './setting.js'
import { endsOf } from './ends.js'

const anything: RegionStatement = { Action: '*', Resource: '*' }
const proved: Answer = { proof: 'proved', world: 'allActions' }

/**
 * Of each user and role of the file: that their own policies allow nothing but what was granted, on anything in the
 * account and beyond, and nothing once their access has ended.
 *
 * Policies only add up, so each is looked at by itself, once however many have it. Only where one says too much are
 * the others asked whether they take it back.
 */
export function checkPrincipals(setting: Setting): readonly Finding[] {
  const { kept, unchanged, world } = setting
  const keeps = keepsOnce(setting)
  return [...world.principals].map(([declared, holder], index) => {
    const isUnchanged = unchanged.principal(declared, holder)
    const place = world.placeOf(declared)
    const finding = (answer: Answer): Finding => {
      return { guarantee: 'nothingElse', subject: declared, declaredAt: [place], answer }
    }
    const [own] = kept.findings('principals', index, { name: declared, place }, isUnchanged, () => {
      const [answer] = kept.remember('principal', declared, isUnchanged, () => [
        answerByPolicies(setting, keeps, declared, holder),
      ])
      return [finding(answer!)]
    })
    // Not kept: it hangs on the policies of whatever is asked for.
    return own!.answer.proof === 'proved' ? own! : finding(checkExactly(setting, keeps, declared, holder))
  })
}

/** What follows from each of somebody's own policies by itself. */
function answerByPolicies(setting: Setting, keeps: Keeps, declared: string, holder: Holder): Answer {
  return arePoliciesKept(setting, keeps, declared, holder) && openEnds(setting, declared, holder).length === 0
    ? proved
    : { proof: 'unknown', reason: 'it takes what else has a say' }
}

/** Whether a policy keeps to what a subject was granted; asked once for all that have both in common. */
type Keeps = (subject: string, named: NamedPolicy, pieces: Pieces, holder: Holder) => boolean

function keepsOnce(setting: Setting): Keeps {
  const remembered = new Map<string, WeakMap<NamedPolicy, boolean>>()
  return (subject, named, pieces, holder) => {
    const key = `${holder.kind} ${subject}`
    let ofSubject = remembered.get(key)
    if (ofSubject === undefined) remembered.set(key, (ofSubject = new WeakMap()))
    let isKept = ofSubject.get(named)
    if (isKept === undefined) {
      const { prover, regions } = setting
      const region = regions.own(subject)
      const said = [prover.said(holder.kind), prover.saidOfDocument(named), prover.saidOfRegion(region)]
      isKept = prover.holds(said, () => keepPieces(setting, holder, pieces, region))
      ofSubject.set(named, isKept)
    }
    return isKept
  }
}

/** With the policies of resources, where one's own allow too much or too long. */
function checkExactly(setting: Setting, keeps: Keeps, declared: string, holder: Holder): Answer {
  const region = setting.regions.all(declared)
  const keeping = (): Answer =>
    exactAnswer(setting, holder, anything, (party, within) => allWithin(setting, [party], within, region))
  const ending = ({ statements: [statement] }: Region): Answer =>
    exactAnswer(setting, holder, statement ?? anything, (party, within) =>
      noneAllowed(setting, [party], within),
    )
  return together([
    arePoliciesKept(setting, keeps, declared, holder) ? proved : keeping(),
    ...openEnds(setting, declared, holder).map(ending),
  ])
}

/** Whether each policy, by itself, allows nothing but what was granted. */
function arePoliciesKept(setting: Setting, keeps: Keeps, declared: string, holder: Holder): boolean {
  const { account, prover, regions, world } = setting
  const teams = declared.startsWith('member/') ? (world.teamsOf.get(declared.slice(7)) ?? []) : []
  const subjects = [declared, ...teams.map((team) => `team/${team}`)]
  return identityPoliciesOf(account, holder).every((named): boolean => {
    const pieces = piecesOf(named)
    const read = readNamed(named, 'identity')
    if (pieces === undefined || !('policy' in read)) return false
    const candidates = likeliestFirst(setting, named, subjects)
    if (candidates.some((subject) => keeps(subject, named, pieces, holder))) return true
    const owners = goesByOwner(read.policy) ? [account.account, anotherAccount] : [account.account]
    const asked = askedOf(setting, holder, [read.policy])
    return candidates.some((subject) =>
      owners.every(
        (resourceAccount) =>
          prover.within({ ...asked, resourceAccount }, regions.own(subject)).proof === 'proved',
      ),
    )
  })
}

/** Whether each statement by itself keeps to what the region says about the same things. */
function keepPieces(setting: Setting, holder: Holder, { allows }: Pieces, region: Region): boolean {
  const { account } = setting.account
  return allows.every(({ policy, topics }) => {
    const owners = goesByOwner(policy) ? [account, anotherAccount] : [account]
    const about = regionAbout(region, topics)
    if (about.statements.length === 0) return false
    const asked = askedOf(setting, holder, [policy])
    return owners.every(
      (resourceAccount) => setting.prover.within({ ...asked, resourceAccount }, about).proof === 'proved',
    )
  })
}

/** Subjects whose holders all have the policy come first: it is most likely about what is granted to them. */
function likeliestFirst(
  setting: Setting,
  named: NamedPolicy,
  subjects: readonly string[],
): readonly string[] {
  const [only] = subjects
  if (subjects.length === 1 && only !== undefined) return subjects
  const isCommon = (subject: string): boolean => {
    const groups = alike(setting, setting.world.holdersOf(subject))
    return groups.some(({ common, holders }) => holders.length > 1 && common.includes(named))
  }
  const [most, others] = [subjects.filter(isCommon), subjects.filter((one) => !isCommon(one))]
  return [...most, ...others]
}

const ownerKeys = new Set(['aws:resourceaccount', 'aws:resourceorgid', 'aws:resourceorgpaths'])
const anotherAccount = '000000000000'

/** Whether it matters to a policy whose the resource is: then it may not be the account's own. */
function goesByOwner({ statements }: Policy): boolean {
  return statements.some(({ conditions }) => conditions.some(({ key }) => ownerKeys.has(key.toLowerCase())))
}

/** Anybody like the holder, whom only these policies say anything about. */
function askedOf(setting: Setting, { kind }: Holder, identityPolicies: readonly Policy[]): Party['question'] {
  const { account } = setting.account
  return {
    who: { kind: kind === 'user' ? 'user' : 'session', account },
    layers: { identityPolicies, resourcePolicy: delegatingTo(account) },
    resourceAccount: account,
  }
}

/** Requests from an end of all access on, which no policy by itself denies. */
function openEnds(setting: Setting, declared: string, holder: Holder): readonly Region[] {
  const policies = identityPoliciesOf(setting.account, holder)
  return endsOf(setting.world, declared).after.filter(
    (after) => !policies.some((policy) => deniesAll(setting, holder, policy, after)),
  )
}

function deniesAll(setting: Setting, holder: Holder, named: NamedPolicy, after: Region): boolean {
  const read = readNamed(named, 'identity')
  if (!('policy' in read) || read.policy.statements.every(({ effect }) => effect === 'Allow')) return false
  const question = askedOf(setting, holder, [everything('identity'), read.policy])
  return setting.prover.nothing({ ...question, within: after }).proof === 'proved'
}
