import type { AccountRole, AccountUser } from '../account/account.js'
import type { AccessOracle, Subject } from './access-oracle.js'
import { attempt, type Attempt } from './attempt.js'
import type { Situation, Targets } from './candidates.js'
import { candidatesOf } from './candidates.js'
import { strongerThan } from './changes.js'
import type { Fact } from './fact.js'
import { Facts } from './fact.js'
import type { Achievement, Goal } from './goal.js'
import { amongNamed, namedFor } from './grants.js'
import { newcomersOf } from './newcomers.js'
import type { Candidate } from './offer.js'
import { candidateKey } from './offer.js'
import { asksForFactor, givenTo, withFactors } from './second-factor.js'
import type { Servants } from './servants.js'
import type { Step } from './step.js'
import { allActions, steps } from './steps.js'
import type { Entities } from './strengthen.js'
import { entitiesAround, strengthen } from './strengthen.js'

/** A step that somebody whom the caller has is allowed. */
export interface Event {
  readonly key: string
  readonly actor: string
  readonly candidate: Candidate
  /** What has to be brought about before. */
  readonly requires: readonly Fact[]
  readonly needs: readonly string[]
}

/** Something that nobody should come to, and what has to be brought about before. */
export interface Arrival {
  readonly goal: Goal
  readonly actor: string
  readonly achievement: Achievement
  readonly requires: readonly Fact[]
}

/** All that somebody can bring about. */
export interface Reach {
  /** What there is before any step. */
  readonly given: readonly Fact[]
  readonly events: readonly Event[]
  readonly arrivals: readonly Arrival[]
}

/** What does not change from one caller to the next. */
export interface World {
  readonly index: Entities
  readonly oracle: AccessOracle
  readonly servants: Servants
  readonly goals: readonly Goal[]
  /** ARNs of administrators: nobody goes further than to such a one. */
  readonly ends: ReadonlySet<string>
  /** By ARN: whether somebody as it is may do nothing that a step takes, but perhaps assume roles. */
  readonly quiet: Map<string, boolean>
  /** By who it is and what was brought about, so that the oracle is asked about one object. */
  readonly subjects: Map<string, readonly Subject[]>
  /** For users and for roles: one of each that are alike, to be had. */
  readonly targets: Targets
  readonly unknown: (about: string, reason: string) => void
  /** How many users and roles one caller may come to have before the search gives up. */
  readonly mostControlled: number
}

/** What steps take besides assuming roles, which hangs on what roles say. */
export const exceptAssuming: readonly string[] = allActions.filter((action) => action !== 'sts:AssumeRole')

/**
 * The fixed point: takes every step that is allowed, as everybody whom the caller has so far, until no step brings about
 * anything new. What was brought about never goes away, so it ends.
 */
export function reachFrom(start: AccountUser | AccountRole, world: World): Reach {
  return new Search(start, world).run()
}

class Search {
  private readonly given: readonly Fact[]
  private readonly facts: Facts
  private readonly controlled = new Map<string, AccountUser | AccountRole>()
  private readonly events = new Map<string, Event>()
  private readonly arrivals = new Map<string, Arrival>()

  constructor(
    private readonly start: AccountUser | AccountRole,
    private readonly world: World,
  ) {
    this.given = givenTo(world.index.account, start)
    this.facts = new Facts(this.given)
    this.controlled.set(start.arn, start)
  }

  run(): Reach {
    for (let isChanged = true; isChanged;) {
      isChanged = false
      for (const actor of this.controlled.values()) if (this.advance(actor)) isChanged = true
      if (this.controlled.size > this.world.mostControlled) {
        this.world.unknown(
          this.start.arn,
          `too large: more than ${this.world.mostControlled} users and roles can be had from here`,
        )
        break
      }
    }
    return {
      given: this.given,
      events: [...this.events.values()],
      arrivals: [...this.arrivals.values()],
    }
  }

