import { contextKey, type ContextKey } from '../authorize/context-keys.js'
import type { Evaluation } from '../authorize/evaluation.js'
import { parseBase64 } from '../match/base64.js'
import { parseInstant } from '../match/date.js'
import { networkContains, parseIpAddress } from '../match/ip.js'
import { compares, parseNumber } from '../match/number.js'
import type { Comparison, Condition, ConditionValue } from '../policy.js'
import type { ContextValue } from '../request.js'
import { compileArnText, compileText, compileVariableText, type TextTest } from './text-test.js'

export type ConditionTest = (evaluation: Evaluation) => boolean

type Scalar = string | number | boolean

/**
 * One operator with one key. [elements_condition, elements_condition_operators, multi-value-conditions]
 * - the policy's values are ORed, negated operators mean none of them;
 * - a missing key (an empty list is one) fails a positive operator and passes a negated one, IfExists passes;
 * - ForAllValues passes on a missing key, ForAnyValue fails;
 * - without them some value of a list has to satisfy the operator.
 */
export function compileCondition(condition: Condition): ConditionTest {
  const { operator, values } = condition
  const key = contextKey(condition.key)
  if (operator.family === 'null') return compileNull(key, values)
  const test = compileValues(operator.family, operator.comparison, values)
  const { ifExists, negated, quantifier } = operator
  const whenMissing = ifExists || quantifier === 'all' || (negated && quantifier !== 'any')
  return (evaluation) => {
    const value = evaluation.lookup(key)
    if (value === undefined) return whenMissing
    if (typeof value !== 'object' && quantifier === undefined)
      return test(textOf(value), evaluation) !== negated
    let list: readonly Scalar[] = typeof value === 'object' ? value : [value]
    if (quantifier !== undefined && evaluation.switches.emptyStringIsNoValue === true)
      list = list.filter((item) => item !== '')
    if (list.length === 0) return whenMissing
    const satisfied = (item: Scalar): boolean => test(textOf(item), evaluation) !== negated
    return quantifier === 'all' ? list.every(satisfied) : list.some(satisfied)
  }
}

function compileNull(key: ContextKey, values: readonly ConditionValue[]): ConditionTest {
  const wanted = new Set(values.map((value) => value.type === 'boolean' && value.boolean))
  return (evaluation) => wanted.has(isMissing(evaluation.lookup(key)))
}

function isMissing(value: ContextValue | undefined): boolean {
  return value === undefined || (typeof value === 'object' && value.length === 0)
}

/** Whether one value of the request, as text, equals (is like, is less than, …) one of the policy's. */
function compileValues(
  family: Condition['operator']['family'],
  comparison: Comparison,
  values: readonly ConditionValue[],
): TextTest {
  const tests = values.map((value) => compileValue(family === 'stringIgnoreCase', comparison, value))
  const [only] = tests
  if (only && tests.length === 1) return only
  return (value, evaluation) => {
    for (const test of tests) if (test(value, evaluation)) return true
    return false
  }
}

function compileValue(fold: boolean, comparison: Comparison, value: ConditionValue): TextTest {
  switch (value.type) {
    case 'text':
      return compileText(value.text, fold)
    case 'arn':
      return compileArnText(value.text, value.segments)
    case 'number':
      return (actual) => compare(parseNumber(actual), value.number, comparison)
    case 'date':
      return (actual) => compare(parseInstant(actual), value.epochMs, comparison)
    case 'boolean': {
      const wanted = String(value.boolean)
      // The length first: folding costs more than all the rest, and adds or takes no letter of these words.
      return (actual) =>
        actual === wanted || (actual.length === wanted.length && actual.toLowerCase() === wanted)
    }
    case 'booleanText':
      return compileBooleanText(value)
    case 'binary':
      return (actual) => equalBytes(parseBase64(actual), value.bytes)
    case 'ip':
      return (actual) => {
        const address = parseIpAddress(actual)
        return address !== undefined && networkContains(value.network, address)
      }
  }
}

function textOf(value: Scalar): string {
  if (typeof value === 'string') return value
  return typeof value === 'boolean' ? (value ? 'true' : 'false') : String(value)
}

function compare(actual: number | undefined, expected: number, comparison: Comparison): boolean {
  return actual !== undefined && compares(actual, expected, comparison)
}

function compileBooleanText({
  source,
  text,
}: Extract<ConditionValue, { readonly type: 'booleanText' }>): TextTest {
  const expand = compileVariableText(text)
  return (actual, evaluation) => {
    const expected = evaluation.switches.expandVariablesInBool === true ? expand(evaluation) : source
    return expected !== undefined && actual.toLowerCase() === expected.toLowerCase()
  }
}

function equalBytes(actual: readonly number[] | undefined, expected: readonly number[]): boolean {
  return actual?.length === expected.length && expected.every((byte, index) => actual[index] === byte)
}
