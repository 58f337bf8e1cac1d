import type { SourceSpan } from '@ringfence/plan'
import type { Stretch } from './literal-places.js'

/** A text's offsets as lines and columns, and back. */
export interface TextIndex {
  span(stretch: Stretch): SourceSpan
  /** The offset of a line and column, both 1-based. */
  offset(line: number, column: number): number
}

/** Indexes the lines of a text once, for any number of spans. */
export function indexText(text: string, file: string): TextIndex {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  const position = (offset: number): { readonly line: number; readonly column: number } => {
    const line = lastAtMost(lineStarts, offset)
    return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 }
  }
  return {
    span: ({ start, end }) => {
      const from = position(start)
      const to = position(end)
      return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
    },
    offset: (line, column) => (lineStarts[line - 1] ?? text.length) + column - 1,
  }
}

/** The index of the last element that is at most `limit`, in a list that ascends and begins with such a one. */
export function lastAtMost(ascending: readonly number[], limit: number): number {
  let low = 0
  let high = ascending.length
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if ((ascending[middle] ?? 0) <= limit) low = middle
    else high = middle
  }
  return low
}
