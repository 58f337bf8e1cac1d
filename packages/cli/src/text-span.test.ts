import { describe, expect, it } from 'vitest'
import { indexText } from './text-span.js'

describe('indexText', () => {
  const text = 'ab\n\ncd'
  const index = indexText(text, 'f')

  it.each([
    [0, 1, 1],
    [2, 1, 3],
    [3, 2, 1],
    [4, 3, 1],
    [6, 3, 3],
  ])('puts offset %i on line %i, column %i, and back', (offset, line, column) => {
    const span = { file: 'f', line, column, endLine: line, endColumn: column }
    expect(index.span({ start: offset, end: offset })).toEqual(span)
    expect(index.offset(line, column)).toBe(offset)
  })
})
