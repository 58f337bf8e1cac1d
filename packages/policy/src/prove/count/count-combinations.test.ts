import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Budget, Undecided } from '../bounds.js'
import { countCombinations, type CountedOption } from './count-combinations.js'

const budget = (total = 1_000_000): Budget => new Budget(total, 'combinations', 'count less')

function enumerate(variables: readonly (readonly CountedOption[])[], allows: bigint, denies: bigint): bigint {
  const [first, ...rest] = variables
  const visit = (mask: bigint, count: bigint, left: readonly (readonly CountedOption[])[]): bigint => {
    const [next, ...others] = left
    if (!next) return (mask & allows) !== 0n && (mask & denies) === 0n ? count : 0n
    return next.reduce((sum, option) => sum + visit(mask & option.mask, count * option.count, others), 0n)
  }
  return visit(-1n, 1n, first ? [first, ...rest] : [])
}

test('joining variables agrees with trying all combinations', () => {
  const option = fc.record({ mask: fc.bigInt(0n, 63n), count: fc.bigInt(0n, 9n) })
  const variable = fc.array(option, { minLength: 1, maxLength: 4 })
  const property = fc.property(
    fc.array(variable, { maxLength: 5 }),
    fc.bigInt(0n, 63n),
    fc.bigInt(0n, 63n),
    (variables, allows, mixed) => {
      const denies = mixed & ~allows
      expect(countCombinations(variables, { allows, denies }, budget())).toBe(
        enumerate(variables, allows, denies),
      )
    },
  )
  fc.assert(property, { numRuns: 2000 })
})

test('what matters to one statement after the other is never multiplied out', () => {
  // 40 statements, each with a variable of its own that satisfies it in 1 of 3 values.
  const statements = Array.from({ length: 40 }, (_, index) => 1n << BigInt(index))
  const all = statements.reduce((sum, bit) => sum | bit)
  const variables = statements.map((bit) => [
    { mask: all, count: 1n },
    { mask: all & ~bit, count: 2n },
  ])
  const shared = [
    { mask: all, count: 5n },
    { mask: 0n, count: 7n },
  ]
  const expected = 5n * (3n ** 40n - 2n ** 40n)
  expect(countCombinations([shared, ...variables], { allows: all, denies: 0n }, budget(500))).toBe(expected)
})

test('more combinations than the budget are told', () => {
  const variables = Array.from({ length: 12 }, (_, index) => [
    { mask: ~(1n << BigInt(index)), count: 1n },
    { mask: ~(2n << BigInt(index)), count: 1n },
    { mask: ~(5n << BigInt(index)), count: 1n },
  ])
  expect(countCombinations(variables, { allows: 0xfffn, denies: 0n }, budget(20))).toEqual(
    new Undecided('tooLarge', 'more than 20 combinations; count less'),
  )
})
