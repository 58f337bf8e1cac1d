import type { Bounds } from '../bounds.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import type { Language } from '../texts/language.js'
import type { TextSource } from './text-source.js'
import type { PairTerm, Term } from '../search/term.js'

/** What both policies ask, and what the one asks whose requests are counted. */
export interface CountedTerm {
  readonly both: PairTerm
  /** The same keys, with the uses of the one policy's statements. */
  readonly own: Term
  /** The bits of the one policy's statements. */
  readonly bits: bigint
  readonly space: CountedSpace
}

/** Which requests are counted. */
export interface CountedSpace {
  /** The most characters of a text. */
  readonly length: number
  readonly bounds: Bounds
  /** The known world: these actions, on the resources that they take. Absent: the open one. */
  readonly catalogue?: ActionCatalogue
  /** What counts texts; default `FREE_TEXTS`. */
  readonly texts?: TextSource
  /** Other texts than AWS's. */
  readonly languages?: CountedLanguages
}

/** The texts of each variable. */
export interface CountedLanguages {
  readonly actions: Language
  readonly resources: Language
  /** ARNs with their owner's account. */
  readonly owned?: Language
  /** Owners of all others. */
  readonly owners?: Language
  /** Of keys that are compared as text. */
  readonly keys: Language
}

/** The term of one policy of a pair. */
export function countedTerm(both: PairTerm, side: 0 | 1, space: CountedSpace): CountedTerm {
  const bits = both.allows[side] | both.denies[side]
  const statements = both.statements.filter(({ bit }) => (bit & bits) !== 0n)
  const keys = Array.from(both.keys, ([name, { key, uses }]) => {
    return [name, { key, uses: uses.filter(({ statement }) => (statement & bits) !== 0n) }] as const
  })
  const own: Term = { statements, all: both.all, keys: new Map(keys) }
  return { both, own, bits, space }
}
