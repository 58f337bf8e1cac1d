import * as fc from 'fast-check'
import {
  type Delivery,
  otherWays,
  signIns,
  type SmallGrant,
  type SmallOrganization,
  stores,
  teams,
} from './small-organization.js'

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
  /** Keys are kept in Secrets Manager or encrypted to somebody from now on, or no longer. */
  | { readonly kind: 'delivery'; readonly by: Delivery }
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
      kind: fc.constantFrom(...(['pipeline', 'rename', 'guardrail'] as const)),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('delivery' as const),
      by: fc.constantFrom<Delivery>('secretsManager', 'age', 'age', 'nextAge', 'nextAge', 'pgp', 'nextPgp'),
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
    case 'delivery': {
      const { delivery, ...rest } = before
      return delivery === event.by ? rest : { ...rest, delivery: event.by }
    }
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
