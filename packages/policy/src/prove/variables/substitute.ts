import type { Condition, ConditionValue, ResourcePattern, Statement, Text, TextPart } from '../../policy.js'
import { hasVariable, splitArnParts } from '../../syntax/text.js'
import { hasVariables } from './variables.js'

export type Variable = Extract<TextPart, { readonly type: 'variable' }>

/** A variable that stays one. */
export const OPEN = Symbol('open')

/** The text that a variable stands for; undefined where it has none, so that its pattern matches nothing. */
export type Substitution = (variable: Variable) => string | typeof OPEN | undefined

/**
 * A statement with texts in place of its variables. A pattern with a variable that has no text is left out.
 * Statements without variables stay the same objects.
 */
export function substituteStatement(statement: Statement, textOf: Substitution): Statement {
  if (!hasVariables(statement)) return statement
  const { resource } = statement
  const conditions = statement.conditions.map((condition) => substituteCondition(condition, textOf))
  if (!resource) return { ...statement, conditions }
  const patterns = resource.patterns.flatMap((pattern) => substitutePattern(pattern, textOf))
  return { ...statement, conditions, resource: { ...resource, patterns } }
}

function substitutePattern(pattern: ResourcePattern, textOf: Substitution): ResourcePattern[] {
  if (pattern.type !== 'arn') return [pattern]
  const segments: Text[] = []
  for (const segment of pattern.segments) {
    const text = substituteText(segment, textOf)
    if (!text) return []
    segments.push(text)
  }
  return [{ ...pattern, segments }]
}

/** The same for the values of one condition. */
export function substituteCondition(condition: Condition, textOf: Substitution): Condition {
  if (!condition.values.some((value) => 'text' in value && hasVariable(value.text))) return condition
  return { ...condition, values: condition.values.flatMap((value) => substituteValue(value, textOf)) }
}

/** One value; none where it matches nothing. */
export function substituteValue(value: ConditionValue, textOf: Substitution): ConditionValue[] {
  if (value.type !== 'text' && value.type !== 'arn') return [value]
  if (!hasVariable(value.text) && (value.type === 'text' || value.segments)) return [value]
  const text = substituteText(value.text, textOf)
  if (!text) return []
  if (value.type === 'text' || value.segments || hasVariable(text)) return [{ ...value, text }]
  // As in a request: what a variable stands for may bring colons, and is split with the rest.
  const segments = splitArnParts(text.parts)
  return segments ? [{ ...value, text, segments: segments.map((parts) => ({ source: '', parts })) }] : []
}

function substituteText(text: Text, textOf: Substitution): Text | undefined {
  if (!hasVariable(text)) return text
  const parts: TextPart[] = []
  for (const part of text.parts) {
    const value = part.type === 'variable' ? textOf(part) : OPEN
    if (value === undefined) return undefined
    pushPart(parts, value === OPEN ? part : { type: 'literal', text: value })
  }
  return { source: text.source, parts }
}

/** Neighbouring literals are one. */
function pushPart(parts: TextPart[], part: TextPart): void {
  const last = parts.at(-1)
  if (part.type !== 'literal') parts.push(part)
  else if (last?.type === 'literal')
    parts[parts.length - 1] = { type: 'literal', text: last.text + part.text }
  else if (part.text !== '') parts.push(part)
}
