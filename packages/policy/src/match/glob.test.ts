import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileCrossingMatcher, compileSegmentMatcher } from './arn.js'
import { compileMatcher, globParts } from './glob.js'

/** Slow and obvious: tries every length for each star. */
function naive(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern[0] === '*') {
    for (let skip = 0; skip <= text.length; skip++) if (naive(rest, text.slice(skip))) return true
    return false
  }
  return text !== '' && (pattern[0] === '?' || pattern[0] === text[0]) && naive(rest, text.slice(1))
}

const patterns = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 9 })
const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 })

describe('compileMatcher', () => {
  it('agrees with the naive matcher', () => {
    fc.assert(
      fc.property(patterns, texts, (pattern, text) => {
        expect(compileMatcher(globParts(pattern))(text)).toBe(naive(pattern, text))
      }),
      { numRuns: 20_000 },
    )
  })

  it('takes no longer for patterns that make others backtrack', () => {
    const matcher = compileMatcher(globParts('*a'.repeat(200) + '*b'))
    const start = performance.now()
    for (let round = 0; round < 100; round++) expect(matcher('a'.repeat(2000))).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  })
})

/** Six segments; the naive one compares them or lets ending stars run on. */
const segment = fc.string({ unit: fc.constantFrom('a', '*', '?'), maxLength: 3 })
const arnPattern = fc.tuple(segment, segment, segment, segment, segment).map((rest) => ['arn'].concat(rest))
const arn = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 }), { minLength: 5, maxLength: 7 })
  .map((rest) => `arn:${rest.join(':')}`)

const parsed = (segments: readonly string[]) => segments.map((text) => globParts(text))

function naiveCrossing(pattern: readonly string[], text: string): boolean {
  const source = pattern
    .map((part, index) =>
      [...part]
        .map((character, at) => {
          const free = index === 5 || (character === '*' && at === part.length - 1)
          if (character === '*') return free ? '[^]*' : '[^:]*'
          if (character === '?') return index === 5 ? '[^]' : '[^:]'
          return character
        })
        .join(''),
    )
    .join(':')
  return new RegExp(`^${source}$`).test(text)
}

describe('ARN matchers', () => {
  it('compares the six segments separately', () => {
    fc.assert(
      fc.property(arnPattern, arn, (pattern, text) => {
        const [first, ...rest] = text.split(':')
        const segments = [first!, ...rest.slice(0, 4), rest.slice(4).join(':')]
        const expected = pattern.every((part, index) => naive(part, segments[index]!))
        expect(compileSegmentMatcher(parsed(pattern))(text)).toBe(expected)
      }),
      { numRuns: 20_000 },
    )
  })

  it('lets a star that ends a segment run on under the other reading', () => {
    fc.assert(
      fc.property(arnPattern, arn, (pattern, text) => {
        expect(compileCrossingMatcher(parsed(pattern))(text)).toBe(naiveCrossing(pattern, text))
      }),
      { numRuns: 20_000 },
    )
  })
})
