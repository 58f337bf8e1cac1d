import {
  buildPlan,
  nothingKept,
  readDeclaration,
  type Declaration,
  type Kept,
  type Plan,
} from '@ringfence/plan'
import * as fc from 'fast-check'

/** A file as a random life of an organization has it, simple enough to be changed and printed. */
export interface SmallOrganization {
  /** By name: the teams of each member, and the last day, or the instant, of those whose access ends. */
  readonly members: Readonly<Record<string, { readonly teams: readonly string[]; readonly until?: string }>>
  readonly grants: readonly SmallGrant[]
  /** Datasets with a KMS key of their own. */
  readonly encrypted?: readonly string[]
  /** The last days of teams that end. */
  readonly teamEnds?: Readonly<Record<string, string>>
  /** Whether the service takes the tokens of the next pipeline, and those of the first no longer. */
  readonly hasMoved?: boolean
  /** Whether the identity provider knows `gus` by another e-mail. */
  readonly isRenamed?: boolean
  /** Who has an IAM user instead of signing in by federation, or the reverse. */
  readonly otherWay?: readonly string[]
  /** Whether keys are kept in Secrets Manager. */
  readonly isDelivered?: boolean
  /** What the jobs of the platform read and write; without a platform nobody uses it. */
  readonly platform?: { readonly reads: readonly string[]; readonly writes: readonly string[] }
  /** By team: what it may do with the platform, if there is one. */
  readonly uses?: Readonly<Record<string, { readonly can: readonly string[]; readonly until?: string }>>
  /** Whether the organization's management account sets a service control policy. */
  readonly isGuarded?: boolean
  /** Who vouches for people, if not the account's first identity provider: its other one, or Identity Center. */
  readonly vouchedBy?: 'next' | 'center'
}

interface SmallGrant {
  readonly to: string
  readonly can: readonly string[]
  readonly on: string
  readonly under?: string
  readonly until?: string
}

export const account = '111122223333'
export const platform = 'forge'
const issuer = 'token.actions.githubusercontent.com'
const pipelines = {
  first: 'repo:lab/app:ref:refs/heads/main',
  next: 'repo:lab/app-next:ref:refs/heads/main',
  bot: 'repo:lab/bot:ref:refs/heads/main',
} as const
const identityProviders = { first: 'lab-sso', next: 'lab-sso-next' } as const
/** It is in the region of the account, and has groups and users of its own. */
export const identityCenter = {
  instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  identityStore: 'd-0123456789',
}

const keys = { until: '2090-01-01', overlap: '1d' }
/** How each member signs in to begin with. */
const signIns: Readonly<Record<string, object>> = {
  ada: {},
  bot: { kind: 'service', keys },
  fay: { signIn: 'federation', email: 'fay@lab.example' },
  gus: { signIn: 'federation', email: 'gus@lab.example' },
  hal: { signIn: 'federation', email: 'hal@lab.example' },
  nightly: serviceOf(pipelines.first),
}
/** How some of them sign in from one event to the next one of its kind. */
const moved = serviceOf(pipelines.next)
const delivered = { kind: 'service', keys: { ...keys, deliver: 'secretsManager' } }
const renamed = { signIn: 'federation', email: 'gus.next@lab.example' }
const otherWays: Readonly<Record<string, object>> = {
  ada: { signIn: 'federation', email: 'ada@lab.example' },
  bot: serviceOf(pipelines.bot),
  // An IAM user may have an e-mail as well.
  fay: { email: 'fay@lab.example' },
  hal: {},
}

function serviceOf(subject: string): object {
  const oidc = { provider: issuer, audience: 'sts.amazonaws.com', subject }
  return { kind: 'service', signIn: 'federation', oidc }
}

/** The only one with access keys. */
export const keyHolder = 'bot'
/** Somebody who always stays, in one team: a file in which all members have ended is refused. */
const stayer = { name: 'eve', team: 'blue' }
export const names = [...Object.keys(signIns), stayer.name]

/** Under all names that they are known by to who vouches for them. */
const people = [...names, 'gus.next'].filter((name) => !('oidc' in (signIns[name] ?? {})))

/** What vouches for somebody who takes on a role, and what it says of them. */
export interface Voucher {
  readonly name: string
  readonly provider: string
  readonly action: string
  readonly context: Readonly<Record<string, string>>
  /** What is said only when the role is taken on, and of no request in it. */
  readonly asking?: Readonly<Record<string, string>>
  /** In the identity store, for who comes by Identity Center. */
  readonly userName?: string
}

