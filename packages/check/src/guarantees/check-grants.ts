import { Remembered, type Policy } from '@ringfence/policy'
import type { AccountResource } from '../account/account.js'
import { everything, layersOf } from '../account/layers-of.js'
import { identityPoliciesOf, readNamed } from '../account/read-policies.js'
import { allAllowed } from './ask.js'
import { storeActions } from './capabilities.js'
import type { Holder } from './declared-world.js'
import { endsOf } from './ends.js'
import { delegatingTo } from './exact-answer.js'
import type { Group } from './alike.js'
import { alike, partiesOfGroup } from './alike.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import type { Granted, GrantedPart } from './granted-parts.js'
import { grantedParts, ownSignInPart } from './granted-parts.js'
import { withoutAccessBlock } from './parties.js'
import { piecesOf, topicsOfRegion } from './pieces.js'
import type { Asked } from './prover.js'
import type { Region, RegionStatement } from './region.js'
import { bothOf, makeRegion } from './region.js'
import { saidOfGroup } from './said-of-group.js'
import type { Party, Setting } from './setting.js'

/**
 * That each grant works, for each of its holders: their policies allow all of it, and no other one takes any of it
 * back before its end.
 */
export function checkGrants(setting: Setting): readonly Finding[] {
  const { kept } = setting
  return grantedParts(setting).flatMap((given, index) => {
    const { granted, isUnchanged, kind, name, partsOf } = given
    return kept.findings('granted', index, given, isUnchanged, () => {
      const all = granted()
      const answers = kept.remember(kind, name, isUnchanged, () =>
        all.map((one, part) => checkGrant(setting, one, partsOf(part))),
      )
      return all.map(({ declaredAt, subject, target }, part): Finding => {
        return { guarantee: 'works', subject, target, declaredAt: [declaredAt], answer: answers[part]! }
      })
    })
  })
}

/** That people manage their own password and MFA device. */
export function checkOwnSignIn(setting: Setting): readonly Finding[] {
  const { declaration, ownUsers } = setting.world
  if (ownUsers.length === 0) return []
  const { kept, unchanged } = setting
  const answers = Array.from({ length: Math.ceil(ownUsers.length / mostTogether) }, (_, index) => {
    const chunkOf = (all: readonly Holder[]) => all.slice(index * mostTogether, (index + 1) * mostTogether)
    const isKept = unchanged.some((world) => chunkOf(world.ownUsers))
    const [answer] = kept.remember('own sign-in', `${index}`, isKept, () => {
      const part = ownSignInPart(setting)
      const groups = alike(setting, chunkOf(ownUsers))
      return [together(groups.map((group) => checkPart(setting, group, part)))]
    })
    return answer!
  })
  const declaredAt = [declaration.declaredAt]
  return [{ guarantee: 'works', target: 'own sign-in', declaredAt, answer: together(answers) }]
}

/** So many that one question about them is worth it, and so few that not all are asked about again when one changes. */
const mostTogether = 256

