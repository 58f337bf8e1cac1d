import type { Fact } from './fact.js'
import { keyOf } from './fact.js'
import type { Arrival, Event, Reach } from './reach.js'

/** Steps that bring somebody to a goal, in an order in which they can be taken. */
export interface Derivation {
  readonly arrival: Arrival
  readonly events: readonly Event[]
}

/**
 * Every way to what somebody can come to that does without no step of its own: shortest first. Gives up beyond `most`
 * ways to one goal, or twice as many to all, of which each has one at least, and says so.
 */
export function derivationsOf(
  { given, events, arrivals }: Reach,
  most: number,
): { readonly derivations: readonly Derivation[]; readonly isCut: boolean } {
  const search = new Derivations(new Set(given.map(keyOf)), events, most)
  const share = Math.max(1, Math.floor((2 * most) / arrivals.length))
  let isCut = false
  const derivations = arrivals.flatMap((arrival) => {
    const ways = search.minimal(arrival.requires).toSorted((one, other) => needsOf(one) - needsOf(other))
    isCut ||= ways.length > share
    return ways.slice(0, share).map((found) => ({ arrival, events: search.ordered(found) }))
  })
  return {
    derivations: derivations.toSorted(
      (one, other) => one.events.length - other.events.length || compare(textOf(one), textOf(other)),
    ),
    isCut: isCut || search.isCut,
  }
}

/** What is certain first; then they stay in the order that they have. */
function needsOf(events: ReadonlySet<Event>): number {
  return [...events].some(({ needs }) => needs.length > 0) ? 1 : 0
}

function textOf({ arrival, events }: Derivation): string {
  return [...events.map(({ key }) => key), arrival.actor, arrival.achievement.what].join('\n')
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

class Derivations {
  isCut = false
  private readonly byFact = new Map<string, Event[]>()
  private readonly position = new Map<Event, number>()

  constructor(
    /** What is there without any step. */
    private readonly given: ReadonlySet<string>,
    events: readonly Event[],
    private readonly most: number,
  ) {
    for (const [position, event] of events.entries()) {
      this.position.set(event, position)
      for (const fact of event.candidate.gives) {
        const key = keyOf(fact)
        const known = this.byFact.get(key)
        if (known) known.push(event)
        else this.byFact.set(key, [event])
      }
    }
  }

  minimal(facts: readonly Fact[]): readonly ReadonlySet<Event>[] {
    const all = this.all(facts, new Set()).toSorted((one, other) => one.size - other.size)
    const kept: ReadonlySet<Event>[] = []
    for (const one of all) if (!kept.some((smaller) => isSubset(smaller, one))) kept.push(one)
    return kept
  }

  /** In the order in which what each requires is there; so the first of two is the one that was found first. */
  ordered(events: ReadonlySet<Event>): readonly Event[] {
    const left = [...events].toSorted((one, other) => this.position.get(one)! - this.position.get(other)!)
    const done = new Set(this.given)
    const order: Event[] = []
    while (left.length > 0) {
      const next = left.findIndex(({ requires }) => requires.every((fact) => done.has(keyOf(fact))))
      const [event] = left.splice(Math.max(next, 0), 1)
      if (event === undefined) break
      order.push(event)
      for (const fact of event.candidate.gives) done.add(keyOf(fact))
    }
    return order
  }

  /** Ways to bring all of some facts about without any of `pending`, which these are needed for. */
  private all(facts: readonly Fact[], pending: ReadonlySet<string>): readonly ReadonlySet<Event>[] {
    let ways: readonly ReadonlySet<Event>[] = [new Set()]
    for (const fact of facts) {
      const more = this.waysTo(fact, pending)
      const combined: ReadonlySet<Event>[] = []
      for (const way of ways)
        for (const other of more) {
          if (combined.length >= this.most) {
            this.isCut = true
            break
          }
          combined.push(new Set([...way, ...other]))
        }
      ways = combined
    }
    return ways
  }

  private waysTo(fact: Fact, pending: ReadonlySet<string>): readonly ReadonlySet<Event>[] {
    const key = keyOf(fact)
    if (this.given.has(key)) return [new Set()]
    if (pending.has(key)) return []
    const inside = new Set([...pending, key])
    const ways: ReadonlySet<Event>[] = []
    for (const event of this.byFact.get(key) ?? [])
      for (const way of this.all(event.requires, inside)) {
        if (ways.length >= this.most) {
          this.isCut = true
          return ways
        }
        ways.push(new Set([...way, event]))
      }
    return ways
  }
}

function isSubset(one: ReadonlySet<Event>, other: ReadonlySet<Event>): boolean {
  for (const event of one) if (!other.has(event)) return false
  return true
}
