import type { Condition, ConditionValue } from '@ringfence/policy'
import { complementOf } from './complement.js'
import { familiarWords } from './familiar-conditions.js'
import { listWords, valueWords } from './value-words.js'

/**
 * One condition in words that follow a verb: `over TLS`, `until 2027-03-31`, `under raw/`, `through S3 in eu-west-1 only`;
 * any other as `where aws:SourceVpce is vpce-1`. Two conditions have the same words only if the same requests satisfy
 * them, as long as keys that AWS puts into every request are there and keys that operators take for single ones have
 * one value.
 */
export function conditionWords(condition: Condition): string {
  return familiarWords(condition) ?? `where ${generalWords(condition)}`
}

/** All conditions of a statement, one each, those about where before those about how and until when. */
export function conditionsWords(conditions: readonly Condition[]): readonly string[] {
  return inReadingOrder(conditions.map(conditionWords))
}

/** The same as one phrase: `over TLS, where a is b and c is d`. */
export function conditionsPhrase(conditions: readonly Condition[]): string {
  const words = conditionsWords(conditions)
  const general = words.filter((one) => one.startsWith('where ')).map((one) => one.slice('where '.length))
  const familiar = words.filter((one) => !one.startsWith('where '))
  return [...familiar, ...(general.length === 0 ? [] : [`where ${general.join(' and ')}`])].join(', ')
}

/**
 * What the conditions of a Deny leave over: `over TLS` for a Deny without TLS, else `unless aws:SourceVpce is vpce-1`.
 * Empty: the Deny has no condition, so it leaves nothing over.
 */
export function exceptionWords(conditions: readonly Condition[]): string {
  const [only] = conditions
  if (only === undefined) return ''
  const complement = conditions.length === 1 ? complementOf(only) : undefined
  const familiar = complement && familiarWords(complement)
  return familiar ?? `unless ${conditions.map(generalWords).join(' and ')}`
}

const ORDER = [
  'under ',
  'on ',
  'in ',
  'with the key',
  'through ',
  'from ',
  'by ',
  'with ',
  'over ',
  'since ',
  'after ',
  'before ',
  'until ',
]

/** Phrases without repeats: what it is about, then how it is asked for, then when, then all others. */
export function inReadingOrder(phrases: readonly string[]): readonly string[] {
  const ends = phrases.filter((one) => LAST_DAY.test(one)).toSorted()
  // Of several days until which something is so the first decides.
  const telling = phrases.filter((one) => !LAST_DAY.test(one) || one === ends[0])
  return [...new Set(telling)].toSorted((one, other) => rank(one) - rank(other))
}

const LAST_DAY = /^until \d{4}-\d{2}-\d{2}$/

function rank(phrase: string): number {
  const place = ORDER.findIndex((start) => phrase.startsWith(start))
  return place < 0 ? ORDER.length : place
}

/** The exact form that every condition has: `aws:SourceVpce is vpce-1 (or is missing)`. */
function generalWords({ key, operator, values }: Condition): string {
  if (operator.family === 'null') return presenceWords(key, values)
  const { ifExists, negated, quantifier } = operator
  const says = predicate(operator, values)
  if (quantifier === 'all') return `each value of ${key}, if any, ${says}`
  const orMissing = ifExists || (negated && quantifier === undefined) ? ' (or is missing)' : ''
  return quantifier === 'any' ? `some value of ${key} ${says}${orMissing}` : `${key} ${says}${orMissing}`
}

function presenceWords(key: string, values: readonly ConditionValue[]): string {
  const wanted = new Set(values.map((value) => value.type === 'boolean' && value.boolean))
  if (wanted.size === 2) return `${key} is there or is missing`
  return wanted.has(true) ? `${key} is missing` : `${key} is there`
}

/** `is neither a nor b`, `is less than 5`: a verb, and all values. */
function predicate(operator: Condition['operator'], values: readonly ConditionValue[]): string {
  const { negated } = operator
  const [verb, after = ''] = verbOf(operator)
  const listed = values.map(valueWords)
  if (!negated) return `${verb} ${listWords(listed, 'or')}${after}`
  const not = verb.startsWith('is')
    ? verb.replace(/^is/, 'is not')
    : `does not ${verb.replace(/(e?)s$/, '$1')}`
  if (listed.length === 1) return `${not} ${listed[0]}${after}`
  return `${not} any of ${listWords(listed, 'or')}${after}`
}

function verbOf({ comparison, family }: Condition['operator']): readonly [string, string?] {
  switch (family) {
    case 'string':
    case 'bool':
      return ['is']
    case 'stringIgnoreCase':
      return ['is', ' in any letter case']
    case 'stringLike':
      return ['is like']
    case 'arn':
      return ['is an ARN like']
    case 'ip':
      return ['is in']
    case 'binary':
      return ['is the bytes']
    case 'numeric':
      return NUMERIC[comparison]
    case 'date':
      return DATE[comparison]
    case 'null':
      return ['is']
  }
}

const NUMERIC: Readonly<Record<Condition['operator']['comparison'], readonly [string]>> = {
  equal: ['equals'],
  less: ['is less than'],
  lessOrEqual: ['is at most'],
  greater: ['is more than'],
  greaterOrEqual: ['is at least'],
}

const DATE: Readonly<Record<Condition['operator']['comparison'], readonly [string]>> = {
  equal: ['is the instant'],
  less: ['is before'],
  lessOrEqual: ['is at the latest'],
  greater: ['is after'],
  greaterOrEqual: ['is at the earliest'],
}
