import type { Account, AccountRole, AccountUser, Unknown } from '../account/account.js'
import type { AccessOracle, Subject } from './access-oracle.js'
import { describeEvent } from './chain.js'
import type { Derivation } from './derive.js'
import { derivationsOf } from './derive.js'
import { Facts } from './fact.js'
import type { Goal } from './goal.js'
import { administrators } from './goal.js'
import { groupsAlike } from './alike.js'
import type { Targets } from './candidates.js'
import { UNLIKELY_NAME } from './mentioned.js'
import type { EscalationPath } from './path.js'
import type { World } from './reach.js'
import { exceptAssuming, reachFrom } from './reach.js'
import { withoutServiceLinked } from './roles-of-aws.js'
import { asksForFactor, givenTo, withFactors } from './second-factor.js'
import { Servants } from './servants.js'
import { publicIdsOf } from './steps.js'
import { entitiesOf } from './strengthen.js'

export interface Escalations {
  /** Shortest first, then those that are certain. None, and nothing unknown: nobody can. */
  readonly paths: readonly EscalationPath[]
  /** What could not be decided, or was too much. */
  readonly unknowns: readonly Unknown[]
  /** ARNs of who reaches a goal without a step and was taken for an administrator. */
  readonly administrators: readonly string[]
}

/** What to look for besides; bounds of the search. */
export interface EscalationOptions {
  /** Administrators by declaration; default: whoever is one by the policies. ARNs. */
  readonly administrators?: readonly string[]
  /** Besides coming to be an administrator. */
  readonly goals?: readonly Goal[]
  /** Ways that are told for one start and one end, twice as many for all its ends; default 100. */
  readonly mostWays?: number
  /** Users and roles that one start may come to have; default 1,000. */
  readonly mostControlled?: number
}

/**
 * Every minimal chain of publicly documented steps by which a user or role of an account, not an administrator, becomes
 * one, or comes to another goal. Each request on the way is one that the oracle finds to be allowed; what the oracle
 * cannot say is in `unknowns`, and no path is built on it. A path that is only `possible` hangs on something that
 * exists or not outside of what the account tells.
 */
export function findEscalations(
  described: Account,
  oracle: AccessOracle,
  options: EscalationOptions = {},
): Escalations {
  const account = withoutServiceLinked(described)
  const index = entitiesOf(account)
  const unknowns = new Unknowns()
  const ends = new Set(options.administrators ?? [])
  const administrator = administrators(index, new Set(ends))
  const alike = groupsAlike(account, ends)
  const targets = targetsAmong(alike)
  const world: World = {
    index,
    oracle,
    servants: new Servants(index, [...targets.roles.values()], oracle, unknowns.add),
    goals: [administrator, ...(options.goals ?? [])],
    ends,
    quiet: new Map(),
    subjects: new Map(),
    targets,
    unknown: unknowns.add,
    mostControlled: options.mostControlled ?? 1_000,
  }
  const active = activeOf(
    alike.map(([first]) => first!).filter(({ arn }) => !ends.has(arn)),
    world,
  )
  if (options.administrators === undefined)
    for (const one of active)
      if (administrator.reachedBy(one, subjectsAtFirst(one, account), oracle, unknowns.add).length > 0)
        ends.add(one.arn)
  const others = new Map(alike.map(([first, ...rest]) => [first!.arn, rest.map(({ arn }) => arn)]))
  const paths: EscalationPath[] = []
  for (const start of active) {
    if (ends.has(start.arn)) continue
    const { derivations, isCut } = derivationsOf(reachFrom(start, world), options.mostWays ?? 100)
    if (isCut) unknowns.add(start.arn, 'too large: there are more ways than are told')
    paths.push(...derivations.map((one) => pathOf(start.arn, others.get(start.arn) ?? [], one)))
  }
  return {
    paths: paths.toSorted(
      (one, other) => one.steps.length - other.steps.length || one.certainty.localeCompare(other.certainty),
    ),
    unknowns: unknowns.list,
    administrators: [...ends, ...[...ends].flatMap((arn) => others.get(arn) ?? [])].toSorted(),
  }
}

