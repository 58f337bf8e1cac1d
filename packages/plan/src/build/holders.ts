import type { Capability, Store } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import type { Model, StoreAccess } from './model.js'
import { storeKey } from './model.js'
import { compare } from './statement.js'

/** A principal or team with the prefixes that it reaches; `['']` is everything. Sorted, none inside another. */
export interface Holding {
  readonly prefixes: readonly string[]
  readonly declaredAt: SourceSpan
}

/** Who holds a capability on a store. */
export interface Holders {
  /** By team name: the IAM users that ringfence makes for it hold it. */
  readonly teams: ReadonlyMap<string, Holding>
  /** By exact ARN: roles, members with grants of their own, and members of teams whose users exist already. */
  readonly principals: ReadonlyMap<string, Holding>
}

/** Collects who holds a capability on a store, through whatever grant or platform. */
export function holdersOf(store: Store, capability: Capability, model: Model): Holders {
  const teams = new Map<string, Holding>()
  const principals = new Map<string, Holding>()
  for (const access of model.accessTo.get(storeKey(store)) ?? []) {
    if (!access.can.includes(capability)) continue
    const { holder } = access
    if (holder.kind === 'platform') {
      add(principals, model.arns.executionRole(holder.name), access)
    } else if (holder.kind === 'member') {
      add(principals, arnOfMember(holder.name, model), access)
    } else {
      const existing = model.existingUsersOf.get(holder.name) ?? []
      for (const name of existing) add(principals, model.arns.user(name), access)
      for (const name of model.servicesOf.get(holder.name) ?? [])
        add(principals, model.arns.serviceRole(name), access)
      if ((model.usersOf.get(holder.name)?.length ?? 0) > existing.length) add(teams, holder.name, access)
      if ((model.federatedOf.get(holder.name)?.length ?? 0) > 0) {
        add(principals, arnOfTeamRole(holder.name, model), access)
      }
    }
  }
  return { teams, principals }
}

/** Of the role as which people of a team act who sign in by federation. */
function arnOfTeamRole(team: string, { arns, declaration }: Model): string {
  return declaration.identityProvider?.kind === 'identityCenter'
    ? arns.reservedRole(team)
    : arns.role(arns.teamName(team))
}

/** Of a member that has a user or a role of its own. */
function arnOfMember(name: string, { arns, members }: Model): string {
  return members.get(name)?.oidc === undefined ? arns.user(name) : arns.serviceRole(name)
}

function add(holdings: Map<string, Holding>, key: string, access: StoreAccess): void {
  const holding = holdings.get(key)
  const prefixes = holding === undefined ? [access.under] : reduce([...holding.prefixes, access.under])
  holdings.set(key, { prefixes, declaredAt: holding?.declaredAt ?? access.declaredAt })
}

/** Without those that lie inside another one. */
export function reduce(prefixes: readonly string[]): string[] {
  const sorted = [...new Set(prefixes)].toSorted(compare)
  // In order, whatever contains a prefix stands before it.
  const kept: string[] = []
  for (const prefix of sorted) if (!kept.some((outer) => prefix.startsWith(outer))) kept.push(prefix)
  return kept
}

export function isWhole(holding: Holding): boolean {
  return holding.prefixes.includes('')
}

/** How many IAM users a list of every single one would hold at most. */
export function countUsers(holders: Holders, model: Model): number {
  let count = holders.principals.size
  for (const team of holders.teams.keys()) count += model.usersOf.get(team)?.length ?? 0
  return count
}

/** Every single principal, with what it holds through all its teams and grants together; sorted by ARN. */
export function expand(holders: Holders, model: Model): Map<string, Holding> {
  const expanded = new Map(holders.principals)
  for (const [team, holding] of holders.teams) {
    for (const user of model.usersOf.get(team) ?? []) {
      const arn = model.arns.user(user)
      const other = expanded.get(arn)
      expanded.set(
        arn,
        other === undefined
          ? holding
          : { ...other, prefixes: reduce([...other.prefixes, ...holding.prefixes]) },
      )
    }
  }
  return new Map([...expanded].toSorted(([left], [right]) => compare(left, right)))
}

/** Direct holders that are users of the organization hold their teams' part too. */
export function withTeamsOfPrincipals(holders: Holders, model: Model): Map<string, Holding> {
  const start = model.arns.user('')
  const combined = new Map<string, Holding>()
  for (const [arn, holding] of holders.principals) {
    const teams = arn.startsWith(start) ? (model.teamsOf.get(arn.slice(start.length)) ?? []) : []
    const prefixes = teams.flatMap((team) => holders.teams.get(team)?.prefixes ?? [])
    combined.set(arn, { ...holding, prefixes: reduce([...holding.prefixes, ...prefixes]) })
  }
  return new Map([...combined].toSorted(([left], [right]) => compare(left, right)))
}
