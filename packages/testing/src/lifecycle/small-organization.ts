import {
  buildPlan,
  nothingKept,
  readDeclaration,
  type Declaration,
  type Kept,
  type Plan,
} from '@ringfence/plan'
import { recipients } from './recipients.js'

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
  /** To whom the secrets of keys are handed over; absent: they are secrets of the stack. */
  readonly delivery?: Delivery
  /** What the jobs of the platform read and write; without a platform nobody uses it. */
  readonly platform?: { readonly reads: readonly string[]; readonly writes: readonly string[] }
  /** By team: what it may do with the platform, if there is one. */
  readonly uses?: Readonly<Record<string, { readonly can: readonly string[]; readonly until?: string }>>
  /** Whether the organization's management account sets a service control policy. */
  readonly isGuarded?: boolean
  /** Who vouches for people, if not the account's first identity provider: its other one, or Identity Center. */
  readonly vouchedBy?: 'next' | 'center'
}

/** Kept in Secrets Manager, or encrypted to one of the recipients. */
export type Delivery = 'secretsManager' | keyof typeof recipients

export interface SmallGrant {
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
export const signIns: Readonly<Record<string, object>> = {
  ada: {},
  bot: { kind: 'service', keys },
  fay: { signIn: 'federation', email: 'fay@lab.example' },
  gus: { signIn: 'federation', email: 'gus@lab.example' },
  hal: { signIn: 'federation', email: 'hal@lab.example' },
  nightly: serviceOf(pipelines.first),
}
/** How some of them sign in from one event to the next one of its kind. */
const moved = serviceOf(pipelines.next)
const renamed = { signIn: 'federation', email: 'gus.next@lab.example' }
export const otherWays: Readonly<Record<string, object>> = {
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
export const stores = ['corpus', 'labels'] as const

function signInOf(
  name: string,
  { hasMoved = false, delivery, isRenamed = false, otherWay = [] }: SmallOrganization,
): object | undefined {
  if (hasMoved && name === 'nightly') return moved
  if (isRenamed && name === 'gus') return renamed
  if (otherWay.includes(name)) return otherWays[name]
  if (delivery === undefined || name !== keyHolder) return signIns[name]
  return { kind: 'service', keys: { ...keys, ...handover(delivery) } }
}

function handover(delivery: Delivery): object {
  if (delivery === 'secretsManager') return { deliver: delivery }
  const { key, kind } = recipients[delivery]
  return { [kind]: key }
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
