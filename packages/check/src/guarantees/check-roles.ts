import type { FederationProvider, Member, Team } from '@ringfence/plan'
import type { Who } from '@ringfence/policy'
import type { AccountRole } from '../account/account.js'
import { layersAroundAny } from '../account/layers-of.js'
import { allAllowed, allWithin, noneAllowed, noneAllowedOutside } from './ask.js'
import type { Answer, Finding } from './finding.js'
import { together } from './finding.js'
import { partiesInside, partiesOutside } from './parties.js'
import type { Region, RegionCondition } from './region.js'
import { allOf, before, makeRegion } from './region.js'
import type { DeclaredWorld } from './declared-world.js'
import { saidOfAccount } from './said-of-store.js'
import type { Party, Setting } from './setting.js'

/** Who is to be let into a role: one principal, by requests of a region. */
interface Entrance {
  readonly who: Who
  readonly called: string
  readonly region: Region
}

/**
 * Of each role of the file, that exactly those get into it whom the file lets in: SageMaker for this account, or the
 * federated members of the team, or a service, by their identity provider.
 */
export function checkRoles(setting: Setting): readonly Finding[] {
  const { account, kept, unchanged, world } = setting
  return account.roles.flatMap((role, index) => {
    const { declared } = role
    // Whom Identity Center lets into its roles, AWS decides by assignments: their trust policy is AWS's.
    if (declared === undefined || declared === 'administrator' || role.reservedArn !== undefined) return []
    const place = world.placeOf(declared)
    return kept.findings('roles', index, { name: role.arn, place }, unchanged.holder(role), () => {
      const about = { target: `role of ${declared}`, declaredAt: [place] }
      const [answer, works] = answersAbout(setting, role, declared)
      const nothingElse: Finding = { guarantee: 'nothingElse', ...about, answer: answer! }
      return works === undefined
        ? [nothingElse]
        : [nothingElse, { guarantee: 'works', ...about, answer: works }]
    })
  })
}

/** Whether nobody else gets in; and whether whom the file lets in does, where the trust policy is known. */
function answersAbout(setting: Setting, role: AccountRole, declared: string): readonly Answer[] {
  const { kept, prover, unchanged, world } = setting
  const { arn, name, trust } = role
  if (trust.document === undefined)
    return [{ proof: 'unknown', reason: `the role ${name} exists already: its trust policy is not known` }]
  return kept.remember('role', arn, unchanged.holder(role), () => {
    const entrances = entrancesOf(world, declared, role)
    // Those of platforms all say the same.
    const said = JSON.stringify(entrances.map(({ region, who }) => [who, region.statements]))
    const parts = [...saidOfAccount(world, prover), prover.saidOfDocument(trust), prover.said(said)]
    return prover.share([prover.said('role'), ...parts], () => checkEntrances(setting, role, entrances))
  })
}

/** That nobody else gets in, and that whom the file lets in does. */
function checkEntrances(
  setting: Setting,
  role: AccountRole,
  entrances: readonly Entrance[],
): readonly Answer[] {
  return [
    together([
      noneAllowed(setting, partiesInside(setting, role), assumeSigned),
      ...partiesOutside(setting, role).map((party) => strangersAnswer(setting, party, entrances)),
      ...entrances.map((one) => allWithin(setting, [partyOf(setting, role, one)], assume, one.region)),
    ]),
    together(entrances.map((one) => allAllowed(setting, [partyOf(setting, role, one)], one.region))),
  ]
}

/** The same for all roles, since a trust policy is about the one that carries it. */
const assume = makeRegion([{ Action: 'sts:*', Resource: 'arn:aws:iam::*:role/*' }])

/** These two carry an assertion of an identity provider instead of a signature: no user or role sends them. */
const assumeSigned = makeRegion([
  ...assume.statements,
  { Effect: 'Deny', Action: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'], Resource: '*' },
])

function strangersAnswer(setting: Setting, party: Party, entrances: readonly Entrance[]) {
  const { who } = party.question
  const except = entrances.flatMap((one) => (one.who.kind === who.kind ? (one.who.only ?? []) : []))
  const others =
    except.length === 0 ? party : { ...party, question: { ...party.question, who: { ...who, except } } }
  if (except.length > 0) return noneAllowed(setting, [others], assume)
  return noneAllowedOutside(setting, [others], who.kind === 'provider' ? assume : assumeSigned)
}

function partyOf({ account }: Setting, role: AccountRole, { called, who }: Entrance): Party {
  return { ...layersAroundAny(account, who, false, role, 'everything'), called }
}

function entrancesOf(world: DeclaredWorld, declared: string, role: AccountRole): readonly Entrance[] {
  const { declaration, memberOf, teamOf } = world
  const Resource = 'arn:aws:iam::*:role/*'
  const [kind, name] = declared.split('/')
  if (kind === 'platform') {
    const { account, region } = declaration
    const Condition = {
      StringEquals: { 'aws:SourceAccount': account },
      ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:${region}:${account}:*` },
    }
    return [
      {
        who: { kind: 'service', only: ['sagemaker.amazonaws.com'] },
        called: 'SageMaker',
        region: makeRegion([{ Action: 'sts:AssumeRole', Resource, Condition }]),
      },
    ]
  }
  if (kind === 'member') return entrancesOfService(memberOf(name))
  const { identityProvider } = declaration
  if (identityProvider?.kind === 'identityCenter') return []
  const team = teamOf(name)
  if (identityProvider === undefined || team === undefined) return []
  const Action = identityProvider.kind === 'saml' ? 'sts:AssumeRoleWithSAML' : 'sts:AssumeRoleWithWebIdentity'
  const statements = federatedMembers(world, team).map((member) => ({
    Action,
    Resource,
    Condition: signInOf(identityProvider, member, team),
  }))
  return [
    {
      who: { kind: 'provider', only: [identityProvider.arn] },
      called: `somebody who signs in for ${role.name}`,
      region: makeRegion(statements),
    },
  ]
}

/** The role of a service: by tokens of its issuer. */
function entrancesOfService(member: Member | undefined): readonly Entrance[] {
  if (member?.oidc === undefined) return []
  const { arn, audience, subjects } = member.oidc
  const issuer = arn.slice(arn.indexOf('/') + 1)
  const statements = subjects.map((subject) => ({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Resource: 'arn:aws:iam::*:role/*',
    Condition: {
      StringEquals: { [`${issuer}:aud`]: audience },
      StringLike: { [`${issuer}:sub`]: subject },
      ...(member.until === undefined ? {} : { DateLessThan: { 'aws:CurrentTime': member.until } }),
    },
  }))
  return [
    {
      who: { kind: 'provider', only: [arn] },
      called: `the service ${member.name} with a token`,
      region: makeRegion(statements),
    },
  ]
}

/** In the order of the file. */
function federatedMembers({ memberOf }: DeclaredWorld, team: Team): readonly Member[] {
  const members = team.members.flatMap((name) => memberOf(name) ?? [])
  return members.filter(({ oidc, signIn }) => signIn === 'federation' && oidc === undefined)
}

/** How the identity provider describes a member: by audience and subject; until the member or the team ends. */
function signInOf(
  { arn, audience, kind }: FederationProvider,
  { email = '', until }: Member,
  team: Team,
): RegionCondition {
  const prefix = kind === 'saml' ? 'SAML' : arn.slice(arn.indexOf('/') + 1)
  const who = { StringEquals: { [`${prefix}:aud`]: audience, [`${prefix}:sub`]: email } }
  return allOf(who, before(until), before(team.until)).Condition ?? who
}
