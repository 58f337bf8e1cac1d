import type { Comparison } from '../policy.js'

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/

/** A decimal number as IAM's Numeric operators take it; undefined when it is none. */
export function parseNumber(text: string): number | undefined {
  if (text.length > 100 || !NUMBER.test(text)) return undefined
  const number = Number(text)
  return Number.isFinite(number) ? number : undefined
}

/** What the Numeric and Date operators ask of two numbers. */
export function compares(actual: number, expected: number, comparison: Comparison): boolean {
  switch (comparison) {
    case 'equal':
      return actual === expected
    case 'less':
      return actual < expected
    case 'lessOrEqual':
      return actual <= expected
    case 'greater':
      return actual > expected
    case 'greaterOrEqual':
      return actual >= expected
  }
}
