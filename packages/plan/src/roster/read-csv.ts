import { parse } from 'csv-parse/browser/esm/sync'

/** A row of a table, which may go over several lines. */
export interface CsvRecord {
  readonly cells: readonly string[]
  /** Offsets in the text, without the line's end. */
  readonly start: number
  readonly end: number
  /** Of its first character, from 1. */
  readonly line: number
}

/** A row whose quotes are wrong, or the last one, whose quote is never closed. */
export interface CsvProblem {
  readonly kind: 'quotes' | 'openQuote'
  readonly start: number
  readonly end: number
  readonly line: number
}

export interface CsvTable {
  /** Without empty lines. */
  readonly records: readonly CsvRecord[]
  readonly problems: readonly CsvProblem[]
}

/** More broken rows than this have one cause. */
const maxProblems = 1_000

type Stretch = Omit<CsvRecord, 'cells'>

/**
 * Reads comma-separated values (RFC 4180). Lines without a quote are split here, which is what they mean, and only
 * the others go through the parser: a hundred thousand rows would cost it seconds.
 */
export function readCsv(text: string): CsvTable {
  const problems: CsvProblem[] = []
  const records: (CsvRecord | Stretch)[] = []
  for (const stretch of stretches(text)) {
    const { start, end, quotes } = stretch
    if (quotes % 2 === 1) problems.push({ kind: 'openQuote', start, end, line: stretch.line })
    else if (quotes > 0) records.push(stretch)
    else {
      const row = text.slice(start, end)
      if (row.trim() !== '') records.push({ cells: row.split(','), start, end, line: stretch.line })
    }
  }
  const quoted = records.filter((record) => !('cells' in record))
  const parsed = parseQuoted(
    quoted.map(({ start, end }) => text.slice(start, end)),
    (index) => {
      const { start, end, line } = quoted[index] as Stretch
      problems.push({ kind: 'quotes', start, end, line })
      return problems.length < maxProblems
    },
  )
  let next = 0
  const whole = records.flatMap((record): CsvRecord[] => {
    if ('cells' in record) return [record]
    const cells = parsed[next]
    next += 1
    const { start, end, line } = record
    return cells === undefined ? [] : [{ cells, start, end, line }]
  })
  return { records: whole, problems: problems.toSorted((one, other) => one.start - other.start) }
}

/** The rows of a text with the number of their quotes, which is odd only where the last one stays open. */
function* stretches(text: string): Generator<Stretch & { readonly quotes: number }> {
  let quote = text.indexOf('"')
  let start = 0
  let line = 1
  while (start < text.length) {
    let quotes = 0
    let lines = 0
    let end = start - 1
    do {
      end = text.indexOf('\n', end + 1)
      if (end === -1) end = text.length
      for (; quote !== -1 && quote < end; quote = text.indexOf('"', quote + 1)) quotes += 1
      lines += 1
    } while (quotes % 2 === 1 && end < text.length)
    yield { start, end: text[end - 1] === '\r' && end > start ? end - 1 : end, line, quotes }
    line += lines
    start = end + 1
  }
}

/** The cells of each row, all in one run of the parser; where that fails, row by row until `told` has enough. */
function parseQuoted(
  rows: readonly string[],
  told: (index: number) => boolean,
): readonly (readonly string[] | undefined)[] {
  if (rows.length === 0) return []
  const together = parseRows(rows.join('\n'))
  if (together?.length === rows.length) return together
  let enough = false
  return rows.map((row, index) => {
    const [cells, ...more] = enough ? [] : (parseRows(row) ?? [])
    if (cells !== undefined && more.length === 0) return cells
    if (!enough) enough = !told(index)
    return undefined
  })
}

function parseRows(text: string): string[][] | undefined {
  try {
    return parse(text, { relax_column_count: true, record_delimiter: '\n' })
  } catch {
    return undefined
  }
}

/** Start and end of a cell, with its quotes; the last one where the row has fewer. */
export function cellPlace(text: string, record: CsvRecord, index: number): readonly [number, number] {
  let at = record.start
  for (let column = 0; ; column += 1) {
    const end = cellEnd(text, at, record.end)
    if (column === index || end >= record.end) return [at, end]
    at = end + 1
  }
}

function cellEnd(text: string, start: number, limit: number): number {
  let at = start
  if (text[at] === '"') {
    do at = text.indexOf('"', at + 1) + 1
    while (text[at] === '"')
  }
  const comma = text.indexOf(',', at)
  return comma === -1 || comma > limit ? limit : comma
}
