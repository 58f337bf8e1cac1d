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
  /** By name: the teams of each member, and the last day of those whose access ends. */
  readonly members: Readonly<Record<string, { readonly teams: readonly string[]; readonly until?: string }>>
  readonly grants: readonly SmallGrant[]
}

interface SmallGrant {
  readonly to: string
  readonly can: readonly string[]
  readonly on: string
  readonly under?: string
  readonly until?: string
}

/** How each member signs in, for life. */
const signIns: Readonly<Record<string, object>> = {
  ada: {},
  bot: { kind: 'service', keys: { until: '2090-01-01' } },
  fay: { signIn: 'federation', email: 'fay@lab.example' },
  gus: { signIn: 'federation', email: 'gus@lab.example' },
  hal: { signIn: 'federation', email: 'hal@lab.example' },
}
/** Somebody who always stays, in one team: a file in which all members have ended is refused. */
const stayer = { name: 'eve', team: 'blue' }
export const names = [...Object.keys(signIns), stayer.name]

/** What the identity provider sends as somebody's subject. */
export function emailOf(name: string): string {
  return `${name}@lab.example`
}
const teams = ['red', 'blue'] as const
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
  /** Time passes, so that what has ended is over; nobody edits the file. */
  | { readonly kind: 'wait'; readonly days: number }

const someTeams = fc.oneof(fc.constantFrom(['red'], ['blue']), fc.constant([...teams]))
const someDays = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }) },
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
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 10 }) }),
  },
)

function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value
}

/** The file after an event; `wait` leaves it as it is. */
export function afterEvent(before: SmallOrganization, event: LifeEvent, nowMs: number): SmallOrganization {
  const end = (days: number | undefined) => (days === undefined ? {} : { until: dayOf(nowMs + days * dayMs) })
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
    case 'wait':
      return before
  }
}

export const dayMs = 86_400_000

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10)
}

/** The declared file, as a program would make it. */
export function organizationValue({ members, grants }: SmallOrganization): Readonly<Record<string, unknown>> {
  const inTeam = (team: string) => [
    ...(team === stayer.team ? [stayer.name] : []),
    ...names.filter((name) => members[name]?.teams.includes(team) === true),
  ]
  const people = Object.entries(members).map(([name, { until }]) => [
    name,
    { ...signIns[name], ...(until === undefined ? {} : { until }) },
  ])
  return {
    organization: 'lab',
    account: '111122223333',
    region: 'eu-west-1',
    identityProvider: { saml: 'lab-sso' },
    administrators: ['user/deployer'],
    members: { [stayer.name]: {}, ...Object.fromEntries(people) },
    teams: Object.fromEntries(teams.map((team) => [team, inTeam(team)])),
    datasets: Object.fromEntries(stores.map((store) => [store, {}])),
    ...(grants.length === 0 ? {} : { grants }),
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
