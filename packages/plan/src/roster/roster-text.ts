import type { DiagnosticCode } from '../codes.js'
import type { Diagnostic } from '../diagnostic.js'
import type { SourceSpan } from '../plan.js'
import type { Reporter } from '../reporter.js'
import { createReporter } from '../reporter.js'
import { textLocator } from '../text-places.js'
import type { CsvRecord } from './read-csv.js'
import { cellPlace } from './read-csv.js'

/** Where the parts of a roster are written, and how they are reported. */
export interface RosterText {
  readonly reporter: Reporter
  cell(record: CsvRecord, index: number): SourceSpan
  error(code: DiagnosticCode, span: SourceSpan, message: string, rest?: Partial<Diagnostic>): void
}

export function rosterText(file: string, text: string, sensitive: boolean): RosterText {
  const reporter = createReporter(textLocator(file, text), sensitive)
  return {
    reporter,
    cell: (record, index) => {
      const [start, end] = cellPlace(text, record, index)
      const first = placeIn(text, record, start)
      const last = placeIn(text, record, Math.max(start, end))
      return { file, ...first, endLine: last.line, endColumn: last.column }
    },
    error: (code, span, message, rest = {}) =>
      reporter.add({ code, severity: 'error', message, span, ...rest }),
  }
}

function placeIn(text: string, record: CsvRecord, offset: number): { line: number; column: number } {
  let line = record.line
  let start = record.start
  for (let end = text.indexOf('\n', start); end !== -1 && end < offset; end = text.indexOf('\n', start)) {
    line += 1
    start = end + 1
  }
  return { line, column: offset - start + 1 }
}
