import type { Goal } from './solve.js'
import { covers, mayMeet } from './statement-relations.js'
import { TermBuilder, type Term, type TermStatement } from './term.js'

/** A goal by itself: a term of the statements that matter to it alone. */
export interface GoalSlice {
  readonly goal: Goal
  readonly term: Term
}

/**
 * What matters to a goal. Statements that nothing satisfies together with a required one cannot disturb it; and one
 * that takes all that a required one takes makes it impossible: then there is no slice.
 */
export function sliceOf(term: Term, { excluded, required }: Goal): GoalSlice | undefined {
  if ((required & excluded) !== 0n) return undefined
  const wanted = term.statements.filter(({ bit }) => (bit & required) !== 0n)
  const unwanted: TermStatement[] = []
  for (const [index, one] of wanted.entries())
    for (const other of wanted.slice(index + 1))
      if (!mayMeet(one.statement, other.statement)) return undefined
  for (const one of term.statements) {
    if ((one.bit & excluded) === 0n) continue
    if (!wanted.every(({ statement }) => mayMeet(one.statement, statement))) continue
    if (wanted.some((other) => one.strength === other.strength && covers(one.statement, other.statement)))
      return undefined
    unwanted.push(one)
  }
  const builder = new TermBuilder()
  const add = (all: bigint, { statement, strength }: TermStatement): bigint =>
    all | builder.add(statement, strength)
  const goal = { required: wanted.reduce(add, 0n), excluded: unwanted.reduce(add, 0n) }
  return { goal, term: builder }
}
