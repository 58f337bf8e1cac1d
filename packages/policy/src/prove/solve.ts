import { Budget, Undecided, type Bounds } from './bounds.js'
import type { Dimension, Option } from './dimension.js'
import type { Term } from './term.js'

/** What is looked for: a point where the required statements hold and none of the others. */
interface Goal {
  readonly required: bigint
  readonly excluded: bigint
}

/** One option of each dimension, the last first. */
interface Choice {
  /** The excluded statements that still hold. */
  readonly mask: bigint
  readonly option: Option
  readonly before: Choice | undefined
}

/** A point: one option of each dimension, in their order, and last the one of the joint dimension. */
export type Point = readonly Option[]

/** Options that are made as they are asked for; only those that keep `required` count. */
export type LazyOptions = (required: bigint) => Iterable<Option | Undecided>

/**
 * Looks for a point that the policy of `side` allows and the other does not. Each of its allows is tried, with
 * each way of the other to refuse: no allow holds, or one of its denies does. What then has to hold limits the
 * options of each dimension by itself; what must not hold is struck out dimension by dimension, and of options
 * only those count that strike out most.
 */
export function findDifference(
  term: Term,
  side: 0 | 1,
  dimensions: readonly Dimension[],
  bounds: Bounds,
  last?: LazyOptions,
): Point | undefined | Undecided {
  const budget = new Budget(
    bounds.combinations,
    'combinations of classes',
    'compare fewer statements at a time',
  )
  let undecided: Undecided | undefined
  for (const goal of goals(term, side)) {
    const found = reach(goal, dimensions, budget, last)
    if (found instanceof Undecided) undecided ??= found
    else if (found) return found
  }
  return undecided
}

function* goals(term: Term, side: 0 | 1): Generator<Goal> {
  const other = side === 0 ? 1 : 0
  const own = term.denies[side]
  for (const allow of bitsOf(term.allows[side])) {
    yield { required: allow, excluded: own | term.allows[other] }
    for (const deny of bitsOf(term.denies[other])) yield { required: allow | deny, excluded: own }
  }
}

function bitsOf(mask: bigint): bigint[] {
  const bits: bigint[] = []
  for (let bit = 1n; bit <= mask; bit <<= 1n) if ((mask & bit) !== 0n) bits.push(bit)
  return bits
}

function reach(
  { excluded, required }: Goal,
  dimensions: readonly Dimension[],
  budget: Budget,
  last: LazyOptions | undefined,
): Point | undefined | Undecided {
  const narrowed: Option[][] = []
  for (const { options } of dimensions) {
    const useful = strongest(options, required, excluded, budget)
    if (useful instanceof Undecided) return useful
    if (useful.length === 0) return undefined
    narrowed.push(useful)
  }
  // Few options first: they keep the combinations few.
  const order = narrowed
    .map((_, index) => index)
    .toSorted((a, b) => narrowed[a]!.length - narrowed[b]!.length)
  let front: Choice[] = []
  for (const [rank, index] of order.entries()) {
    const next: Choice[] = []
    for (const option of narrowed[index]!) {
      if (rank === 0) next.push({ mask: option.mask & excluded, option, before: undefined })
      for (const before of front) next.push({ mask: before.mask & option.mask, option, before })
    }
    const kept = keepStrongest(next, budget)
    if (kept instanceof Undecided) return kept
    front = kept
  }
  if (!last) {
    const done = front.find(({ mask }) => mask === 0n)
    return done && pointOf(done, order)
  }
  for (const option of last(required)) {
    if (option instanceof Undecided) return option
    if (!budget.spend()) return budget.exhausted()
    if ((option.mask & required) !== required) continue
    if (front.length === 0 && (option.mask & excluded) === 0n) return [option]
    const done = front.find(({ mask }) => (mask & option.mask) === 0n)
    if (done) return [...pointOf(done, order), option]
  }
  return undefined
}

/** The options that keep what is required, without those that another one beats. */
function strongest(
  options: readonly Option[],
  required: bigint,
  excluded: bigint,
  budget: Budget,
): Option[] | Undecided {
  const byRest = new Map<bigint, Option>()
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

function pointOf(choice: Choice, order: readonly number[]): Option[] {
  const point: Option[] = []
  let at: Choice | undefined = choice
  for (const index of order.toReversed()) {
    point[index] = at!.option
    at = at!.before
  }
  return point
}
