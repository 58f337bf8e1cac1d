import type { Capability, Declaration, Grant, Member, Platform, Store, Team } from '../declaration.js'
import type { Kept } from '../kept.js'
import { nothingKept } from '../kept.js'
import type { SourceSpan } from '../plan.js'
import { createArns } from './arns.js'
import type { Arns } from './arns.js'
import type { ExistingThings } from './existing-things.js'
import { nothingExists } from './existing-things.js'
import { compare } from './statement.js'

/** Who holds an access to a store. */
export type Holder =
  | { readonly kind: 'team'; readonly name: string }
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'platform'; readonly name: string }

/** A declaration with its indexes: what every builder of resources reads. Lists are sorted by name. */
export interface Model {
  readonly declaration: Declaration
  readonly arns: Arns
  readonly existing: ExistingThings
  readonly kept: Kept
  readonly members: ReadonlyMap<string, Member>
  readonly teams: ReadonlyMap<string, Team>
  readonly stores: readonly Store[]
  readonly platforms: ReadonlyMap<string, Platform>
  /** Of users, and of services that have a role of their own: roles of teams are for those of them who sign in by federation. */
  readonly teamsOf: ReadonlyMap<string, readonly string[]>
  /** Members of the team that are IAM users, sorted. */
  readonly usersOf: ReadonlyMap<string, readonly string[]>
  /** Those of them that exist already: no tag says what teams they are in. */
  readonly existingUsersOf: ReadonlyMap<string, readonly string[]>
  /** People of the team that sign in by federation, sorted. */
  readonly federatedOf: ReadonlyMap<string, readonly string[]>
  /** Services of the team that have a role of their own, sorted. */
  readonly servicesOf: ReadonlyMap<string, readonly string[]>
  /** Grants by `team/NAME` or `member/NAME`, those to a team ending with it at the latest. */
  readonly grantsTo: ReadonlyMap<string, readonly Grant[]>
  readonly accessTo: ReadonlyMap<string, readonly StoreAccess[]>
  findStore(reference: { readonly kind: string; readonly name: string }): Store
}

/** One way to a store: a grant, or a platform's reads and writes. */
export interface StoreAccess {
  readonly holder: Holder
  readonly can: readonly Capability[]
  readonly under: string
  readonly declaredAt: SourceSpan
}

export const storeKey = (store: { readonly kind: string; readonly name: string }): string =>
  `${store.kind}/${store.name}`

export function createModel(
  declaration: Declaration,
  existing: ExistingThings = nothingExists,
  kept: Kept = nothingKept,
): Model {
  const members = new Map<string, Member>()
  for (const member of declaration.members.toSorted(byName)) members.set(member.name, member)
  const teams = new Map(declaration.teams.toSorted(byName).map((team) => [team.name, team]))
  const stores = declaration.stores.toSorted((left, right) => compare(storeKey(left), storeKey(right)))
  const storeByKey = new Map(stores.map((store) => [storeKey(store), store]))
  const teamsOf = new Map<string, string[]>()
  const usersOf = new Map<string, string[]>()
  const existingUsersOf = new Map<string, string[]>()
  const federatedOf = new Map<string, string[]>()
  const servicesOf = new Map<string, string[]>()
  for (const team of teams.values()) {
    const users: string[] = []
    const federated: string[] = []
    const services: string[] = []
    const sorted = team.members.toSorted(compare)
    for (const name of sorted) {
      const member = members.get(name)
      if (member === undefined) continue
      if (member.signIn === 'federation' && member.oidc === undefined) {
        federated.push(name)
        continue
      }
      append(teamsOf, name, team.name)
      if (member.signIn === 'user') users.push(name)
      else services.push(name)
    }
    usersOf.set(team.name, users)
    federatedOf.set(team.name, federated)
    servicesOf.set(team.name, services)
    if (existing.users.size > 0)
      existingUsersOf.set(
        team.name,
        sorted.filter((name) => existing.users.has(name)),
      )
  }
  const grants = declaration.grants.map((grant) => withinTeam(grant, teams)).toSorted(byMeaning)
  const grantsTo = new Map<string, Grant[]>()
  const accessTo = new Map<string, StoreAccess[]>()
  for (const grant of grants) {
    append(grantsTo, `${grant.to.kind}/${grant.to.name}`, grant)
    if (grant.on.kind === 'platform') continue
    append(accessTo, storeKey(grant.on), {
      holder: grant.to,
      can: grant.can,
      under: grant.under,
      declaredAt: grant.declaredAt,
    })
  }
  const platforms = new Map(
    declaration.platforms.toSorted(byName).map((platform) => [platform.name, platform]),
  )
  for (const platform of platforms.values()) {
    const holder = { kind: 'platform' as const, name: platform.name }
    for (const { kind, name, under, declaredAt } of platform.reads)
      append(accessTo, `${kind}/${name}`, { holder, can: ['read'], under, declaredAt })
    for (const { kind, name, under, declaredAt } of platform.writes)
      append(accessTo, `${kind}/${name}`, { holder, can: ['write'], under, declaredAt })
  }
  return {
    declaration,
    arns: createArns(declaration, existing),
    existing,
    kept,
    members,
    teams,
    stores,
    platforms,
    teamsOf,
    usersOf,
    existingUsersOf,
    federatedOf,
    servicesOf,
    grantsTo,
    accessTo,
    findStore: (reference) => {
      const store = storeByKey.get(storeKey(reference))
      if (store === undefined)
        throw new Error(`the declaration refers to a store that it lacks: ${storeKey(reference)}`)
      return store
    },
  }
}

function withinTeam(grant: Grant, teams: ReadonlyMap<string, Team>): Grant {
  const end = grant.to.kind === 'team' ? teams.get(grant.to.name)?.until : undefined
  const until = earliest(grant.until, end)
  return until === undefined ? grant : { ...grant, until }
}

/** Of ends that there are; instants in UTC compare as texts. */
export function earliest(...ends: readonly (string | undefined)[]): string | undefined {
  return ends.filter((end) => end !== undefined).toSorted(compare)[0]
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return compare(left.name, right.name)
}

/** An order of grants that does not hang on their order in the file. */
function byMeaning(left: Grant, right: Grant): number {
  return (
    compare(storeKey(left.on), storeKey(right.on)) ||
    compare(left.under, right.under) ||
    compare(left.can.join(), right.can.join()) ||
    compare(left.until ?? '', right.until ?? '') ||
    compare(`${left.to.kind}/${left.to.name}`, `${right.to.kind}/${right.to.name}`)
  )
}
