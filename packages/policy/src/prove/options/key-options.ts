import type { Condition, OperatorFamily } from '../../policy.js'
import type { ContextValue } from '../../request.js'
import { Budget, Undecided, type Bounds } from '../bounds.js'
import { tiesTo, type KeyValue, type Option, type TargetedTie } from './dimension.js'
import { keyShape, type KeyShape } from './key-shapes.js'
import { ACCOUNTS, arnLanguage, textLanguage, type Language } from '../texts/language.js'
import { partitionTexts } from '../texts/partition.js'
import type { KeyTerm } from '../search/term.js'
import { addConditionPatterns, PatternSet, variableIn } from '../texts/text-patterns.js'
import { splitByTies, type Tie } from '../variables/ties.js'
import {
  addressTexts,
  binaryTexts,
  booleanTexts,
  instantTexts,
  numberTexts,
  type TypedText,
} from './typed-values.js'

const TEXT_FAMILIES: ReadonlySet<OperatorFamily> = new Set([
  'string',
  'stringIgnoreCase',
  'stringLike',
  'arn',
])

/** The options of one key that is free of all others: missing, one value, or a list of values. */
export function keyOptions(term: KeyTerm, bounds: Bounds): Option<KeyValue>[] | Undecided {
  const shape = keyShape(term.key.toLowerCase())
  const conditions = term.uses.map(({ condition }) => condition)
  const comparing = conditions.map((condition) =>
    condition.operator.family === 'null' ? { ...condition, values: [] } : condition,
  )
  const texts = textsOf(term.key, comparing, shape, bounds)
  if (texts instanceof Undecided) return texts
  const options: Option<KeyValue>[] = []
  if (!shape.always) options.push({ mask: maskOfMissing(term), value: {} })
  for (const { atoms, text, ties } of texts)
    options.push({ mask: maskOfText(term, atoms), value: { [term.key]: text }, ...withTies(term.key, ties) })
  const many = shape.many ?? conditions.some(({ operator }) => operator.quantifier !== undefined)
  if (many) {
    const lists = listOptions(term, texts, bounds)
    if (lists instanceof Undecided) return lists
    options.push(...lists)
  }
  return options
}

function withTies(key: string, ties: readonly Tie[] | undefined): { readonly ties?: readonly TargetedTie[] } {
  return ties && ties.length > 0 ? { ties: tiesTo(key, ties) } : {}
}

/** A text, and the patterns with variables that it is taken to match. */
interface KeyText extends TypedText {
  readonly ties?: readonly Tie[]
}

/** One text for each way in which the conditions can hold, before negation. */
function textsOf(
  key: string,
  conditions: readonly Condition[],
  shape: KeyShape,
  bounds: Bounds,
): readonly KeyText[] | Undecided {
  const family = comparedAs(key, conditions)
  if (family instanceof Undecided) return family
  switch (family) {
    case 'text':
      return shape.type === 'boolean'
        ? booleansAsText(conditions, bounds)
        : partitionValues(key, conditions, shape, bounds)
    case 'numeric':
      return numberTexts(conditions, shape.type !== 'number')
    case 'date':
      return instantTexts(conditions, shape.type !== 'instant')
    case 'bool':
      return booleanTexts(conditions, shape.type !== 'boolean')
    case 'ip':
      return addressTexts(conditions, shape.type !== 'address')
    default:
      return binaryTexts(conditions)
  }
}

/** As what conditions compare a key: as text too where they only ask whether it is there. */
export function comparedAs(
  key: string,
  conditions: readonly Condition[],
): 'text' | OperatorFamily | Undecided {
  const families = new Set(
    conditions.map(({ operator }) => operator.family).filter((family) => family !== 'null'),
  )
  if ([...families].every((family) => TEXT_FAMILIES.has(family))) return 'text'
  const [family] = families
  if (families.size === 1) return family!
  return new Undecided(
    'notSupported',
    `${key} is compared in several ways (${[...families].join(', ')}), of which only one at a time is decided`,
  )
}

function partitionValues(
  key: string,
  conditions: readonly Condition[],
  shape: KeyShape,
  bounds: Bounds,
): readonly KeyText[] | Undecided {
  const set = new PatternSet(conditions.length)
  for (const [index, condition] of conditions.entries()) {
    const undecided = addConditionPatterns(set, condition, 1n << BigInt(index))
    if (undecided) return undecided
  }
  const classes = partitionTexts(set.patterns, {
    language: languageOf(shape, set.further),
    bounds,
    what: key,
  })
  return classes instanceof Undecided ? classes : splitByTies(classes, set.ties)
}

