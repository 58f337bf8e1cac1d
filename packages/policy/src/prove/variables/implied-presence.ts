import type { Condition, ConditionOperator, Statement, Text } from '../../policy.js'
import { RESOURCE_KEYS } from '../options/key-shapes.js'
import { hasVariables } from './variables.js'

const NULL: ConditionOperator = {
  source: 'Null',
  family: 'null',
  comparison: 'equal',
  negated: false,
  ifExists: false,
}

/**
 * A variable without a default that the request lacks matches nothing. So a statement all of whose patterns, or all
 * of whose values of a condition, name the same variable takes only requests that have its key.
 */
export function impliedPresence(statement: Statement): readonly Condition[] {
  if (!hasVariables(statement)) return NONE
  let implied = known.get(statement)
  if (!implied) known.set(statement, (implied = impliedBy(statement)))
  return implied
}

const NONE: readonly Condition[] = []
const known = new WeakMap<Statement, readonly Condition[]>()

function impliedBy({ conditions, resource }: Statement): readonly Condition[] {
  const keys = new Map<string, string>()
  const add = (texts: readonly (readonly Text[])[]): void => {
    const [first, ...rest] = texts.map(keysOf)
    for (const [name, key] of first ?? []) if (rest.every((other) => other.has(name))) keys.set(name, key)
  }
  if (resource && !resource.negated)
    add(resource.patterns.map((pattern) => (pattern.type === 'arn' ? pattern.segments : [])))
  for (const { operator, values } of conditions)
    if (!operator.negated && !operator.ifExists && operator.quantifier !== 'all')
      add(values.map((value) => (value.type === 'text' || value.type === 'arn' ? [value.text] : [])))
  return Array.from(keys.values(), (key) => {
    return { operator: NULL, key, values: [{ type: 'boolean', source: 'false', boolean: false }] }
  })
}

function keysOf(texts: readonly Text[]): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  for (const part of texts.flatMap(({ parts }) => parts))
    if (part.type === 'variable' && part.fallback === undefined) {
      const name = part.key.toLowerCase()
      // Every request has an owner.
      if (!RESOURCE_KEYS.has(name)) keys.set(name, part.key)
    }
  return keys
}
