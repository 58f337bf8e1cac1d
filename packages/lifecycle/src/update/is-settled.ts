import type { Plan } from '@ringfence/plan'
import { declaredFacts } from '../drift/declared-facts.js'
import type { Fact } from '../drift/fact.js'
import { type RecordedResource, recordedFacts } from '../drift/recorded-facts.js'
import { recordedIds } from '../drift/recorded-ids.js'

/** Whether a stack's state has exactly what a plan makes: no update to something else was stopped halfway. */
export function isSettled(recorded: readonly RecordedResource[], plan: Plan): boolean {
  const [there, planned] = textsOf(recorded, plan)
  return there.size === planned.size && isWithin(there, planned)
}

/** Whether a stack's state has nothing but what a plan makes: only updates to that plan have been there. */
export function isBegun(recorded: readonly RecordedResource[], plan: Plan): boolean {
  const [there, planned] = textsOf(recorded, plan)
  return isWithin(there, planned)
}

function textsOf(
  recorded: readonly RecordedResource[],
  plan: Plan,
): readonly [ReadonlySet<string>, ReadonlySet<string>] {
  const declared = declaredFacts(plan, recordedIds(recorded, plan.organization))
  return [texts(recordedFacts(recorded)), texts(declared)]
}

function texts(facts: readonly Fact[]): ReadonlySet<string> {
  return new Set(
    facts.map(({ aspect, name = '', thing, value }) => JSON.stringify([thing, aspect, name, value])),
  )
}

function isWithin(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((text) => all.has(text))
}
