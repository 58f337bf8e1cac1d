import type { DiagnosticCode } from '../codes.js'
import type { Diagnostic } from '../diagnostic.js'
import type { SourceSpan } from '../plan.js'
import type { RosterColumn, RosterPerson } from '../roster.js'
import { rosterColumns } from '../roster.js'
import { show } from '../secrets.js'
import { suggestionHint } from '../suggest.js'
import type { CsvRecord } from './read-csv.js'
import type { RosterText } from './roster-text.js'

/** The people of a roster with their rows. */
export interface RosterRows {
  readonly records: ReadonlyMap<RosterPerson, CsvRecord>
  /** Names of those whose rows were refused. */
  readonly broken: ReadonlySet<string>
}

/** Reads rows that have a cell for each column; those with problems are reported and left out. */
export function readRows(
  rows: readonly CsvRecord[],
  columns: ReadonlyMap<RosterColumn, number>,
  written: RosterText,
): RosterRows {
  const records = new Map<RosterPerson, CsvRecord>()
  const broken = new Set<string>()
  const seen = { name: new Map<string, CsvRecord>(), id: new Map<string, CsvRecord>() }
  for (const record of rows) {
    const cells = record.cells.map(trim)
    const cell = (column: RosterColumn): string => cells[columns.get(column) ?? -1] ?? ''
    const name = cell('name')
    const fine = checkFormulas(record, written) && checkRow(record, cell, columns, seen, written)
    if (fine) records.set(personOf(cell, written.cell(record, columns.get('name') ?? 0)), record)
    else if (!seen.name.has(name) || seen.name.get(name) === record) broken.add(name)
  }
  return { records, broken }
}

const BLANK = /^[ \t]|[ \t]$/

/** Of spaces and tabs alone: other white space is a mistake that is told. */
function trim(cell: string): string {
  return BLANK.test(cell) ? cell.replaceAll(/^[ \t]+|[ \t]+$/g, '') : cell
}

function personOf(cell: (column: RosterColumn) => string, declaredAt: SourceSpan): RosterPerson {
  const person: Record<string, unknown> = { name: cell('name') }
  for (const column of rosterColumns) {
    const value = cell(column)
    if (value !== '' && column !== 'teams') person[column] = value
  }
  person['teams'] = cell('teams')
    .split(/[;\s]+/)
    .filter((team) => team !== '')
  person['declaredAt'] = declaredAt
  return person as unknown as RosterPerson
}

/** What a spreadsheet runs instead of showing it, and what it shows where a formula failed. */
function checkFormulas(record: CsvRecord, written: RosterText): boolean {
  let fine = true
  for (const [index, text] of record.cells.entries()) {
    const cell = text.trimStart()
    const failed = /^#(?:REF!|N\/A|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!|ERROR!)/.test(cell)
    if (!failed && !/^[=+@-]/.test(cell)) continue
    fine = false
    written.error(
      'ROSTER_FORMULA',
      written.cell(record, index),
      failed
        ? `${show(cell)} is what a spreadsheet shows where a formula failed`
        : `${show(cell)} begins as a formula does, and a spreadsheet would run it`,
      { hint: 'Write the value itself.' },
    )
  }
  return fine
}

function checkRow(
  record: CsvRecord,
  cell: (column: RosterColumn) => string,
  columns: ReadonlyMap<RosterColumn, number>,
  seen: Readonly<Record<'name' | 'id', Map<string, CsvRecord>>>,
  written: RosterText,
): boolean {
  let fine = true
  const place = (column: RosterColumn, of = record): SourceSpan => written.cell(of, columns.get(column) ?? 0)
  const fail = (code: DiagnosticCode, column: RosterColumn, message: string, rest?: Partial<Diagnostic>) => {
    fine = false
    written.error(code, place(column), message, rest)
  }
  const name = cell('name')
  if (name === '')
    fail('ROSTER_SYNTAX', 'name', 'this row has no name', { hint: 'Write the name of the member.' })
  if (name === '__proto__') fail('NAME_INVALID', 'name', '"__proto__" cannot be a name')
  for (const column of ['name', 'id'] as const) {
    const value = cell(column)
    if (value === '') continue
    const first = seen[column].get(value)
    if (first === undefined) seen[column].set(value, record)
    else
      fail(
        'NAME_DUPLICATE',
        column,
        `${column === 'id' ? 'the id ' : ''}${show(value)} is in the roster twice`,
        {
          hint: column === 'id' ? 'An id is of one person: remove one of the rows.' : 'Merge the two rows.',
          related: [{ message: 'it is here first', span: place(column, first) }],
        },
      )
  }
  for (const [column, values] of [
    ['kind', ['person', 'service']],
    ['signIn', ['user', 'federation']],
  ] as const) {
    const value = cell(column)
    if (value === '' || (values as readonly string[]).includes(value)) continue
    const hint = suggestionHint(value, values)
    const rest = hint === undefined ? {} : { hint }
    fail('VALUE_UNKNOWN', column, `${show(value)} is not known for "${column}"`, rest)
  }
  return fine
}
