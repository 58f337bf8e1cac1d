import type { Comparison, ConditionOperator, OperatorFamily } from '../policy.js'

interface BaseOperator {
  readonly family: OperatorFamily
  readonly comparison: Comparison
  readonly negated: boolean
}

const base = (family: OperatorFamily, negated = false, comparison: Comparison = 'equal'): BaseOperator => ({
  family,
  comparison,
  negated,
})

/** Every condition operator of IAM without qualifier and suffix. [elements_condition_operators] */
export const BASE_OPERATORS: ReadonlyMap<string, BaseOperator> = new Map([
  ['StringEquals', base('string')],
  ['StringNotEquals', base('string', true)],
  ['StringEqualsIgnoreCase', base('stringIgnoreCase')],
  ['StringNotEqualsIgnoreCase', base('stringIgnoreCase', true)],
  ['StringLike', base('stringLike')],
  ['StringNotLike', base('stringLike', true)],
  ['NumericEquals', base('numeric')],
  ['NumericNotEquals', base('numeric', true)],
  ['NumericLessThan', base('numeric', false, 'less')],
  ['NumericLessThanEquals', base('numeric', false, 'lessOrEqual')],
  ['NumericGreaterThan', base('numeric', false, 'greater')],
  ['NumericGreaterThanEquals', base('numeric', false, 'greaterOrEqual')],
  ['DateEquals', base('date')],
  ['DateNotEquals', base('date', true)],
  ['DateLessThan', base('date', false, 'less')],
  ['DateLessThanEquals', base('date', false, 'lessOrEqual')],
  ['DateGreaterThan', base('date', false, 'greater')],
  ['DateGreaterThanEquals', base('date', false, 'greaterOrEqual')],
  ['Bool', base('bool')],
  ['BinaryEquals', base('binary')],
  ['IpAddress', base('ip')],
  ['NotIpAddress', base('ip', true)],
  ['ArnEquals', base('arn')],
  ['ArnLike', base('arn')],
  ['ArnNotEquals', base('arn', true)],
  ['ArnNotLike', base('arn', true)],
  ['Null', base('null')],
])

const QUALIFIERS = [
  ['ForAllValues:', 'all'],
  ['ForAnyValue:', 'any'],
] as const

/**
 * Reads an operator with its qualifier and `IfExists`. `Null` takes neither: it asks for presence itself.
 * Undefined when IAM has no such operator.
 */
export function readOperator(source: string): ConditionOperator | undefined {
  const qualifier = QUALIFIERS.find(([prefix]) => source.startsWith(prefix))
  let rest = qualifier ? source.slice(qualifier[0].length) : source
  const ifExists = rest.endsWith('IfExists')
  if (ifExists) rest = rest.slice(0, -'IfExists'.length)
  const operator = BASE_OPERATORS.get(rest)
  if (!operator || (operator.family === 'null' && (ifExists || qualifier))) return undefined
  return { source, ...operator, ifExists, ...(qualifier ? { quantifier: qualifier[1] } : {}) }
}

/** All spellings that `readOperator` takes, for a did-you-mean. */
export function operatorNames(): readonly string[] {
  const names = [...BASE_OPERATORS.keys()]
  const suffixed = names.flatMap((name) => (name === 'Null' ? [name] : [name, `${name}IfExists`]))
  return [
    ...suffixed,
    ...QUALIFIERS.flatMap(([prefix]) =>
      suffixed.filter((name) => name !== 'Null').map((name) => prefix + name),
    ),
  ]
}