function checkGrant(
  setting: Setting,
  { declaredAt, subject }: Granted,
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

function checkPart(setting: Setting, group: Group, part: GrantedPart): Answer {
  if (!isAllowedInEach(setting, group, part))
    return together(group.holders.map((holder) => checkHolder(setting, holder, part)))
  const others = group.holders.filter((holder) => !isSpared(setting, group, holder))
  return together(others.map((holder) => checkHolder(setting, holder, part)))
}

/**
 * Whether each kind of policy around the parties allows all requests of a region by itself, as then they do together.
 * Each is a smaller question than all at once, and most are about many grants. Where the answer is no, nothing is
 * said: one policy may allow what another one does not.
 */
function isAllowedInEach(setting: Setting, group: Group, part: GrantedPart): boolean {
  const { prover } = setting
  const { region, resource } = part
  const own = policiesAbout(group, topicsOfPart(region, resource))
  const said = [
    ...saidOfGroup(setting, group, resource),
    prover.saidOfRegion(region),
    ...own.map((policy) => prover.saidOfPolicy(policy)),
  ]
  return prover.holds(said, () => {
    const parties = partiesOfGroup(setting, group, resource)
    if (parties.length === 0 || parties.some(({ unknowns }) => unknowns.length > 0)) return false
    return parties.every(({ question }) => isAllowedToParty(setting, question, region, own))
  })
}

function isAllowedToParty(
  { account, prover }: Setting,
  question: Party['question'],
  region: Region,
  own: readonly Policy[],
): boolean {
  const identityPolicies = [everything('identity')]
  const resourcePolicy = delegatingTo(account.account)
  const isAllowed = (asked: Asked, within: Region): boolean => prover.allows({ ...asked, within })
  const { layers, who } = question
  const { permissionsBoundary, serviceControlPolicies } = layers
  const anybody = { ...question, who: { kind: who.kind, account: account.account } }
  const bounded = { ...anybody, layers: { identityPolicies, permissionsBoundary, resourcePolicy } }
  const controls = { identityPolicies, serviceControlPolicies, resourcePolicy }
  const fenced = { ...question, layers: { identityPolicies, resourcePolicy: layers.resourcePolicy } }
  // What holds for more requests, or for more principals, is the same question for many grants.
  const wide = widerThan(region)
  return (
    isAllowed({ ...anybody, layers: { identityPolicies: own, resourcePolicy } }, region) &&
    (permissionsBoundary === undefined ||
      [wide, region].some((within) => isAllowed(bounded as Asked, within))) &&
    (serviceControlPolicies === undefined ||
      (wide.key !== region.key && isAllowed({ ...anybody, layers: controls } as Asked, wide)) ||
      isAllowed({ ...question, layers: controls } as Asked, region)) &&
    (layers.resourcePolicy === undefined || isAllowed(fenced as Asked, region))
  )
}

/** With all that can be granted on a bucket, where a statement is about some of it. */
function widerThan({ statements }: Region): Region {
  const wider = new Map<string, RegionStatement>()
  for (const statement of statements) {
    const { Action, Resource } = statement
    const ofStore = [Action].flat().every((one) => one?.startsWith('s3:'))
    const bucket = ofStore ? [Resource].flat()[0]!.split('/', 1)[0]! : undefined
    if (bucket === undefined) wider.set(JSON.stringify(statement), statement)
    else wider.set(bucket, { Action: everyStoreAction, Resource: [bucket, `${bucket}/*`] })
  }
  const key = [...wider.keys()].join('\n')
  return widerRegions.get(key) ?? widerRegions.set(key, makeRegion([...wider.values()]))
}

/** By what they are about, as they are long. */
const widerRegions = new Remembered<Region>(256)

const everyStoreAction = Object.values(storeActions).flat()

function topicsOfPart(region: Region, resource: AccountResource | undefined): ReadonlySet<string> {
  const aliases = resource?.keys?.['kms:ResourceAliases']
  return aliases === undefined ? topicsOfRegion(region) : new Set(aliases)
}

/** What the common policies of a group allow about some topics, and all that they deny. */
function policiesAbout({ common }: Group, topics: ReadonlySet<string>): readonly Policy[] {
  return common.flatMap((named) => {
    const { allows, denies } = piecesOf(named) ?? { allows: [], denies: undefined }
    const about = allows.filter((piece) => [...piece.topics].some((topic) => topics.has(topic)))
    return [...about.map(({ policy }) => policy), ...(denies === undefined ? [] : [denies])]
  })
}

/** Whether no policy that only this holder has denies anything before the end of all access. */
function isSpared(setting: Setting, group: Group, holder: Holder): boolean {
  let ofGroup = spared.get(group)
  if (ofGroup === undefined) spared.set(group, (ofGroup = new Map()))
  let isOne = ofGroup.get(holder)
  if (isOne === undefined) ofGroup.set(holder, (isOne = areOthersSparing(setting, group, holder)))
  return isOne
}

const spared = new WeakMap<Group, Map<Holder, boolean>>()

function areOthersSparing(setting: Setting, { common }: Group, holder: Holder): boolean {
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
  const { before } = endsOf(world, declared)
  return before === undefined ? {} : { within: before }
}

/** One holder with everything that has a say. */
function checkHolder(setting: Setting, holder: Holder, { region, resource }: GrantedPart): Answer {
  const party = withoutAccessBlock({
    ...layersOf(setting.account, holder, resource),
    called: holder.declared ?? holder.arn,
  })
  const { within } = beforeAllEnds(setting, holder)
  return allAllowed(setting, [party], within === undefined ? region : bothOf(region, within))
}
