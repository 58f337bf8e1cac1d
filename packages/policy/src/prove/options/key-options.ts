import type { Condition, OperatorFamily } from '../../policy.js'
import { Budget, Undecided, type Bounds } from '../bounds.js'
import { tiesTo, type KeyValue, type Option, type TargetedTie } from './dimension.js'
import { keyShape, type KeyShape } from './key-shapes.js'
import { ACCOUNTS, arnLanguage, organizationIds, textLanguage, type Language } from '../texts/language.js'
import { partitionTexts } from '../texts/partition.js'
import type { Goal } from '../search/solve.js'
import type { KeyTerm, KeyUse } from '../search/term.js'
import { patternsOf, variableIn } from '../texts/text-patterns.js'
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

/**
 * The options of one key that is free of all others: missing, one value, or a list of values; of these only what a
 * goal may need, if there is one.
 */
export function keyOptions(term: KeyTerm, bounds: Bounds, goal?: Goal): Option<KeyValue>[] | Undecided {
  const shape = keyShape(term.key.toLowerCase())
  const texts = keyTexts(term.key, term.uses, shape, bounds)
  if (texts instanceof Undecided) return texts
  const options: Option<KeyValue>[] = []
  if (!shape.always) options.push({ mask: maskOfMissing(term), value: {} })
  for (const { atoms, text, ties } of texts)
    options.push({ mask: maskOfText(term, atoms), value: { [term.key]: text }, ...withTies(term.key, ties) })
  const many = shape.many ?? term.uses.some(({ condition }) => condition.operator.quantifier !== undefined)
  if (many) {
    const lists = listsOf(term, texts, bounds, goal)
    if (lists instanceof Undecided) return lists
    for (const list of lists)
      options.push({
        mask: maskOfList(term, list),
        value: { [term.key]: list.texts },
        ...withTies(term.key, list.ties),
      })
  }
  return options
}

function withTies(key: string, ties: readonly Tie[] | undefined): { readonly ties?: readonly TargetedTie[] } {
  return ties && ties.length > 0 ? { ties: tiesTo(key, ties) } : {}
}

/** A text, and the patterns with variables that it is taken to match. */
export interface KeyText extends TypedText {
  readonly ties?: readonly Tie[]
}

/** One text for each way in which conditions can hold, before negation; a bit for each of them, in their order. */
export function keyTexts(
  key: string,
  uses: readonly KeyUse[],
  shape: KeyShape,
  bounds: Bounds,
): readonly KeyText[] | Undecided {
  const conditions = comparing(uses)
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

/** The conditions, in their order; `Null` compares with nothing. */
export function comparing(uses: readonly KeyUse[]): readonly Condition[] {
  return uses.map(({ condition }) =>
    condition.operator.family === 'null' ? { ...condition, values: [] } : condition,
  )
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
  const set = patternsOf(conditions)
  if (set instanceof Undecided) return set
  const classes = partitionTexts(set.patterns, {
    language: languageOf(shape, set.further),
    bounds,
    what: key,
  })
  return classes instanceof Undecided ? classes : splitByTies(classes, set.ties)
}

export function languageOf({ type }: KeyShape, further: string): Language {
  if (type === 'arn') return arnLanguage(further)
  if (type === 'organization') return organizationIds(further)
  return type === 'account' ? ACCOUNTS : textLanguage(further)
}

/** A key of which AWS sends `true` and `false` alone, compared as text. */
export function booleansAsText(
  conditions: readonly Condition[],
  bounds: Bounds,
): readonly TypedText[] | Undecided {
  const set = patternsOf(conditions)
  if (set instanceof Undecided) return set
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
export interface Gathered {
  readonly some: bigint
  readonly every: bigint
  readonly texts: readonly string[]
  readonly ties: readonly Tie[]
}

/**
 * Lists of values. ForAllValues looks at what all values satisfy, the others at what some value does; so two
 * lists with the same two answers are the same. An empty list is a missing key. For a goal, a list grows only by what
 * a required statement asks for and by what breaks an excluded one: of any list that reaches the goal, these values
 * reach it too.
 */
export function listsOf(
  term: KeyTerm,
  texts: readonly KeyText[],
  bounds: Bounds,
  goal: Goal = EVERY_LIST,
): readonly Gathered[] | Undecided {
  const all = usesOf(term, ({ condition }) => condition.operator.quantifier === 'all')
  const wanted = usesOf(term, ({ statement }) => (statement & goal.required) !== 0n) & ~all
  const unwanted = usesOf(term, ({ statement }) => (statement & goal.excluded) !== 0n) & all
  const found = new Map<string, Gathered>()
  const queue: Gathered[] = []
  const budget = new Budget(
    bounds.combinations,
    `lists of values of ${term.key}`,
    'compare fewer conditions on it at a time',
  )
  const add = (gathered: Gathered): void => {
    const name = `${gathered.some & ~all} ${gathered.every & all}`
    if (found.has(name)) return
    found.set(name, gathered)
    queue.push(gathered)
  }
  const singles = texts.map((one) => listOfOne(term, one))
  for (const one of singles) add(one)
  const apart = [...queue]
  for (const list of queue)
    for (const one of apart) {
      const helps = (wanted & one.some & ~list.some) | (unwanted & list.every & ~one.every)
      if (helps === 0n) continue
      if (!budget.spend()) return budget.exhausted()
      add(joined(list, one))
    }
  return queue
}

/** Every statement may be wanted, and every one may not be. */
const EVERY_LIST: Goal = { required: -1n, excluded: -1n }

/** The conditions of a kind, bit by bit. */
function usesOf({ uses }: KeyTerm, isOne: (use: KeyUse) => boolean): bigint {
  let bits = 0n
  for (const [index, use] of uses.entries()) if (isOne(use)) bits |= 1n << BigInt(index)
  return bits
}

/** A list of one value. */
export function listOfOne(term: KeyTerm, { atoms, text, ties = [] }: KeyText): Gathered {
  const bits = satisfied(term, atoms)
  return { some: bits, every: bits, texts: [text], ties }
}

/** One list behind the other. */
export function joined(one: Gathered, other: Gathered): Gathered {
  return {
    some: one.some | other.some,
    every: one.every & other.every,
    texts: [...one.texts, ...other.texts],
    ties: [...one.ties, ...other.ties],
  }
}

/** The statements whose conditions on a key hold for a list. */
export function maskOfList(term: KeyTerm, { every, some }: Gathered): bigint {
  const all = usesOf(term, ({ condition }) => condition.operator.quantifier === 'all')
  return maskOf(term, (some & ~all) | (every & all))
}
