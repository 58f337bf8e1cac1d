import type { Fact } from './drafts.js'

/** What places of an input say of one thing: the same, nothing, or different things. */
export type Settled<Value> =
  | { readonly said: 'nothing' }
  | { readonly said: 'one'; readonly value: Value }
  | { readonly said: 'different'; readonly reason: string }

/** Of several facts about one thing those of files that list everything, where there are any. */
export function strongest<Value>(facts: readonly Fact<Value>[]): readonly Fact<Value>[] {
  const complete = facts.filter(({ source }) => source.complete)
  return complete.length > 0 ? complete : facts
}

/** A part of what facts say. */
export function project<Value, Part>(
  facts: readonly Fact<Value>[],
  pick: (value: Value) => Part,
): readonly Fact<Part>[] {
  return facts.map(({ source, value }) => ({ value: pick(value), source }))
}

/** The one thing that all facts say; `what` names it in the reason why it is not known. */
export function settle<Value>(facts: readonly Fact<Value>[], what: string): Settled<Value> {
  const [first] = facts
  if (!first) return { said: 'nothing' }
  const other = facts.find(({ value }) => !isSame(value, first.value))
  if (!other) return { said: 'one', value: first.value }
  const reason = `${what}: ${placeOf(first)} says something else than ${placeOf(other)}`
  return { said: 'different', reason }
}

export function placeOf({ source }: Pick<Fact<unknown>, 'source'>): string {
  return source.place === undefined ? source.file : `${source.file}, ${source.place}`
}

/** Whether two values of JSON are equal; the order of keys does not matter, that of lists does. */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const entries = Object.entries(one).filter(([, value]) => value !== undefined)
  const others = new Map(Object.entries(other).filter(([, value]) => value !== undefined))
  return (
    entries.length === others.size &&
    entries.every(([key, value]) => others.has(key) && isSame(value, others.get(key)))
  )
}
