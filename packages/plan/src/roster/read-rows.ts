import type { DiagnosticCode } from '../codes.js'
import type { Diagnostic } from '../diagnostic.js'
import type { SourceSpan } from '../plan.js'
import type { RosterColumn, RosterPerson } from '../roster.js'
import { show } from '../secrets.js'
import { suggestionHint } from '../suggest.js'
import type { CsvRecord } from './read-csv.js'
import type { RosterText } from './roster-text.js'

/** The people of a roster with their rows. */
export interface RosterRows {
  readonly people: readonly RosterPerson[]
  /** One for each of the people, in their order. */
  readonly records: readonly CsvRecord[]
  /** Names of those whose rows were refused. */
  readonly broken: ReadonlySet<string>
}

/** What a row says in each column; empty where it says nothing. */
type Row = Readonly<Record<RosterColumn, string>>

/** Reads rows that have a cell for each column; those with problems are reported and left out. */
export function readRows(
  rows: readonly CsvRecord[],
  columns: ReadonlyMap<RosterColumn, number>,
  written: RosterText,
): RosterRows {
  const people: RosterPerson[] = []
  const records: CsvRecord[] = []
  const broken = new Set<string>()
  const seen = { name: new Map<string, CsvRecord>(), id: new Map<string, CsvRecord>() }
  const nameColumn = columns.get('name') ?? 0
  for (const record of rows) {
    const row = readRow(record, columns)
    if (checkFormulas(record, written) && checkRow(record, row, columns, seen, written)) {
      people.push(personOf(row, written.cell(record, nameColumn)))
      records.push(record)
    } else if (!seen.name.has(row.name) || seen.name.get(row.name) === record) broken.add(row.name)
  }
  return { people, records, broken }
}

const emptyRow: Row = {
  name: '',
  email: '',
  id: '',
  kind: '',
  signIn: '',
  until: '',
  age: '',
  pgp: '',
  teams: '',
}

function readRow({ cells }: CsvRecord, columns: ReadonlyMap<RosterColumn, number>): Row {
  const row: Record<RosterColumn, string> = { ...emptyRow }
  for (const [column, index] of columns) row[column] = trim(cells[index] ?? '')
  return row
}

const BLANK = /^[ \t]|[ \t]$/

/** Of spaces and tabs alone: other white space is a mistake that is told. */
function trim(cell: string): string {
  return BLANK.test(cell) ? cell.replaceAll(/^[ \t]+|[ \t]+$/g, '') : cell
}

const SEPARATOR = /[;,\s]+/
const optionalColumns = ['email', 'id', 'kind', 'signIn', 'until', 'age', 'pgp'] as const

function personOf(row: Row, declaredAt: SourceSpan): RosterPerson {
  const teams = SEPARATOR.test(row.teams) ? row.teams.split(SEPARATOR) : [row.teams]
  const named = teams.filter((team) => team !== '')
  const person: Record<string, unknown> = { name: row.name, teams: named, declaredAt }
  for (const column of optionalColumns) if (row[column] !== '') person[column] = row[column]
  return person as unknown as RosterPerson
}

/** What a spreadsheet runs instead of showing it, and what it shows where a formula failed. */
function checkFormulas(record: CsvRecord, written: RosterText): boolean {
  let fine = true
  for (const [index, text] of record.cells.entries()) {
    if (!/^\s*[#=+@-]/.test(text)) continue
    const cell = text.trimStart()
    const failed = /^#(?:REF!|N\/A|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!|ERROR!)/.test(cell)
    if (!failed && cell.startsWith('#')) continue
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

const uniqueColumns = ['name', 'id'] as const
const knownValues = [
  ['kind', ['person', 'service']],
  ['signIn', ['user', 'federation']],
] as const

function checkRow(
  record: CsvRecord,
  row: Row,
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
  const { name } = row
  if (name === '')
    fail('ROSTER_SYNTAX', 'name', 'this row has no name', { hint: 'Write the name of the member.' })
  if (name === '__proto__') fail('NAME_INVALID', 'name', '"__proto__" cannot be a name')
  for (const column of uniqueColumns) {
    const value = row[column]
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
  for (const [column, values] of knownValues) {
    const value = row[column]
    if (value === '' || (values as readonly string[]).includes(value)) continue
    const hint = suggestionHint(value, values)
    const rest = hint === undefined ? {} : { hint }
    fail('VALUE_UNKNOWN', column, `${show(value)} is not known for "${column}"`, rest)
  }
  return fine
}