const samlAudience = 'https://signin.aws.amazon.com/saml'

/**
 * Everybody is vouched for by both identity providers and by Identity Center, one of them under two names, each pipeline
 * of the services by the issuer of its tokens, and jobs by SageMaker.
 */
export const vouchers: ReadonlyMap<string, Voucher> = new Map(
  [
    ...people.flatMap((name) =>
      Object.entries(identityProviders).map(([which, provider]) => ({
        name: which === 'first' ? name : `${name}-by-${which}`,
        provider: `arn:aws:iam::${account}:saml-provider/${provider}`,
        action: 'sts:AssumeRoleWithSAML',
        context: { 'SAML:aud': samlAudience, 'SAML:sub': `${name}@lab.example` },
      })),
    ),
    ...people.map((name) => ({
      name: `${name}-by-center`,
      provider: `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`,
      action: 'sts:AssumeRoleWithSAML',
      context: { 'SAML:aud': samlAudience },
      userName: `${name}@lab.example`,
    })),
    ...Object.entries(pipelines).map(([name, subject]) => ({
      name: `pipeline-${name}`,
      provider: `arn:aws:iam::${account}:oidc-provider/${issuer}`,
      action: 'sts:AssumeRoleWithWebIdentity',
      context: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: subject },
    })),
    {
      name: 'job',
      provider: 'sagemaker.amazonaws.com',
      action: 'sts:AssumeRole',
      context: {},
      asking: {
        'aws:SourceAccount': account,
        'aws:SourceArn': `arn:aws:sagemaker:eu-west-1:${account}:training-job/${platform}--red--one`,
      },
    },
  ].map((voucher) => [voucher.name, voucher]),
)
export const teams = ['red', 'blue'] as const
const stores = ['corpus', 'labels'] as const

/** One event in the life of an organization. */
export type LifeEvent =
  | {
      readonly kind: 'member'
      readonly name: string
      readonly teams: readonly string[]
      readonly days?: number
    }
  | { readonly kind: 'leave'; readonly name: string }
  | { readonly kind: 'grant'; readonly grant: Omit<SmallGrant, 'until'> & { readonly days?: number } }
  | { readonly kind: 'revoke'; readonly index: number }
  /** The platform's jobs read and write other datasets, or there is no platform any more. */
  | { readonly kind: 'platform'; readonly platform?: SmallOrganization['platform'] }
  /** What a team may do with the platform: other things, until another day, or nothing any more. */
  | { readonly kind: 'use'; readonly team: string; readonly can: readonly string[]; readonly days?: number }
  /** A dataset gets a key of its own, or loses it. */
  | { readonly kind: 'encryption'; readonly on: string }
  /** A team ends, at another day or not at all. */
  | { readonly kind: 'teamEnd'; readonly team: string; readonly days?: number }
  /** The service's pipeline goes to another repository, or back. */
  | { readonly kind: 'pipeline' }
  /** Somebody's e-mail becomes another one, or what it was. */
  | { readonly kind: 'rename' }
  /** Somebody gets an IAM user instead of signing in by federation, or the reverse. */
  | { readonly kind: 'signIn'; readonly name: string }
  /** There is a guardrail from now on, or none any longer. */
  | { readonly kind: 'guardrail' }
  /** Keys are kept in Secrets Manager from now on, or no longer. */
  | { readonly kind: 'delivery' }
  /** People are vouched for by another identity provider, or again by the first one. */
  | { readonly kind: 'provider'; readonly by: 'next' | 'center' }
  /** Whatever keys there are stop working at once; nobody edits the file. */
  | { readonly kind: 'revokeKeys' }
  /** The rotation of all keys takes its next step, or begins; nobody edits the file. */
  | { readonly kind: 'rotate' }
  /** Time passes, so that what has ended is over; nobody edits the file. */
  | { readonly kind: 'wait'; readonly days: number }

const someTeams = fc.oneof(fc.constantFrom(['red'], ['blue']), fc.constant([...teams]))
const minute = 1 / (24 * 60)
/** Whole days, or so soon that a session may begin before it and go on after. */
const someDays = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(10 * minute, 30 * minute) },
)

