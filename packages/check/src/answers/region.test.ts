import { describe, expect, test } from 'vitest'
import { covers, mayOverlap } from './region.js'

/** All texts over two letters up to three characters, and all patterns of them with wildcards. */
const texts = words(['a', 'b'], 3)
const patterns = words(['a', 'b', '*', '?'], 3)

function words(letters: readonly string[], length: number): readonly string[] {
  let last = ['']
  const all = ['']
  for (let round = 0; round < length; round++) {
    last = last.flatMap((word) => letters.map((letter) => word + letter))
    all.push(...last)
  }
  return all
}

function languageOf(pattern: string): ReadonlySet<string> {
  const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
  return new Set(texts.filter((text) => expression.test(text)))
}

const languages = new Map(patterns.map((pattern) => [pattern, languageOf(pattern)]))

describe('patterns', () => {
  test('what covers does, and what cannot overlap does not', () => {
    let covered = 0
    let apart = 0
    for (const [one, first] of languages)
      for (const [other, second] of languages) {
        if (covers(one, other)) {
          covered++
          expect(
            [...second].every((text) => first.has(text)),
            `${one} covers ${other}`,
          ).toBe(true)
        }
        if (!mayOverlap(one, other)) {
          apart++
          expect(
            [...second].some((text) => first.has(text)),
            `${one} apart from ${other}`,
          ).toBe(false)
        }
      }
    expect([covered > 200, apart > 200]).toEqual([true, true])
  })

  test('the plain cases are seen', () => {
    expect(covers('arn:aws:s3:::data/*', 'arn:aws:s3:::data/raw/*')).toBe(true)
    expect(covers('arn:aws:s3:::data/raw/*', 'arn:aws:s3:::data/*')).toBe(false)
    expect(mayOverlap('arn:aws:s3:::data/raw/*', 'arn:aws:s3:::data/x/*')).toBe(false)
    expect(mayOverlap('arn:aws:s3:::data/raw/*', 'arn:aws:s3:::data/*')).toBe(true)
  })
})
