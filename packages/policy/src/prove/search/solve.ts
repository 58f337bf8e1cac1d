import { Budget, Undecided, type Bounds } from '../bounds.js'
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
}

/** An action and a resource that a request can ask for together. */
export interface AskedFor {
  readonly action: ActionValue
  readonly resource: ResourceValue
  readonly ties: readonly TargetedTie[]
}

/** Requests that are made as they are asked for. */
export interface RequestSource {
  /**
   * Those that keep the required statements. Where `promising` is false for the statements that an action and
   * every resource leave, no request with that action is of use.
   */
  options(required: bigint, promising: (mask: bigint) => boolean): Iterable<Option<AskedFor> | Undecided>
}

/** The variables that the search is about. */
export interface SearchSpace {
  readonly shared: readonly Dimension[]
  readonly actions: Dimension<ActionValue>
  readonly resources: Dimension<ResourceValue>
  /** The requests of the known world, if they are looked for too. */
  readonly known: RequestSource | undefined
}

/** A point of each world, or that there is none, or that it is not decided. */
export interface Difference {
  readonly open: Point | undefined | Undecided
  readonly known: Point | undefined | Undecided
}

/**
 * Looks for a point of one of the goals. What has to hold limits the options of each dimension by itself; what must
 * not hold is struck out dimension by dimension, and of options only those count that strike out most. Known
 * requests are among all requests, so that they are looked through only where these have a point.
 */
export function findPoint(goals: Iterable<Goal>, space: SearchSpace, bounds: Bounds): Difference {
  const budget = new Budget(
    bounds.combinations,
    'combinations of classes',
    'compare fewer statements at a time',
  )
  let open: Point | undefined
  let openUndecided: Undecided | undefined
  let knownUndecided: Undecided | undefined
  for (const goal of goals) {
    const front = strikeOut(goal, space.shared, budget)
    if (front instanceof Undecided) {
      openUndecided ??= front
      continue
    }
    if (front.length === 0) continue
    const anywhere = askOpen(goal, front, space, budget)
    if (anywhere instanceof Undecided) openUndecided ??= anywhere
    if (!anywhere || anywhere instanceof Undecided) continue
    open ??= anywhere
    if (!space.known) break
    const found = askKnown(goal, front, space.known, budget)
    if (found instanceof Undecided) knownUndecided ??= found
    else if (found) return { open: found, known: found }
  }
  return { open: open ?? openUndecided, known: knownUndecided ?? openUndecided }
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

function askOpen(
  { excluded, required }: Goal,
  front: readonly Choice[],
  { actions, resources }: SearchSpace,
  budget: Budget,
): Point | undefined | Undecided {
  const usefulActions = strongest(actions.options, required, excluded, budget)
  if (usefulActions instanceof Undecided) return usefulActions
  const usefulResources = strongest(resources.options, required, excluded, budget)
  if (usefulResources instanceof Undecided) return usefulResources
  for (const action of usefulActions)
    for (const resource of usefulResources) {
      if (!budget.spend(front.length)) return budget.exhausted()
      const done = front.find(({ mask }) => (mask & action.mask & resource.mask) === 0n)
      if (done)
        return {
          shared: optionsOf(done),
          asked: { action: action.value, resource: resource.value, ties: resource.ties ?? [] },
        }
    }
  return undefined
}

function askKnown(
  { required }: Goal,
  front: readonly Choice[],
  known: RequestSource,
  budget: Budget,
): Point | undefined | Undecided {
  const promising = (mask: bigint): boolean => front.some((choice) => (choice.mask & mask) === 0n)
  for (const option of known.options(required, promising)) {
    if (option instanceof Undecided) return option
    if (!budget.spend()) return budget.exhausted()
    if ((option.mask & required) !== required) continue
    const done = front.find(({ mask }) => (mask & option.mask) === 0n)
    if (done) return { shared: optionsOf(done), asked: option.value }
  }
  return undefined
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
