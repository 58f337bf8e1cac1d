import type { RosterColumn } from '../roster.js'
import { rosterColumns } from '../roster.js'
import { isSecretKey, show } from '../secrets.js'
import { suggest, suggestionHint } from '../suggest.js'
import { describeStrangeCharacter } from '../characters.js'
import type { CsvRecord } from './read-csv.js'
import type { RosterText } from './roster-text.js'

const required: readonly RosterColumn[] = ['name', 'teams']

/** The index of each column, or undefined after problems: rows mean nothing without their header. */
export function readHeader(header: CsvRecord, written: RosterText): Map<RosterColumn, number> | undefined {
  const columns = new Map<RosterColumn, number>()
  const names = header.cells.map((cell) => cell.trim())
  let fine = true
  const fail = (index: number, message: string, hint: string | undefined): void => {
    fine = false
    written.error('ROSTER_HEADER', written.cell(header, index), message, hint === undefined ? {} : { hint })
  }
  const [only = ''] = names
  const other = [';', '\t', '|'].find((separator) => names.length === 1 && only.includes(separator))
  if (other !== undefined) {
    fail(
      0,
      `the roster is separated by ${other === '\t' ? 'tabs' : show(other)}`,
      'Save it separated by commas.',
    )
    return undefined
  }
  for (const [index, name] of names.entries()) {
    const column = rosterColumns.find((known) => known === name)
    if (column === undefined) fail(index, unknown(name), hintFor(name))
    else if (columns.has(column))
      fail(index, `the column ${show(name)} is there twice`, 'Remove one of the two.')
    else columns.set(column, index)
  }
  for (const column of required) {
    // A column that was meant, and not spelt so, has been told.
    if (columns.has(column) || names.some((name) => suggest(name, [column]) !== undefined)) continue
    fail(
      0,
      `the roster has no column "${column}"`,
      `The first row names the columns: ${rosterColumns.join(',')}.`,
    )
  }
  return fine ? columns : undefined
}

function unknown(name: string): string {
  if (name === '') return 'a column has no name'
  if (isSecretKey(name)) return `the column ${show(name)} announces secrets, and a roster is no place for any`
  const strange = describeStrangeCharacter(name)
  return `unknown column ${show(name)}${strange === undefined ? '' : ` with ${strange}`}`
}

function hintFor(name: string): string | undefined {
  if (isSecretKey(name)) return 'Remove the column, and revoke what it held.'
  return suggestionHint(name, rosterColumns)
}