/** Somebody before any step. */
function subjectsAtFirst(one: AccountUser | AccountRole, account: Account): readonly Subject[] {
  const subjects = [{ principal: one }]
  if (!asksForFactor(account)) return subjects
  return withFactors(subjects, one, one.arn, new Facts(givenTo(account, one)))
}

/** The same for users or roles that the same policies hold for. */
function policiesKey(one: AccountUser | AccountRole): string {
  const { kind, attached, inline, permissionsBoundary } = one
  const memberships = one.kind === 'user' ? [...one.groups].toSorted() : []
  const documents = inline.map(({ document, name }) => document ?? name)
  return JSON.stringify([kind, permissionsBoundary, [...attached].toSorted(), memberships, documents])
}

function groupBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const known = groups.get(key)
    if (known) known.push(one)
    else groups.set(key, [one])
  }
  return [...groups.values()]
}

/**
 * Who may take some step or do something that a goal is about, as far as those with the same policies can be told about
 * at once.
 */
function activeOf(
  principals: readonly (AccountUser | AccountRole)[],
  world: World,
): readonly (AccountUser | AccountRole)[] {
  const { oracle, servants, goals, quiet } = world
  const aims = [...new Set(goals.flatMap(({ actions }) => actions))]
  const active: (AccountUser | AccountRole)[] = []
  for (const group of groupBy(principals, policiesKey)) {
    const isQuiet = oracle.canAny(group, exceptAssuming) === 'no'
    for (const one of group) quiet.set(one.arn, isQuiet)
    const isIdle = isQuiet && oracle.canAny(group, aims) === 'no'
    active.push(...(isIdle ? group.filter((one) => servants.assumableBy(one).length > 0) : group))
  }
  return active
}

/** One of each group to do something to. */
function targetsAmong(alike: readonly (readonly (AccountUser | AccountRole)[])[]): Targets {
  const all = alike.map(([first]) => first!)
  return {
    users: new Map(all.flatMap((one) => (one.kind === 'user' ? [[one.arn, one]] : []))),
    roles: new Map(all.flatMap((one) => (one.kind === 'role' ? [[one.arn, one]] : []))),
  }
}

function pathOf(from: string, alike: readonly string[], { arrival, events }: Derivation): EscalationPath {
  const steps = events.map(({ actor, candidate, needs }) => ({
    id: candidate.step.id,
    publicIds: candidate.step.publicIds,
    who: actor,
    target: candidate.target,
    requests: candidate.requests,
    gives: withStars(describeEvent(candidate)),
    needs: needs.map(withStars),
  }))
  const needs = (arrival.achievement.needs ?? []).map(withStars)
  const byConcern = new Map<string, Set<string>>()
  for (const { candidate } of events)
    byConcern.set(candidate.concerns, (byConcern.get(candidate.concerns) ?? new Set()).add(candidate.step.id))
  const combined = [...byConcern.values()].flatMap(publicIdsOf)
  return {
    from,
    alike,
    to: arrival.actor,
    goal: arrival.goal.name,
    what: arrival.achievement.what,
    on: arrival.achievement.on,
    request: arrival.achievement.request,
    needs,
    publicIds: [...new Set([...steps.flatMap(({ publicIds }) => publicIds), ...combined])].toSorted(),
    steps,
    certainty: [{ needs }, ...steps].some((one) => one.needs.length > 0) ? 'possible' : 'certain',
  }
}

/** Nobody knows the name that was picked for one that a pattern matches. */
function withStars(text: string): string {
  return text.replaceAll(UNLIKELY_NAME, '*')
}

/** Each of them once. */
class Unknowns {
  private readonly found = new Map<string, Unknown>()

  readonly add = (about: string, reason: string): void => {
    const told = { about: withStars(about), reason: withStars(reason) }
    this.found.set(`${told.about}\n${told.reason}`, told)
  }

  get list(): readonly Unknown[] {
    return [...this.found.values()]
  }
}