export function languageOf({ type }: KeyShape, further: string): Language {
  if (type === 'arn') return arnLanguage(further)
  return type === 'account' ? ACCOUNTS : textLanguage(further)
}

/** A key of which AWS sends `true` and `false` alone, compared as text. */
export function booleansAsText(
  conditions: readonly Condition[],
  bounds: Bounds,
): readonly TypedText[] | Undecided {
  const set = new PatternSet()
  for (const [index, condition] of conditions.entries()) {
    const undecided = addConditionPatterns(set, condition, 1n << BigInt(index))
    if (undecided) return undecided
  }
  const [tie] = set.ties
  if (tie) return variableIn('a key that is true or false', tie.text.source)
  if (set.patterns.length > bounds.classes) return new Undecided('tooLarge', 'too many patterns of one key')
  return ['true', 'false'].map((text) => {
    let atoms = 0n
    for (const pattern of set.patterns) if (pattern.automaton.takes(text)) atoms |= pattern.atoms
    return { text, atoms }
  })
}

export function maskOfMissing({ uses }: KeyTerm): bigint {
  let failed = 0n
  for (const { condition, statement } of uses) if (!holdsWhenMissing(condition)) failed |= statement
  return ~failed
}

export function holdsWhenMissing({ operator, values }: Condition): boolean {
  if (operator.family === 'null') return values.some((value) => value.type === 'boolean' && value.boolean)
  const { ifExists, negated, quantifier } = operator
  return ifExists || quantifier === 'all' || (negated && quantifier !== 'any')
}

/** For `Null`. */
export function holdsWhenPresent({ values }: Condition): boolean {
  return values.some((value) => value.type === 'boolean' && !value.boolean)
}

/** Whether each condition holds for one text, negation included; bit by bit. */
function satisfied({ uses }: KeyTerm, atoms: bigint): bigint {
  let bits = 0n
  for (const [index, { condition }] of uses.entries()) {
    const bit = 1n << BigInt(index)
    const holds =
      condition.operator.family === 'null'
        ? holdsWhenPresent(condition)
        : ((atoms & bit) !== 0n) !== condition.operator.negated
    if (holds) bits |= bit
  }
  return bits
}

function maskOf({ uses }: KeyTerm, satisfiedBits: bigint): bigint {
  let failed = 0n
  for (const [index, { statement }] of uses.entries())
    if ((satisfiedBits & (1n << BigInt(index))) === 0n) failed |= statement
  return ~failed
}

export function maskOfText(term: KeyTerm, atoms: bigint): bigint {
  return maskOf(term, satisfied(term, atoms))
}

/** Values together: what some of them and what all of them satisfy. */
interface Gathered {
  readonly some: bigint
  readonly every: bigint
  readonly texts: readonly string[]
  readonly ties: readonly Tie[]
}

/**
 * Lists of values. ForAllValues looks at what all values satisfy, the others at what some value does; so two
 * lists with the same two answers are the same. An empty list is a missing key.
 */
function listOptions(
  term: KeyTerm,
  texts: readonly KeyText[],
  bounds: Bounds,
): Option<KeyValue>[] | Undecided {
  const singles = [...new Map(texts.map((one) => [satisfied(term, one.atoms), one]))]
  const found = new Map<string, Gathered>()
  const queue: Gathered[] = []
  const budget = new Budget(
    bounds.combinations,
    `lists of values of ${term.key}`,
    'compare fewer conditions on it at a time',
  )
  const add = (gathered: Gathered): void => {
    const name = `${gathered.some} ${gathered.every}`
    if (found.has(name)) return
    found.set(name, gathered)
    queue.push(gathered)
  }
  for (const [bits, { text, ties = [] }] of singles) add({ some: bits, every: bits, texts: [text], ties })
  for (const { every, some, texts: before, ties: tiesBefore } of queue)
    for (const [bits, { text, ties = [] }] of singles) {
      if (!budget.spend()) return budget.exhausted()
      const together = { texts: [...before, text], ties: [...tiesBefore, ...ties] }
      add({ some: some | bits, every: every & bits, ...together })
    }
  const all = term.uses.reduce((bits, use, index) => {
    return use.condition.operator.quantifier === 'all' ? bits | (1n << BigInt(index)) : bits
  }, 0n)
  return [...found.values()].map(({ every, some, texts: list, ties }) => {
    const mask = maskOf(term, (some & ~all) | (every & all))
    return Object.assign({ mask, value: { [term.key]: list as ContextValue } }, withTies(term.key, ties))
  })
}
