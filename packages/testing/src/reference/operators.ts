import { matchesArnCondition } from './arn.js'
import type { ReferenceContext } from './context.js'
import { matchesSteps, readPattern } from './pattern.js'
import { rangeHolds, readAddress, readAddressRange, readBase64, readInstantMs, readNumber } from './values.js'

/**
 * Whether one value of the request and one value of the policy satisfy the positive form of an operator.
 * `variables` is undefined where `${…}` is literal text.
 */
export type Comparison = (
  actual: string,
  expected: string,
  variables: ReferenceContext | undefined,
) => boolean

/** A condition operator without its modifiers: a comparison, and whether the operator negates it. */
export interface BaseOperator {
  readonly compare: Comparison
  readonly negated: boolean
  /** Rule 10: whether variables are expanded in its values. */
  readonly variables: 'never' | 'always' | 'bySwitch'
}

// Rule 3. Wildcards are literal in StringEquals; a variable without value equals nothing (rule 12).
const stringEquals: Comparison = (actual, expected, variables) => {
  const steps = readPattern(expected, { wildcards: false, colons: true, variables })
  return steps !== undefined && matchesSteps(steps, actual)
}

const stringEqualsIgnoreCase: Comparison = (actual, expected, variables) => {
  const steps = readPattern(expected, { wildcards: false, colons: true, variables })
  if (steps === undefined) return false
  const text = steps.map((step) => (step.is === 'char' ? step.char : '')).join('')
  return text.toLowerCase() === actual.toLowerCase()
}

const stringLike: Comparison = (actual, expected, variables) => {
  const steps = readPattern(expected, { wildcards: true, colons: true, variables })
  return steps !== undefined && matchesSteps(steps, actual)
}

const arnLike: Comparison = (actual, expected, variables) =>
  matchesArnCondition(expected, actual, variables) === true

// Rule 9.
const bool: Comparison = (actual, expected, variables) => {
  const steps = readPattern(expected, { wildcards: false, colons: true, variables })
  if (steps === undefined) return false
  const text = steps.map((step) => (step.is === 'char' ? step.char : '')).join('')
  const [left, right] = [actual.toLowerCase(), text.toLowerCase()]
  return (left === 'true' || left === 'false') && left === right
}

const binary: Comparison = (actual, expected) => {
  const [left, right] = [readBase64(actual), readBase64(expected)]
  if (left === undefined || right === undefined) return false
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

// Rule 8.
const ipAddress: Comparison = (actual, expected) => {
  const [address, range] = [readAddress(actual), readAddressRange(expected)]
  return address !== undefined && range !== undefined && rangeHolds(range, address)
}

/** Rule 9: numbers and instants are compared as such; what is neither compares to nothing. */
function ordered(
  read: (text: string) => number | undefined,
  holds: (actual: number, expected: number) => boolean,
): Comparison {
  return (actual, expected) => {
    const [left, right] = [read(actual), read(expected)]
    return left !== undefined && right !== undefined && holds(left, right)
  }
}

const equal = (a: number, b: number): boolean => a === b
const less = (a: number, b: number): boolean => a < b
const lessEqual = (a: number, b: number): boolean => a <= b
const greater = (a: number, b: number): boolean => a > b
const greaterEqual = (a: number, b: number): boolean => a >= b

const positive = (compare: Comparison, variables: BaseOperator['variables'] = 'never'): BaseOperator => ({
  compare,
  negated: false,
  variables,
})
const negative = (compare: Comparison, variables: BaseOperator['variables'] = 'never'): BaseOperator => ({
  compare,
  negated: true,
  variables,
})

/** All condition operators but `Null` (IAM User Guide, "Condition operators"), by lower-case name. */
export const BASE_OPERATORS: ReadonlyMap<string, BaseOperator> = new Map(
  Object.entries({
    StringEquals: positive(stringEquals, 'always'),
    StringNotEquals: negative(stringEquals, 'always'),
    StringEqualsIgnoreCase: positive(stringEqualsIgnoreCase, 'always'),
    StringNotEqualsIgnoreCase: negative(stringEqualsIgnoreCase, 'always'),
    StringLike: positive(stringLike, 'always'),
    StringNotLike: negative(stringLike, 'always'),
    ArnEquals: positive(arnLike, 'always'),
    ArnNotEquals: negative(arnLike, 'always'),
    ArnLike: positive(arnLike, 'always'),
    ArnNotLike: negative(arnLike, 'always'),
    NumericEquals: positive(ordered(readNumber, equal)),
    NumericNotEquals: negative(ordered(readNumber, equal)),
    NumericLessThan: positive(ordered(readNumber, less)),
    NumericLessThanEquals: positive(ordered(readNumber, lessEqual)),
    NumericGreaterThan: positive(ordered(readNumber, greater)),
    NumericGreaterThanEquals: positive(ordered(readNumber, greaterEqual)),
    DateEquals: positive(ordered(readInstantMs, equal)),
    DateNotEquals: negative(ordered(readInstantMs, equal)),
    DateLessThan: positive(ordered(readInstantMs, less)),
    DateLessThanEquals: positive(ordered(readInstantMs, lessEqual)),
    DateGreaterThan: positive(ordered(readInstantMs, greater)),
    DateGreaterThanEquals: positive(ordered(readInstantMs, greaterEqual)),
    Bool: positive(bool, 'bySwitch'),
    BinaryEquals: positive(binary),
    IpAddress: positive(ipAddress),
    NotIpAddress: negative(ipAddress),
  }).map(([name, operator]) => [name.toLowerCase(), operator]),
)
