import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Automaton } from '../texts/automaton.js'
import { DEFAULT_BOUNDS, Undecided } from '../bounds.js'
import { countTexts } from './count-strings.js'
import { makeLanguage, textLanguage, type Language } from '../texts/language.js'
import type { StringPattern } from '../texts/partition.js'
import { ANY, ONE, type Token } from '../texts/pattern.js'
import { actionTokens } from '../texts/text-patterns.js'

const WORDS = makeLanguage([['start', 'abA', 'start']], ['start'])
/** A letter, then letters of which none is an `A`. */
const NAMES = makeLanguage(
  [
    ['start', 'abA', 'rest'],
    ['rest', 'ab', 'rest'],
  ],
  ['rest'],
)
const EVEN = makeLanguage(
  [
    ['start', 'ab', 'odd'],
    ['odd', 'ab', 'start'],
  ],
  ['start'],
)
const LONGEST = 5

function textsOf(language: Language, length: number): readonly string[] {
  const found: string[] = []
  const visit = (state: number, text: string): void => {
    if (language.accepting[state]) found.push(text)
    if (text.length === length) return
    for (const { target, units } of language.edges[state]!)
      for (const unit of units) visit(target, text + String.fromCharCode(unit))
  }
  visit(language.start, '')
  return found
}

/** One text after the other. */
function enumerate(
  patterns: readonly StringPattern[],
  language: Language,
  length: number,
): Map<bigint, bigint> {
  const counts = new Map<bigint, bigint>()
  for (const text of textsOf(language, length)) {
    let atoms = 0n
    for (const pattern of patterns) if (pattern.automaton.takes(text)) atoms |= pattern.atoms
    counts.set(atoms, (counts.get(atoms) ?? 0n) + 1n)
  }
  return counts
}

const token: fc.Arbitrary<Token> = fc.constantFrom(ANY, ANY, ONE, 0x61, 0x62)
const pattern = fc.record({
  tokens: fc.array(token, { maxLength: 5 }),
  atoms: fc.constantFrom(1n, 2n, 4n, 3n, 8n),
  fold: fc.boolean(),
})

test('counting agrees with looking at every text', () => {
  const property = fc.property(
    fc.array(pattern, { maxLength: 5 }),
    fc.constantFrom(WORDS, NAMES, EVEN),
    fc.integer({ min: 0, max: LONGEST }),
    (drawn, language, length) => {
      const patterns = drawn.map(({ atoms, fold, tokens }) => ({
        atoms,
        automaton: new Automaton(tokens, fold),
      }))
      const counts = countTexts(patterns, { language, length, bounds: DEFAULT_BOUNDS, what: 'texts' })
      expect(counts).toEqual(enumerate(patterns, language, length))
    },
  )
  fc.assert(property, { numRuns: 500 })
})

const upTo = (length: number): bigint => (95n ** BigInt(length + 1) - 1n) / 94n

test('the texts that begin with a prefix, by their number', () => {
  const counts = countTexts([{ atoms: 1n, automaton: new Automaton(actionTokens('raw/*')) }], {
    language: textLanguage(),
    length: 128,
    bounds: DEFAULT_BOUNDS,
    what: 'texts',
  })
  expect(counts).toEqual(
    new Map([
      [1n, upTo(124)],
      [0n, upTo(128) - upTo(124)],
    ]),
  )
})

test('more states than the bound, or more steps, are told', () => {
  const patterns = ['*a*b*c*', '*b*a*d', '*c*b*a?'].map((text, index) => {
    return { atoms: 1n << BigInt(index), automaton: new Automaton(actionTokens(text)) }
  })
  const count = (states: number): unknown =>
    countTexts(patterns, {
      language: textLanguage(),
      length: 128,
      bounds: { ...DEFAULT_BOUNDS, states },
      what: 's3:prefix',
    })
  expect(count(10)).toEqual(
    new Undecided(
      'tooLarge',
      'more than 10 states of the patterns of s3:prefix; count fewer statements at a time, or write patterns with fewer stars',
    ),
  )
  expect(count(300)).toEqual(
    new Undecided(
      'tooLarge',
      'more than 12000 steps to count s3:prefix; count fewer statements at a time, or write patterns with fewer stars; or count shorter texts',
    ),
  )
})