  /** Takes all steps that somebody is allowed now; whether anything came of it. */
  private advance(actor: AccountUser | AccountRole): boolean {
    const arrived = this.arrive(actor, this.subjectsOf(actor, this.facts))
    // Whoever has come to a goal by steps may have other ways there, as it was before.
    const facts = arrived ? new Facts(this.given) : this.facts
    const subjects = this.subjectsOf(actor, facts)
    if (arrived && (this.world.ends.has(actor.arn) || this.isEnd(actor, subjects))) return false
    const isBare = subjects.every(({ principal }) => principal === actor)
    const situation = this.situationOf(actor, facts, subjects)
    let isChanged = false
    for (const step of steps) {
      if (isBare && step.id !== 'assume-role' && this.isQuiet(subjects[0]!)) continue
      if (step.kind === 'create') {
        if (this.create(step, actor, subjects)) isChanged = true
        continue
      }
      for (const candidate of candidatesOf(step, situation))
        if (this.take(step, actor, candidate, subjects)) isChanged = true
    }
    return isChanged
  }

  private take(
    step: Step,
    actor: AccountUser | AccountRole,
    candidate: Candidate,
    subjects: readonly Subject[],
  ): boolean {
    const key = `${actor.arn}|${candidateKey(candidate)}`
    if (this.events.has(key) || this.isOutdone(actor, candidate)) return false
    const { index, oracle, unknown } = this.world
    const tried = attempt(candidate, subjects, oracle, index)
    if (!tried.allowed) {
      if (tried.unknown !== undefined) unknown(actor.arn, tried.unknown)
      return false
    }
    const retry = (facts: Facts): Attempt | undefined => {
      const fewer = this.subjectsOf(actor, facts)
      const again = { ...this.situationOf(actor, facts, fewer), controlled: this.concernedBy(candidate) }
      for (const other of candidatesOf(step, again))
        if (candidateKey(other) === candidateKey(candidate)) return attempt(other, fewer, oracle, index)
      return undefined
    }
    const concerned = [candidate.target, candidate.concerns]
    const requires = this.requirements(actor, concerned, (facts) => retry(facts)?.allowed === true)
    // What was brought about besides may be of something that is not known.
    const least = retry(new Facts(requires))
    const { needs } = least?.allowed === true ? least : tried
    return this.record({ key, actor: actor.arn, candidate, requires, needs })
  }

  /** Whether the same one may be given what is stronger than all else as easily: the rest is of no use then. */
  private isOutdone(actor: AccountUser | AccountRole, candidate: Candidate): boolean {
    const stronger = strongerThan(candidate, this.world.index)
    const event = stronger && this.events.get(`${actor.arn}|${candidateKey(stronger)}`)
    return event !== undefined && event.requires.length === 1 && event.needs.length === 0
  }

  /** Whom a step is about, to look for it again. A managed policy may be anybody's whom the caller has. */
  private concernedBy({ concerns, step }: Candidate): readonly (AccountUser | AccountRole)[] {
    const all = [...this.controlled.values()]
    return step.kind === 'change' && step.target !== 'policy'
      ? all.filter(({ arn }) => arn === concerns)
      : all
  }

  private create(
    step: Step & { kind: 'create' },
    actor: AccountUser | AccountRole,
    subjects: readonly Subject[],
  ): boolean {
    const { index, oracle } = this.world
    let isChanged = false
    for (const { principal, candidate } of newcomersOf(step, subjects, oracle, index)) {
      const key = `${actor.arn}|${candidateKey(candidate)}`
      if (this.events.has(key)) continue
      const tried = attempt(candidate, subjects, oracle, index)
      if (!tried.allowed) continue
      const requires = this.requirements(actor, [], (facts) =>
        newcomersOf(step, this.subjectsOf(actor, facts), oracle, index).some(
          (one) => candidateKey(one.candidate) === candidateKey(candidate),
        ),
      )
      if (!this.controlled.has(principal.arn)) this.controlled.set(principal.arn, principal)
      if (this.record({ key, actor: actor.arn, candidate, requires, needs: tried.needs })) isChanged = true
    }
    return isChanged
  }

  private record(event: Event): boolean {
    this.events.set(event.key, event)
    let isChanged = false
    for (const fact of event.candidate.gives) {
      if (this.facts.add(fact)) isChanged = true
      const principal = this.world.index.principals.get(fact.of)
      if (fact.kind === 'controls' && principal !== undefined) this.controlled.set(fact.of, principal)
    }
    return isChanged
  }

