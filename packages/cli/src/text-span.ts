import type { SourceSpan } from '@ringfence/plan'
import type { Stretch } from './literal-places.js'

/** A stretch of a text as lines and columns. Takes time in the length of the text: for single findings. */
export function spanOf(text: string, file: string, { start, end }: Stretch): SourceSpan {
  const from = position(text, start)
  const to = position(text, end)
  return { file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', lineStart)) {
    line += 1
    lineStart = at + 1
  }
  return { line, column: offset - lineStart + 1 }
}
