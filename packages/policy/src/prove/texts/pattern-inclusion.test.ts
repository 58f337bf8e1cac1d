import { expect, test } from 'vitest'
import { globParts } from '../../match/glob.js'
import { Automaton } from './automaton.js'
import { endsAgree, includesPattern } from './pattern-inclusion.js'
import { FREE, tokensOf, WITHIN, type Token } from './pattern.js'

const tokens = (pattern: string): readonly Token[] => tokensOf(globParts(pattern))

test.each([
  ['a*', 'a*', true],
  ['a*', 'ab*c', true],
  ['*', '', true],
  ['a*b*', 'a?b', true],
  ['*b*', 'abc', true],
  ['a?c', 'abc', true],
  ['a?c', 'a*c', false],
  ['a*c', 'a*', false],
  ['abc', 'ab?', false],
  ['a*a', 'a', false],
])('%s includes %s: %s', (wide, narrow, isIncluded) => {
  expect(includesPattern(tokens(wide), tokens(narrow))).toBe(isIncluded)
})

test('wildcards that stop at a colon take less than those that do not', () => {
  const within = tokensOf(globParts('a*'), WITHIN)
  expect(includesPattern(tokens('a*'), within)).toBe(true)
  expect(includesPattern(within, tokens('a*'))).toBe(false)
  expect(includesPattern(within, tokens('a:'))).toBe(false)
})

/** All patterns and texts of so many pieces. */
function* words(pieces: readonly string[], length: number): Generator<string> {
  yield ''
  if (length > 0) for (const rest of words(pieces, length - 1)) for (const piece of pieces) yield piece + rest
}

test('what is said of two small patterns holds for all small texts', () => {
  const patterns = [...new Set(words(['a', 'b', '*', '?'], 3))].map((source) => {
    const own = tokensOf(globParts(source), FREE)
    const automaton = new Automaton(own)
    return { source, own, taken: texts.map((text) => automaton.takes(text)) }
  })
  let included = 0
  let apart = 0
  for (const one of patterns)
    for (const other of patterns) {
      const name = `${one.source} and ${other.source}`
      if (includesPattern(one.own, other.own)) {
        included++
        expect(
          texts.filter((_, index) => other.taken[index] && !one.taken[index]),
          name,
        ).toEqual([])
      }
      if (!endsAgree(one.own, other.own)) {
        apart++
        expect(
          texts.filter((_, index) => other.taken[index] && one.taken[index]),
          name,
        ).toEqual([])
      }
    }
  expect(included).toBeGreaterThan(500)
  expect(apart).toBeGreaterThan(500)
})
const texts = [...new Set(words(['a', 'b', 'c'], 4))]
