import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isSameDocument } from './same-document.js'

it('says what the written texts say', () => {
  const json = fc.jsonValue({ maxDepth: 3 })
  fc.assert(
    fc.property(json, json, (one, other) => {
      expect(isSameDocument(one, other)).toBe(JSON.stringify(one) === JSON.stringify(other))
      expect(isSameDocument(one, structuredClone(one))).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

it.each([
  [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
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
