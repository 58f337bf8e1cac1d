import type { Condition } from '../../policy.js'
import { Undecided } from '../bounds.js'
import { clockBounds, maskAtSecond } from '../options/clock-options.js'
import type { CountedOption } from './count-combinations.js'
import type { CountedSpace } from './counted-term.js'
import { textsOf } from './text-source.js'
import {
  countAddresses,
  countInstants,
  countNumbers,
  runsOfSeconds,
  type CountedValues,
} from './count-values.js'
import {
  booleansAsText,
  comparedAs,
  comparing,
  languageOf,
  maskOfMissing,
  maskOfText,
} from '../options/key-options.js'
import { keyShape, type KeyShape } from '../options/key-shapes.js'
import type { KeyTerm, KeyUse } from '../search/term.js'
import { patternsOf } from '../texts/text-patterns.js'
import { booleanTexts } from '../options/typed-values.js'

/** A key that two policies ask about, and what the one asks whose requests are counted. */
export interface CountedKey {
  readonly both: KeyTerm
  readonly own: KeyTerm
}

/** The values of one key that is free of all others: missing, unless it is always sent, or one value. */
export function countKey(key: CountedKey, space: CountedSpace): readonly CountedOption[] | Undecided {
  const { own } = key
  const shape = keyShape(own.key.toLowerCase())
  const values = countValues(key, shape, space)
  if (values instanceof Undecided) return values
  const options = values.map(({ atoms, count }) => ({ mask: maskOfText(own, atoms), count }))
  const { settled } = textsOf(space)
  const isThere = settled?.key === own.key.toLowerCase() && settled.value !== 'missing'
  return shape.always || isThere ? options : [{ mask: maskOfMissing(own), count: 1n }, ...options]
}

function countValues(
  { both, own }: CountedKey,
  shape: KeyShape,
  space: CountedSpace,
): readonly CountedValues[] | Undecided {
  const family = comparedAs(both.key, comparing(both.uses))
  if (family instanceof Undecided) return family
  const conditions = comparing(own.uses)
  switch (family) {
    case 'text':
      return shape.type === 'boolean'
        ? oneEach(booleansAsText(conditions, space.bounds))
        : countKeyTexts(both, conditions, shape, space)
    case 'numeric':
      return countNumbers(conditions)
    case 'date':
      return countInstants(conditions)
    case 'bool':
      return oneEach(booleanTexts(conditions, false))
    case 'ip':
      return countAddresses(conditions)
    default:
      return new Undecided(
        'notSupported',
        `${own.key} is compared by ${family}, and such values are not counted`,
      )
  }
}

function oneEach(
  texts: readonly { readonly atoms: bigint }[] | Undecided,
): readonly CountedValues[] | Undecided {
  return texts instanceof Undecided ? texts : texts.map(({ atoms }) => ({ atoms, count: 1n }))
}

function countKeyTexts(
  both: KeyTerm,
  conditions: readonly Condition[],
  shape: KeyShape,
  space: CountedSpace,
): readonly CountedValues[] | Undecided {
  const all = patternsOf(comparing(both.uses))
  if (all instanceof Undecided) return all
  const own = patternsOf(conditions)
  if (own instanceof Undecided) return own
  const language = space.languages?.keys ?? languageOf(shape, all.further)
  const options = { ...space, language, what: both.key }
  const counts = textsOf(space).count(own.patterns, own.ties, options, both.key.toLowerCase())
  return counts instanceof Undecided ? counts : Array.from(counts, ([atoms, count]) => ({ atoms, count }))
}

/** The seconds of AWS's clock, which both its keys tell. */
export function countClock(uses: readonly KeyUse[]): readonly CountedOption[] | Undecided {
  const instants = clockBounds(uses)
  if (instants instanceof Undecided) return instants
  return runsOfSeconds(instants).map(({ count, first }) => ({
    mask: maskAtSecond(uses, Number(first)),
    count,
  }))
}