/** Events; joins and moves are one kind, since it depends on the file which of them it is. */
export const lifeEvents: fc.Arbitrary<LifeEvent> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({ name: fc.constantFrom(...Object.keys(signIns)), teams: someTeams, days: someDays })
      .map((event) => defined(Object.assign({ kind: 'member' as const }, event))),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('leave' as const),
      name: fc.constantFrom(...Object.keys(signIns)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({
        to: fc.constantFrom(...teams),
        can: fc.subarray(['read', 'write', 'delete'], { minLength: 1 }),
        on: fc.constantFrom(...stores),
        under: fc.constantFrom(undefined, 'raw/'),
        days: someDays,
      })
      .map((grant) => ({ kind: 'grant' as const, grant: defined(grant) })),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revoke' as const), index: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('encryption' as const), on: fc.constantFrom(...stores) }),
  },
  {
    weight: 1,
    arbitrary: fc
      .option(fc.record({ reads: fc.subarray([...stores]), writes: fc.subarray([...stores]) }), { freq: 4 })
      .map((some) => Object.assign({ kind: 'platform' as const }, some === null ? {} : { platform: some })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        team: fc.constantFrom(...teams),
        can: fc.subarray(['train', 'deploy', 'invoke', 'administer']),
        days: someDays,
      })
      .map((event) => defined(Object.assign({ kind: 'use' as const }, event))),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rotate' as const) }) },
  {
    weight: 1,
    arbitrary: fc
      .record({ team: fc.constantFrom(...teams), days: someDays })
      .map((event) => defined(Object.assign({ kind: 'teamEnd' as const }, event))),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(...(['pipeline', 'rename', 'delivery', 'guardrail'] as const)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('provider' as const),
      by: fc.constantFrom('center' as const, 'center' as const, 'next' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('signIn' as const),
      name: fc.constantFrom(...Object.keys(otherWays)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revokeKeys' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      days: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constant(20 * minute)),
    }),
  },
)

function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value
}

/** The file after an event; some leave it as it is. */
export function afterEvent(before: SmallOrganization, event: LifeEvent, nowMs: number): SmallOrganization {
  const end = (days: number | undefined): { readonly until?: string } =>
    days === undefined ? {} : { until: endIn(days, nowMs) }
  switch (event.kind) {
    case 'member': {
      const member = { teams: event.teams, ...end(event.days) }
      return { ...before, members: { ...before.members, [event.name]: member } }
    }
    case 'leave': {
      const { [event.name]: _, ...members } = before.members
      return { ...before, members }
    }
    case 'grant': {
      const { days, ...grant } = event.grant
      const others = before.grants.filter(
        ({ to, on, under }) => to !== grant.to || on !== grant.on || under !== grant.under,
      )
      return { ...before, grants: [...others, { ...grant, ...end(days) }] }
    }
    case 'revoke':
      return { ...before, grants: before.grants.filter((_, index) => index !== event.index) }
    case 'platform': {
      const { platform: _, ...rest } = before
      return event.platform === undefined ? rest : { ...rest, platform: event.platform }
    }
    case 'use': {
      const { [event.team]: _, ...others } = before.uses ?? {}
      const use = { can: event.can, ...end(event.days) }
      return { ...before, uses: event.can.length === 0 ? others : { ...others, [event.team]: use } }
    }
    case 'encryption':
      return { ...before, encrypted: toggled(before.encrypted, event.on) }
    case 'teamEnd': {
      const { [event.team]: _, ...others } = before.teamEnds ?? {}
      const { until } = end(event.days)
      return { ...before, teamEnds: until === undefined ? others : { ...others, [event.team]: until } }
    }
    case 'pipeline':
      return { ...before, hasMoved: before.hasMoved !== true }
    case 'rename':
      return { ...before, isRenamed: before.isRenamed !== true }
    case 'signIn':
      return { ...before, otherWay: toggled(before.otherWay, event.name) }
    case 'guardrail':
      return { ...before, isGuarded: before.isGuarded !== true }
    case 'delivery':
      return { ...before, isDelivered: before.isDelivered !== true }
    case 'provider': {
      const { vouchedBy, ...rest } = before
      return vouchedBy === event.by ? rest : { ...rest, vouchedBy: event.by }
    }
    case 'revokeKeys':
    case 'rotate':
    case 'wait':
      return before
  }
}

/** With one more of them, or without it. */
function toggled(some: readonly string[] = [], one: string): readonly string[] {
  return some.includes(one) ? some.filter((other) => other !== one) : [...some, one]
}

export const dayMs = 86_400_000

