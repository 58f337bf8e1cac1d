import type { Condition, Policy, Statement, Text } from '../../policy.js'
import { keyShape } from '../options/key-shapes.js'
import { resourceText } from '../texts/text-patterns.js'

/** What a variable's key has in a request: a text, nothing, or several values, which are no text. */
export type VariableValue =
  { readonly type: 'text'; readonly text: string } | { readonly type: 'missing' } | { readonly type: 'many' }

/** A key that some policy variable names, and values of it that could make a difference. */
export interface ValuedKey {
  /** As a variable spells it. */
  readonly key: string
  readonly values: readonly VariableValue[]
}

/** More values of one key than this are not tried. */
const MOST_VALUES = 12
/** What is aligned with what: enough for what people write, and cheap. */
const MOST_STARS = 3
const LONGEST = 150
const MOST_SAMPLES = 60

/**
 * The keys that the variables of some policies name, each with values to try: those that make a pattern with the
 * variable meet another one, those that conditions compare the key with, and one that nothing names.
 */
export function valuesToTry(policies: readonly Policy[]): readonly ValuedKey[] {
  const spelled = new Map<string, string>()
  const found = new Map<string, Set<string>>()
  const add = (key: string, text: string): void => {
    const name = key.toLowerCase()
    if (canHave(name, text)) found.get(name)?.add(text)
  }
  const byTarget = textsByTarget(policies)
  for (const texts of byTarget.values())
    for (const key of texts.flatMap(keysOf)) {
      const name = key.toLowerCase()
      if (!spelled.has(name)) spelled.set(name, key)
      found.set(name, new Set())
    }
  for (const [target, texts] of byTarget) {
    const samples = texts.flatMap((text) => ['', 'x'].map((filler) => sampleOf(text, filler)))
    const few = samples.slice(0, MOST_SAMPLES)
    for (const sample of few) add(target, sample)
    for (const text of texts) for (const sample of few) align(text, sample, add)
  }
  return Array.from(found, ([name, texts]) => {
    for (const text of ['x', '', '111122223333', '999988887777']) add(name, text)
    const values = [...texts].slice(0, MOST_VALUES).map((text) => ({ type: 'text', text }) as const)
    return { key: spelled.get(name)!, values: [...values, ...withoutText(name)] }
  })
}

function withoutText(name: string): VariableValue[] {
  const values: VariableValue[] = isAccount(name) ? [] : [{ type: 'missing' }]
  if (keyShape(name).many !== false) values.push({ type: 'many' })
  return values
}

function isAccount(name: string): boolean {
  return name === 'aws:principalaccount' || name === 'aws:resourceaccount'
}

function canHave(name: string, text: string): boolean {
  if (isAccount(name)) return /^\d{12}$/.test(text)
  return name === 'aws:username' ? /^[\w+=,.@-]+$/.test(text) : text.length <= 200
}

/** All texts with which statements compare the resource and each key, by name in lower case. */
function textsByTarget(policies: readonly Policy[]): ReadonlyMap<string, readonly Text[]> {
  const found = new Map<string, Text[]>()
  const add = (target: string, text: Text): void => {
    const texts = found.get(target)
    if (!texts) found.set(target, [text])
    else if (!texts.some(({ source }) => source === text.source)) texts.push(text)
  }
  for (const { statements } of policies)
    for (const { conditions, resource } of statements) {
      for (const pattern of resource?.patterns ?? [])
        if (pattern.type === 'arn') add('resource', resourceText(pattern))
      for (const { key, values } of conditions)
        for (const value of values) if ('text' in value) add(key.toLowerCase(), value.text)
    }
  return found
}

function keysOf({ parts }: Text): string[] {
  return parts.flatMap((part) => (part.type === 'variable' ? [part.key] : []))
}

/** A text that a pattern matches, whatever its variables are. */
function sampleOf({ parts }: Text, filler: string): string {
  return parts
    .map((part) => (part.type === 'literal' ? part.text : part.type === 'one' ? 'x' : filler))
    .join('')
}

/** The texts of the variables with which a pattern matches a text; one way of several. */
export function align({ parts }: Text, sample: string, add: (key: string, text: string) => void): void {
  const keys: string[] = []
  const pattern = parts.map((part) => {
    if (part.type === 'literal') return part.text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    if (part.type !== 'variable') return part.type === 'any' ? '[^]*' : '[^]'
    keys.push(part.key)
    return '([^]*)'
  })
  const stars = pattern.filter((piece) => piece.includes('[^]*')).length
  if (keys.length === 0 || stars > MOST_STARS || sample.length > LONGEST) return
  const match = new RegExp(`^${pattern.join('')}$`).exec(sample)
  for (const [index, key] of keys.entries()) if (match) add(key, match[index + 1]!)
}

/**
 * All values that a key can have where a statement takes the request, as far as one of its conditions lists them;
 * undefined where none does.
 */
export function forcedValues(statement: Statement, key: string): readonly VariableValue[] | undefined {
  const name = key.toLowerCase()
  // A list has no text, and what a condition says about one of its values says little.
  if (keyShape(name).many !== false) return undefined
  for (const condition of statement.conditions) {
    const values = condition.key.toLowerCase() === name ? listed(condition) : undefined
    if (values) return values
  }
  return undefined
}

function listed({ operator, values }: Condition): readonly VariableValue[] | undefined {
  const { family, ifExists, negated, quantifier } = operator
  if (family === 'null') {
    const isMissing = values.every((value) => value.type === 'boolean' && value.boolean)
    return isMissing ? [{ type: 'missing' }] : undefined
  }
  if (negated || ifExists || quantifier === 'all' || (family !== 'string' && family !== 'stringLike'))
    return undefined
  const texts: VariableValue[] = []
  for (const value of values) {
    if (value.type !== 'text' || value.text.parts.some(({ type }) => type !== 'literal')) return undefined
    texts.push({ type: 'text', text: sampleOf(value.text, '') })
  }
  return texts
}
