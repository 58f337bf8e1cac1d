import type { SourceSpan } from '../plan.js'
import type { RosterColumn, RosterPerson, RosterResult } from '../roster.js'
import { reportText } from '../text-places.js'
import type { CsvRecord } from './read-csv.js'
import { readCsv } from './read-csv.js'
import { readHeader } from './read-header.js'
import type { RosterRows } from './read-rows.js'
import { readRows } from './read-rows.js'
import type { RosterText } from './roster-text.js'
import { rosterText } from './roster-text.js'

/** Characters of a roster. 100,000 people with the keys that secrets are encrypted to fit. */
export const maxRosterLength = 32 * 1024 * 1024

/**
 * Reads a roster in CSV: a header, and a row for each person. All problems of its form are told; what the cells say
 * is checked when the roster is merged into a declared file, by the rules for members that a file has.
 */
export function parseRoster(options: { readonly file: string; readonly text: string }): RosterResult {
  const { file } = options
  const text = options.text.startsWith('\uFEFF') ? options.text.slice(1) : options.text
  if (text.length > maxRosterLength) {
    const start = { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
    const message = `the roster has ${text.length} characters; at most ${maxRosterLength} are read`
    return {
      ok: false,
      diagnostics: [{ code: 'FILE_TOO_LARGE', severity: 'error', message, span: start }],
    }
  }
  const unwritten = reportText(file, text)
  const written = rosterText(file, text, unwritten.sensitive)
  const { reporter } = written
  const people = readPeople(text, written)
  const diagnostics = [...unwritten.diagnostics, ...reporter.diagnostics].toSorted(
    (one, other) =>
      (one.span?.line ?? 0) - (other.span?.line ?? 0) || (one.span?.column ?? 0) - (other.span?.column ?? 0),
  )
  const ok = !unwritten.hasErrors() && !reporter.hasErrors()
  if (people === undefined) return { ok: false, diagnostics }
  let recordOf: ReadonlyMap<RosterPerson, CsvRecord> | undefined
  const value = {
    source: file,
    people: people.people,
    broken: people.broken,
    placeOf: (person: RosterPerson, column: RosterColumn): SourceSpan => {
      // Of each person the place of the name is asked for, and that is known.
      if (column === 'name' && person.declaredAt !== undefined) return person.declaredAt
      recordOf ??= new Map(people.people.map((one, at) => [one, people.records[at] as CsvRecord]))
      const record = recordOf.get(person)
      const index = people.columns.get(column)
      return record === undefined || index === undefined
        ? (person.declaredAt ?? reporter.locator.value([0, 0]))
        : written.cell(record, index)
    },
  }
  return { ok, value, diagnostics }
}

interface People extends RosterRows {
  readonly columns: ReadonlyMap<RosterColumn, number>
}

/** Undefined where so much is missing that what is left must not be taken for the roster. */
function readPeople(text: string, written: RosterText): People | undefined {
  const { error, reporter } = written
  const { records, problems } = readCsv(text)
  for (const { kind, start, end } of problems) {
    const span = reporter.locator.value([start, Math.min(end, start + 1)])
    if (kind === 'openQuote')
      error('ROSTER_CUT_OFF', span, 'a quote of this row is never closed, up to the end of the roster', {
        hint: 'Fetch the roster again: its end is missing. Or close the quote.',
      })
    else
      error('ROSTER_SYNTAX', span, 'this row has a quote where none can be', {
        hint: 'Put the whole cell in quotes, and write a quote inside it twice.',
      })
  }
  const loneReturn = /\r(?!\n)/.exec(text)
  if (loneReturn !== null) {
    error(
      'ROSTER_SYNTAX',
      reporter.locator.value([loneReturn.index, loneReturn.index]),
      'a line ends in a carriage return alone',
      {
        hint: 'Save the roster as "CSV UTF-8", with the line ends of Windows or Unix.',
      },
    )
  }
  const [header, ...rows] = records
  if (header === undefined) {
    if (problems.length === 0)
      error('ROSTER_EMPTY', reporter.locator.value([0, 0]), 'the roster is empty', { hint: emptyHint })
    return undefined
  }
  const columns = readHeader(header, written)
  if (columns === undefined) return undefined
  const filled = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (filled.length === 0 && problems.length === 0) {
    error('ROSTER_EMPTY', written.cell(header, 0), 'the roster has a header and no people', {
      hint: emptyHint,
    })
    return undefined
  }
  if (reporter.hasErrors() || !checkWidths(header, filled, written)) return undefined
  return { columns, ...readRows(filled, columns, written) }
}

const emptyHint =
  'Fetch it again: nobody at all is hardly what was meant. "ringfence destroy" takes everything down.'

function checkWidths(header: CsvRecord, rows: readonly CsvRecord[], written: RosterText): boolean {
  const width = header.cells.length
  let fine = true
  for (const [index, record] of rows.entries()) {
    const found = record.cells.length
    if (found === width) continue
    fine = false
    const cut = found < width && index === rows.length - 1
    written.error(
      cut ? 'ROSTER_CUT_OFF' : 'ROSTER_SYNTAX',
      written.cell(record, Math.min(found, width) - 1),
      `this row has ${found} ${found === 1 ? 'cell' : 'cells'}, and the header ${width}${cut ? ': the roster may be cut off here' : ''}`,
      {
        hint:
          found > width
            ? 'Put a cell that holds commas in quotes, or separate teams by ";".'
            : cut
              ? 'Fetch the roster again, or write the commas of empty cells too.'
              : 'Write the commas of empty cells too.',
      },
    )
  }
  return fine
}
