import type { Comparison, Condition, ConditionValue } from '@ringfence/policy'

const OPPOSITE: Readonly<Partial<Record<Comparison, Comparison>>> = {
  less: 'greaterOrEqual',
  greaterOrEqual: 'less',
  greater: 'lessOrEqual',
  lessOrEqual: 'greater',
}

/** AWS puts them into every request. [reference_policies_condition-keys] */
export function isAlwaysThere(key: string): boolean {
  return ['aws:securetransport', 'aws:currenttime'].includes(key.toLowerCase())
}

/**
 * A condition that is satisfied exactly where the given one is not, for keys with one value; undefined where no
 * single condition says so.
 */
export function complementOf(condition: Condition): Condition | undefined {
  const { key, operator, values } = condition
  if (operator.quantifier !== undefined || operator.family === 'null') return undefined
  // A missing key passes what is negated, so it fails what is not.
  if (operator.negated) return { ...condition, operator: { ...operator, negated: false, ifExists: false } }
  const [value] = values
  if (value === undefined || values.length > 1) return undefined
  if (operator.family === 'bool' && value.type === 'boolean' && (operator.ifExists || isAlwaysThere(key)))
    return { ...condition, operator: { ...operator, ifExists: false }, values: [flipped(value)] }
  const comparison = OPPOSITE[operator.comparison]
  if (operator.family === 'date' && comparison !== undefined && isAlwaysThere(key))
    return { ...condition, operator: { ...operator, comparison, ifExists: false } }
  return undefined
}

function flipped(value: Extract<ConditionValue, { readonly type: 'boolean' }>): ConditionValue {
  return { type: 'boolean', boolean: !value.boolean, source: String(!value.boolean) }
}
