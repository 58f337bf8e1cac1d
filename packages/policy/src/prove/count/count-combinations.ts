import { Undecided, type Budget } from '../bounds.js'

/** Values of a variable that no statement tells apart: the statements that they satisfy, and how many they are. */
export interface CountedOption {
  readonly mask: bigint
  readonly count: bigint
}

/** The bits of the statements that allow and of those that deny. */
export interface Effects {
  readonly allows: bigint
  readonly denies: bigint
}

interface Variable {
  readonly options: readonly CountedOption[]
  /** Statements that some of the options do not satisfy. */
  readonly undoes: bigint
  /** All values. */
  readonly total: bigint
}

/** What the variables that are still to be joined may do. */
interface Ahead {
  /** Statements that they may undo. */
  readonly undone: bigint
  /** Their values, multiplied. */
  readonly total: bigint
}

/**
 * How many ways there are to choose a value of each variable such that a statement that allows holds and none that
 * denies. Variables are joined one by one, and what they leave is told apart only as far as it matters: statements
 * that no variable ahead can undo are settled, so that the variables of one statement after the other leave few.
 * The caller's budget counts combinations of options.
 */
export function countCombinations(
  variables: readonly (readonly CountedOption[])[],
  effects: Effects,
  budget: Budget,
): bigint | Undecided {
  const all = effects.allows | effects.denies
  const sum = new Sum(effects)
  const ordered = inOrder(variables.map((options) => variableOf(options, all, sum.sure)))
  const ahead = aheadOf(ordered)
  let left = new Map<bigint, bigint>()
  sum.put(left, all, 1n, ahead[0]!)
  for (const [index, { options }] of ordered.entries()) {
    const joined = new Map<bigint, bigint>()
    for (const [mask, ways] of left) {
      if (!budget.spend(options.length)) return budget.exhausted()
      for (const { count, mask: satisfied } of options)
        sum.put(joined, mask & satisfied, ways * count, ahead[index + 1]!)
    }
    left = joined
  }
  return sum.allowed
}

/** Adds up what is allowed for sure. */
class Sum {
  allowed = 0n
  /** A bit that stands for an allow that nothing ahead undoes. */
  readonly sure: bigint

  constructor(private readonly effects: Effects) {
    this.sure = 1n << BigInt((effects.allows | effects.denies).toString(2).length)
  }

  /** Notes so many ways that leave these statements, unless nothing ahead changes what becomes of them. */
  put(into: Map<bigint, bigint>, mask: bigint, ways: bigint, { total, undone }: Ahead): void {
    const denying = mask & this.effects.denies
    if ((denying & ~undone) !== 0n) return
    const allowing = mask & (this.effects.allows | this.sure)
    if (allowing === 0n) return
    const isSure = (allowing & ~undone) !== 0n
    if (isSure && denying === 0n) {
      this.allowed += ways * total
      return
    }
    const kept = denying | (isSure ? this.sure : allowing)
    into.set(kept, (into.get(kept) ?? 0n) + ways)
  }
}

function variableOf(options: readonly CountedOption[], all: bigint, sure: bigint): Variable {
  const merged = new Map<bigint, bigint>()
  let undoes = 0n
  let total = 0n
  for (const { count, mask } of options) {
    const satisfied = (mask & all) | sure
    merged.set(satisfied, (merged.get(satisfied) ?? 0n) + count)
    undoes |= all & ~mask
    total += count
  }
  return { options: Array.from(merged, ([mask, count]) => ({ mask, count })), undoes, total }
}

/** For each variable what it and those behind it may do; then nothing. */
function aheadOf(ordered: readonly Variable[]): readonly Ahead[] {
  const ahead: Ahead[] = [{ undone: 0n, total: 1n }]
  for (const { total, undoes } of ordered.toReversed()) {
    const behind = ahead[0]!
    ahead.unshift({ undone: behind.undone | undoes, total: behind.total * total })
  }
  return ahead
}

/**
 * The order in which few statements are open at a time: those of one statement after the other, always of the one
 * that needs fewest more, and of a statement's variables the one with the fewest options first.
 */
function inOrder(variables: readonly Variable[]): readonly Variable[] {
  const byStatement = new Map<number, Set<Variable>>()
  const statements = new Map<Variable, readonly number[]>()
  for (const variable of variables.toSorted((a, b) => a.options.length - b.options.length)) {
    const bits = bitNumbers(variable.undoes)
    statements.set(variable, bits)
    for (const bit of bits) {
      let of = byStatement.get(bit)
      if (!of) byStatement.set(bit, (of = new Set()))
      of.add(variable)
    }
  }
  const ordered = new Set<Variable>()
  while (byStatement.size > 0) {
    const fewest = Math.min(...Array.from(byStatement.values(), ({ size }) => size))
    const [, next] = [...byStatement].find(([, { size }]) => size === fewest)!
    for (const variable of next) {
      ordered.add(variable)
      for (const bit of statements.get(variable)!) {
        const of = byStatement.get(bit)!
        of.delete(variable)
        if (of.size === 0) byStatement.delete(bit)
      }
    }
  }
  // Those that undo nothing are multiplied as they are.
  return [...ordered, ...variables.filter((variable) => !ordered.has(variable))]
}

function bitNumbers(mask: bigint): number[] {
  const numbers: number[] = []
  for (let rest = mask, number = 0; rest > 0n; rest >>= 1n, number++)
    if ((rest & 1n) === 1n) numbers.push(number)
  return numbers
}