  /** Whether somebody has come to a goal after which nothing more is to be had. */
  private arrive(actor: AccountUser | AccountRole, subjects: readonly Subject[]): boolean {
    const { goals, oracle, ends, unknown } = this.world
    let isThere = ends.has(actor.arn)
    for (const goal of goals)
      for (const achievement of goal.reachedBy(actor, subjects, oracle, unknown)) {
        const { action, resource } = achievement.request
        const needed = achievement.needs?.length ?? 0
        if (goal === goals[0]) isThere = true
        const key = `${goal.name}|${actor.arn}|${achievement.what}|${action}|${resource}|${needed > 0}`
        if (this.arrivals.has(key)) continue
        const again = (facts: Facts): Achievement | undefined =>
          goal
            .reachedBy(actor, this.subjectsOf(actor, facts), oracle, () => {})
            .find(
              ({ needs = [], request, what }) =>
                what === achievement.what && request.action === action && needs.length <= needed,
            )
        const requires = this.requirements(actor, [], (facts) => again(facts) !== undefined)
        // What was brought about besides may be of something that is not known.
        const least = again(new Facts(requires)) ?? achievement
        this.arrivals.set(key, { goal, actor: actor.arn, achievement: least, requires })
      }
    return isThere
  }

  private isEnd(actor: AccountUser | AccountRole, subjects: readonly Subject[]): boolean {
    const { goals, oracle } = this.world
    const [administrator] = goals
    return (
      administrator !== undefined && administrator.reachedBy(actor, subjects, oracle, () => {}).length > 0
    )
  }

  /** As few facts as will do for something that the actor can do with all of them. */
  private requirements(
    actor: AccountUser | AccountRole,
    others: readonly string[],
    isEnough: (facts: Facts) => boolean,
  ): readonly Fact[] {
    const { index } = this.world
    const having: Fact = { kind: 'controls', of: actor.arn }
    const around = [...entitiesAround(actor, this.facts, index), ...others]
    let left = [...new Set(around.flatMap((arn) => this.facts.of(arn)))].filter(
      ({ kind }) => kind !== 'controls',
    )
    if (left.length === 0 || isEnough(new Facts())) return [having]
    const single = left.find((fact) => isEnough(new Facts([fact])))
    if (single) return [having, single]
    for (const fact of left) {
      const fewer = left.filter((one) => one !== fact)
      if (isEnough(new Facts(fewer))) left = fewer
    }
    return [having, ...left]
  }

  private situationOf(
    actor: AccountUser | AccountRole,
    facts: Facts,
    subjects: readonly Subject[],
  ): Situation {
    const { index, oracle, servants, targets } = this.world
    return {
      index,
      targets,
      actor,
      start: this.start.arn,
      facts,
      controlled: [...this.controlled.values()],
      servants,
      mightDo: (action, resource) =>
        subjects.some((subject) => oracle.can(subject, action, resource).answer !== 'no'),
      // All of them have the same identity policies.
      named: (action, things) => amongNamed(namedFor(subjects[0]!, action, index.account), things),
    }
  }

  private isQuiet({ principal }: Subject): boolean {
    const { oracle, quiet } = this.world
    let isQuiet = quiet.get(principal.arn)
    if (isQuiet === undefined) {
      isQuiet = oracle.canAny([principal], exceptAssuming) === 'no'
      quiet.set(principal.arn, isQuiet)
    }
    return isQuiet
  }

  /** The same objects for the same facts, so that the oracle remembers its answers. */
  private subjectsOf(actor: AccountUser | AccountRole, facts: Facts): readonly Subject[] {
    const { index } = this.world
    const relevant = [...entitiesAround(actor, facts, index)].flatMap((arn) =>
      facts.of(arn).filter(({ kind }) => kind !== 'controls'),
    )
    const asks = asksForFactor(index.account)
    const key = `${actor.arn}|${asks && actor === this.start}|${JSON.stringify(relevant)}`
    const { subjects } = this.world
    let known = subjects.get(key)
    if (known === undefined) {
      if (subjects.size >= MOST_REMEMBERED) subjects.clear()
      const strong = strengthen(actor, facts, index)
      known = asks ? withFactors(strong, actor, this.start.arn, facts) : strong
      subjects.set(key, known)
    }
    return known
  }
}

const MOST_REMEMBERED = 100_000
