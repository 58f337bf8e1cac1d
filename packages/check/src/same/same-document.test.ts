import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameDocument } from './same-document.js'

it('says what the written texts say, with members in order', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(isSameDocument(one, other)).toBe(isDeepStrictEqual(one, other))
      expect(isSameDocument(one, structuredClone(one))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it('takes members in any order', () => {
  expect(isSameDocument({ a: 1, b: ['x'] }, { b: ['x'], a: 1 })).toBe(true)
})

it.each([
  [
    { a: 1, b: 2 },
    { b: 2, c: 1 },
  ],
  [['a'], 'a'],
  [['a'], { 0: 'a' }],
  [{ a: ['x', 'y'] }, { a: ['x', 'z'] }],
  [{ a: null }, { a: {} }],
  [{}, { a: undefined }],
])('tells %j and %j apart', (one, other) => {
  expect(isSameDocument(one, other)).toBe(false)
  expect(isSameDocument(other, one)).toBe(false)
})
