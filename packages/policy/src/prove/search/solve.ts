import { Undecided, type Budget } from '../bounds.js'
import type { ActionValue, Dimension, Option, ResourceValue, TargetedTie } from '../options/dimension.js'
import type { PairTerm } from './term.js'

/** What is looked for: a point where the required statements hold and none of the others. */
export interface Goal {
  readonly required: bigint
  readonly excluded: bigint
}

/** One option of each dimension, the last first. */
export interface Choice {
  /** The excluded statements that still hold. */
  readonly mask: bigint
  readonly option: Option | undefined
  /** Of the dimension. */
  readonly index: number
  readonly before: Choice | undefined
}

/** A point: one option of each shared dimension, in their order, and an action and a resource. */
export interface Point {
  readonly shared: readonly Option[]
  readonly asked: AskedFor
  /** The last of the shared options is who asks. */
  readonly hasPrincipal: boolean
}

/** An action and a resource that a request can ask for together. */
export interface AskedFor {
  readonly action: ActionValue
  readonly resource: ResourceValue
  readonly ties: readonly TargetedTie[]
}

/** A point of each world, or that there is none, or that it is not decided. */
export interface Difference {
  readonly open: Point | undefined | Undecided
  readonly known: Point | undefined | Undecided
}

/**
 * The ways in which the policy of `side` allows and the other does not: each of its allows, with each way of the
 * other to refuse, which is that no allow holds or one of its denies does.
 */
export function* differenceGoals(term: PairTerm, side: 0 | 1): Generator<Goal> {
  const other = side === 0 ? 1 : 0
  const own = term.denies[side]
  for (const allow of bitsOf(term.allows[side])) {
    yield { required: allow, excluded: own | term.allows[other] }
    for (const deny of bitsOf(term.denies[other])) yield { required: allow | deny, excluded: own }
  }
}

export function bitsOf(mask: bigint): bigint[] {
  const bits: bigint[] = []
  for (let bit = 1n; bit <= mask; bit <<= 1n) if ((mask & bit) !== 0n) bits.push(bit)
  return bits
}

/** The ways to choose from the dimensions that leave least; none where what is required cannot hold. */
export function strikeOut(
  { excluded, required }: Goal,
  dimensions: readonly Dimension[],
  budget: Budget,
): readonly Choice[] | Undecided {
  const narrowed: { readonly index: number; readonly options: readonly Option[] }[] = []
  for (const [index, { options }] of dimensions.entries()) {
    const useful = strongest(options, required, excluded, budget)
    if (useful instanceof Undecided) return useful
    if (useful.length === 0) return []
    narrowed.push({ index, options: useful })
  }
  // Few options first: they keep the combinations few.
  narrowed.sort((a, b) => a.options.length - b.options.length)
  let front: readonly Choice[] = [{ mask: excluded, option: undefined, index: -1, before: undefined }]
  for (const { index, options } of narrowed) {
    const next: Choice[] = []
    for (const option of options)
      for (const before of front) next.push({ mask: before.mask & option.mask, option, index, before })
    const kept = keepStrongest(next, budget)
    if (kept instanceof Undecided) return kept
    front = kept
  }
  return front
}

/** The options that keep what is required, without those that another one beats. */
function strongest<Value>(
  options: readonly Option<Value>[],
  required: bigint,
  excluded: bigint,
  budget: Budget,
): Option<Value>[] | Undecided {
  const byRest = new Map<bigint, Option<Value>>()
  for (const option of options) {
    if ((option.mask & required) !== required) continue
    const rest = option.mask & excluded
    if (rest === 0n) return [option]
    if (!byRest.has(rest)) byRest.set(rest, option)
  }
  const kept = keepStrongest(
    [...byRest].map(([mask, option]) => ({ mask, option })),
    budget,
  )
  return kept instanceof Undecided ? kept : kept.map(({ option }) => option)
}

/** Those whose mask contains no other's. */
function keepStrongest<Item extends { readonly mask: bigint }>(
  items: readonly Item[],
  budget: Budget,
): Item[] | Undecided {
  if (items.length < 2) return [...items]
  const distinct = new Map<bigint, Item>()
  for (const item of items) {
    if (item.mask === 0n) return [item]
    if (!distinct.has(item.mask)) distinct.set(item.mask, item)
  }
  const kept: Item[] = []
  const sorted = [...distinct.values()].toSorted((a, b) => bitCount(a.mask) - bitCount(b.mask))
  for (const item of sorted) {
    if (!budget.spend(1 + (kept.length >> 3))) return budget.exhausted()
    if (!kept.some(({ mask }) => (mask & item.mask) === mask)) kept.push(item)
  }
  return kept
}

function bitCount(mask: bigint): number {
  let count = 0
  for (let rest = mask; rest > 0n; rest >>= 32n) {
    let word = Number(rest & 0xffffffffn)
    for (; word !== 0; word = (word & (word - 1)) >>> 0) count++
  }
  return count
}

export function optionsOf(choice: Choice): Option[] {
  const options: Option[] = []
  for (let at: Choice | undefined = choice; at?.option; at = at.before) options[at.index] = at.option
  return options
}
