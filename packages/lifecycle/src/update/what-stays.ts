import {
  type AccessGrant,
  type AccessSummary,
  type Declaration,
  type Grant,
  type Member,
  type Platform,
  saidOf,
  type ServiceSignIn,
  type StoreReference,
} from '@ringfence/plan'
import { signsInAsBefore } from '../offboard/signs-in-as-before.js'
import { takesTokens } from '../offboard/takes-tokens.js'

/** What a change leaves as it was. */
export interface Stays {
  /** With everybody of the new file for whom there is room, but without what they gain. */
  readonly declaration: Declaration
  /** Without those who join: what is there already, unless the change takes something away. */
  readonly deployed: Declaration
  /** Whether that is all of the new file: the change gives nothing. */
  readonly isAll: boolean
}

/**
 * The declaration with only that access which was deployed already: memberships, grants and what platforms read and
 * write, each as far as both have it, until the earlier end. `before` undefined: nothing was.
 */
export function whatStays(declaration: Declaration, before: AccessSummary | undefined): Stays {
  const { members = {}, teams = {}, grants = [] } = before ?? {}
  // Whoever is called as somebody was, and signs in as another one or in another way, joins.
  const isThere = (member: Member) => signsInAsBefore(member, declaration, before)
  const there = new Set(declaration.members.filter(isThere).map(({ name }) => name))
  const names = new Set(declaration.members.map(({ name }) => name))
  const left = Object.keys(members).filter((name) => !names.has(name))
  // IAM does not tell names by case: whoever is called so comes when the one before is gone.
  const inTheWay = new Set(left.map((name) => name.toLowerCase()))
  const stays: Declaration = {
    ...declaration,
    members: declaration.members.flatMap((member) =>
      there.has(member.name)
        ? endingAt(
            signingInAs(member, saidOf(members, member.name)?.oidc),
            saidOf(members, member.name)?.until,
          )
        : inTheWay.has(member.name.toLowerCase())
          ? []
          : member,
    ),
    teams: declaration.teams.map((team) => {
      const had = new Set(saidOf(teams, team.name))
      return { ...team, members: team.members.filter((name) => there.has(name) && had.has(name)) }
    }),
    grants: grantsThatStay(declaration, grants).filter(({ to }) => to.kind === 'team' || there.has(to.name)),
    platforms: declaration.platforms.map((platform) => platformThatStays(platform, grants)),
  }
  return {
    declaration: stays,
    deployed: { ...stays, members: stays.members.filter(isThere) },
    isAll: isSame(stays, declaration),
  }
}

/**
 * A service with those of its tokens that opened its role before: where there are none, nobody is let in, until what is
 * there is all of the new file.
 */
function signingInAs(member: Member, had: ServiceSignIn | undefined): Member {
  const { oidc } = member
  if (oidc === undefined || had === undefined) return member
  const subjects = oidc.subjects.filter((subject) => takesTokens(had, oidc, subject))
  return subjects.length === oidc.subjects.length ? member : { ...member, oidc: { ...oidc, subjects } }
}

/** With an end that it had before, if that is the earlier one. */
function endingAt(member: Member, until: string | undefined): Member {
  const { keys, kind } = member
  // A service's access ends with its key as well, and is told so.
  const end = kind === 'service' ? earlier(member.until, keys?.until) : member.until
  if (until === undefined || (end !== undefined && end <= until)) return member
  return { ...member, until }
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one < other ? one : other
}

function grantsThatStay({ grants, teams }: Declaration, before: readonly AccessGrant[]): readonly Grant[] {
  const endOfTeam = new Map(teams.map(({ name, until }) => [name, until]))
  const whole: Grant[] = []
  const parts: Grant[] = []
  for (const grant of grants) {
    // As what was deployed is told, a grant to a team ends with it.
    const until = earlier(grant.until, grant.to.kind === 'team' ? endOfTeam.get(grant.to.name) : undefined)
    const told = { can: grant.can, under: grant.under, ...(until === undefined ? {} : { until }) }
    const same = before.filter(
      ({ on, to }) =>
        to === `${grant.to.kind}/${grant.to.name}` && on === `${grant.on.kind}/${grant.on.name}`,
    )
    if (same.some((one) => covers(one, told))) whole.push(grant)
    else parts.push(...same.flatMap((one) => both(grant, one) ?? []))
  }
  const rest = parts.filter(
    (part, index) =>
      !whole.some((one) => isOfSame(one, part) && covers(one, part)) &&
      !parts.some(
        (one, at) =>
          at !== index && isOfSame(one, part) && covers(one, part) && (at < index || !covers(part, one)),
      ),
  )
  return [...whole, ...rest]
}

type Extent = Pick<AccessGrant, 'can' | 'under' | 'until'>

function isOfSame(one: Grant, other: Grant): boolean {
  return (
    one.to.kind === other.to.kind &&
    one.to.name === other.to.name &&
    one.on.kind === other.on.kind &&
    one.on.name === other.on.name
  )
}

function covers(one: Extent, other: Extent): boolean {
  return (
    other.can.every((capability) => one.can.includes(capability)) &&
    other.under.startsWith(one.under) &&
    (one.until === undefined || (other.until !== undefined && other.until <= one.until))
  )
}

/** What two grants of the same to the same have in common, with the words of the first. */
function both(grant: Grant, before: AccessGrant): Grant | undefined {
  const can = grant.can.filter((capability) => before.can.includes(capability))
  const under = commonPrefix(grant.under, before.under)
  if (can.length === 0 || under === undefined) return undefined
  const until = earlier(grant.until, before.until)
  return { ...grant, can, under, ...(until === undefined ? {} : { until }) }
}

/** Below both of two prefixes; `undefined` if nothing is. */
function commonPrefix(one: string, other: string): string | undefined {
  if (one.startsWith(other)) return one
  return other.startsWith(one) ? other : undefined
}

function platformThatStays(platform: Platform, before: readonly AccessGrant[]): Platform {
  const stay = (stores: readonly StoreReference[], capability: 'read' | 'write') =>
    stores.flatMap((store) => {
      const unders = before
        .filter(
          ({ can, on, to }) =>
            to === `platform/${platform.name}` &&
            on === `${store.kind}/${store.name}` &&
            can.includes(capability),
        )
        .flatMap(({ under }) => commonPrefix(store.under, under) ?? [])
      return unders.includes(store.under)
        ? [store]
        : unders.map((under): StoreReference => Object.assign({}, store, { under }))
    })
  return { ...platform, reads: stay(platform.reads, 'read'), writes: stay(platform.writes, 'write') }
}

function isSame(stays: Declaration, declaration: Declaration): boolean {
  return accessText(stays) === accessText(declaration)
}

function accessText({ grants, members, platforms, teams }: Declaration): string {
  const lines = grants.map((grant) => JSON.stringify(grant)).toSorted()
  return JSON.stringify([members, teams, platforms, lines])
}