/** As a date, which the day belongs to, or as an instant. */
function endIn(days: number, nowMs: number): string {
  const written = new Date(nowMs + days * dayMs).toISOString()
  return Number.isInteger(days) ? written.slice(0, 10) : `${written.slice(0, 19)}Z`
}

function signInOf(
  name: string,
  { hasMoved = false, isDelivered = false, isRenamed = false, otherWay = [] }: SmallOrganization,
): object | undefined {
  if (hasMoved && name === 'nightly') return moved
  if (isRenamed && name === 'gus') return renamed
  if (otherWay.includes(name)) return otherWays[name]
  return isDelivered && name === keyHolder ? delivered : signIns[name]
}

/** The declared file, as a program would make it. */
export function organizationValue(organization: SmallOrganization): Readonly<Record<string, unknown>> {
  const { encrypted = [], members, teamEnds = {}, vouchedBy } = organization
  const inTeam = (team: string) => [
    ...(team === stayer.team ? [stayer.name] : []),
    ...names.filter((name) => members[name]?.teams.includes(team) === true),
  ]
  const declared = Object.entries(members).map(([name, { until }]) => {
    const signIn = signInOf(name, organization)
    // A file is refused that has an end for one member of a group of Identity Center.
    const hasEnd = until !== undefined && !(vouchedBy === 'center' && isByProvider(signIn))
    return [name, { ...signIn, ...(hasEnd ? { until } : {}) }]
  })
  const team = (name: string) =>
    teamEnds[name] === undefined ? inTeam(name) : { members: inTeam(name), until: teamEnds[name] }
  return {
    organization: 'lab',
    account,
    region: 'eu-west-1',
    identityProvider: identityProviderOf(vouchedBy),
    administrators: ['user/deployer'],
    ...(organization.isGuarded === true ? { guardrail: 'serviceControlPolicy' } : {}),
    members: { [stayer.name]: {}, ...Object.fromEntries(declared) },
    teams: Object.fromEntries(teams.map((name) => [name, team(name)])),
    datasets: Object.fromEntries(
      stores.map((store) => [store, encrypted.includes(store) ? { encryption: 'kms' } : {}]),
    ),
    ...platformOf(organization),
  }
}

/** Whether a person signs in by the identity provider of the file. */
function isByProvider(signIn: object | undefined): boolean {
  return signIn !== undefined && 'signIn' in signIn && !('oidc' in signIn)
}

function identityProviderOf(vouchedBy: SmallOrganization['vouchedBy']): object {
  if (vouchedBy === 'center') return { identityCenter: { ...identityCenter, provision: true } }
  return { saml: identityProviders[vouchedBy ?? 'first'] }
}

/** With all grants. */
function platformOf({ grants, platform: declared, uses = {} }: SmallOrganization): object {
  const onPlatform = Object.entries(uses).map(([to, use]) => Object.assign({ to }, use, { on: platform }))
  const all = [...grants, ...(declared === undefined ? [] : onPlatform)]
  return {
    ...(declared === undefined ? {} : { platforms: { [platform]: { kind: 'sagemaker', ...declared } } }),
    ...(all.length === 0 ? {} : { grants: all }),
  }
}

/** The declared file as a text (YAML), a line for each of its parts. */
export function printOrganization(organization: SmallOrganization): string {
  const parts = Object.entries(organizationValue(organization))
  return parts.map(([name, part]) => `${name}: ${JSON.stringify(part)}\n`).join('')
}

/** Throws where the file is refused. */
export function declare(organization: SmallOrganization, nowMs: number): Declaration {
  const value = organizationValue(organization)
  const declared = readDeclaration({ file: 'ringfence.ts', value, nowMs })
  if (declared.ok) return declared.value
  throw new Error(`${printOrganization(organization)}\n${JSON.stringify(declared.diagnostics)}`)
}

/** Throws where nothing can be made of it. */
export function planOf(declaration: Declaration, kept: Kept = nothingKept): Plan {
  const built = buildPlan(declaration, {}, kept)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

const plans = new Map<string, Plan>()
const mostPlans = 1000

/** The same, made once for each declaration and what is kept beside it. */
export function plannedOnce(declaration: Declaration, kept: Kept): Plan {
  const key = JSON.stringify([declaration, kept])
  let plan = plans.get(key)
  if (plan === undefined) {
    plan = planOf(declaration, kept)
    if (plans.size >= mostPlans) plans.clear()
    plans.set(key, plan)
  }
  return plan
}
