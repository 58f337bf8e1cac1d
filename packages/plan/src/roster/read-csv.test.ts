import { parse } from 'csv-parse/browser/esm/sync'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellPlace, readCsv } from './read-csv.js'

/** Cells as people write them, commas, quotes and line ends included. */
const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', ',', '"', '\n', '\r\n', ';', 'é', '😀') })
const table = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 })

function printCsv(rows: readonly (readonly string[])[], quoteAll: boolean): string {
  const print = (text: string): string =>
    quoteAll || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  return rows.map((row) => `${row.map(print).join(',')}\n`).join('')
}

/** A line that is blank is no row. */
function isFilled(row: readonly string[]): boolean {
  return row.length > 1 || row[0]?.trim() !== ''
}

test('what was printed is read, each cell at its place', () => {
  fc.assert(
    fc.property(table, fc.boolean(), (rows, quoteAll) => {
      const text = printCsv(rows, quoteAll)
      const { problems, records } = readCsv(text)
      expect(problems).toEqual([])
      expect(records.map(({ cells }) => cells).filter(isFilled)).toEqual(rows.filter(isFilled))
      for (const record of records) {
        for (const [index, value] of record.cells.entries()) {
          const [start, end] = cellPlace(text, record, index)
          const written = text.slice(start, end)
          const unquoted = written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
          expect(unquoted).toBe(value)
        }
      }
    }),
  )
})

test('any text is read as the parser reads it, or refused where the parser refuses it', () => {
  const anything = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', ' '), maxLength: 30 })
  fc.assert(
    fc.property(anything, (text) => {
      const ours = readCsv(text)
      let theirs: string[][] | undefined
      try {
        theirs = parse(text, { relax_column_count: true, record_delimiter: '\n' })
      } catch {
        theirs = undefined
      }
      expect(ours.problems.length > 0).toBe(theirs === undefined)
      const cells = ours.records.map((record) => record.cells)
      if (theirs !== undefined) expect(cells.filter(isFilled)).toEqual(theirs.filter(isFilled))
    }),
    { numRuns: 2_000 },
  )
})
