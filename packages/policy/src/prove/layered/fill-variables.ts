import type { Condition, ConditionValue, ResourcePattern, Statement, Text, TextPart } from '../../policy.js'
import { splitArnParts } from '../../syntax/text.js'
import { hasVariables } from '../variables/variables.js'
import type { Facts } from './facts.js'

/**
 * A statement with the texts of policy variables whose keys are fixed. A pattern with a variable that no request
 * has matches nothing and is left out. Statements without variables stay the same objects.
 */
export function fillVariables(statement: Statement, facts: Facts): Statement {
  if (!hasVariables(statement)) return statement
  const { resource } = statement
  const filled = {
    ...statement,
    conditions: statement.conditions.map((condition) => fillCondition(condition, facts)),
  }
  if (!resource) return filled
  const patterns = resource.patterns.flatMap((pattern) => fillPattern(pattern, facts))
  return { ...filled, resource: { ...resource, patterns } }
}

function fillPattern(pattern: ResourcePattern, facts: Facts): ResourcePattern[] {
  if (pattern.type === 'everything') return [pattern]
  const segments: Text[] = []
  for (const segment of pattern.segments) {
    const filled = fillText(segment, facts)
    if (!filled) return []
    segments.push(filled)
  }
  return [{ ...pattern, segments }]
}

function fillCondition(condition: Condition, facts: Facts): Condition {
  const values = condition.values.flatMap((value) => fillValue(value, facts))
  return { ...condition, values }
}

function fillValue(value: ConditionValue, facts: Facts): ConditionValue[] {
  if (value.type !== 'text' && value.type !== 'arn') return [value]
  const text = fillText(value.text, facts)
  if (!text) return []
  if (value.type === 'text' || value.segments || isOpen(text)) return [{ ...value, text }]
  // As in a request: what a variable stands for may bring colons, and is split with the rest.
  const segments = splitArnParts(text.parts)
  return segments ? [{ ...value, text, segments: segments.map((parts) => ({ source: '', parts })) }] : []
}

function isOpen({ parts }: Text): boolean {
  return parts.some(({ type }) => type === 'variable')
}

/** Undefined where a variable has no value: the pattern then matches nothing. */
function fillText(text: Text, facts: Facts): Text | undefined {
  if (!isOpen(text)) return text
  const parts: TextPart[] = []
  for (const part of text.parts) {
    if (part.type !== 'variable' || !facts.isFixed(part.key)) {
      pushPart(parts, part)
      continue
    }
    const value = facts.variable(part.key) ?? (isMissing(part.key, facts) ? part.fallback : undefined)
    if (value === undefined) return undefined
    if (value !== '') pushPart(parts, { type: 'literal', text: value })
  }
  return { source: text.source, parts }
}

/** A key with several values has no text, and no default either. */
function isMissing(key: string, facts: Facts): boolean {
  return !Array.isArray(facts.constants.get(key.toLowerCase()))
}

/** Neighbouring literals are one. */
function pushPart(parts: TextPart[], part: TextPart): void {
  const last = parts.at(-1)
  if (part.type === 'literal' && last?.type === 'literal')
    parts[parts.length - 1] = { type: 'literal', text: last.text + part.text }
  else parts.push(part)
}
