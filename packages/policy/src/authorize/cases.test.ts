import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { printDiagnostic } from '../diagnostic.js'
import { parseCase } from '../parse-case.js'
import { authorize } from './authorize.js'
import type { AuthorizeSwitches } from './switches.js'

/** One row of `cases/*.json`; the files can be run by any other implementation of IAM. */
interface CaseRow {
  readonly name: string
  /** The rule of docs/aws-evaluation.md and the AWS page behind it. */
  readonly source: string
  readonly case: unknown
  readonly switches?: AuthorizeSwitches
  readonly expect: {
    readonly decision: string
    readonly missing?: string
    /** `layer/sid` of each deciding statement. */
    readonly statements?: readonly string[]
    /** Parts of `nearest`. */
    readonly nearest?: unknown
  }
}

const folder = new URL('../../cases/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
const rows = files.map((file) => ({
  file,
  rows: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as CaseRow[],
}))

function check(row: CaseRow): void {
  const parsed = parseCase(row.case, { name: row.name })
  expect(
    parsed.diagnostics.filter(({ severity }) => severity === 'error').map((one) => printDiagnostic(one)),
  ).toEqual([])
  if (!parsed.ok) return
  const decision = authorize(parsed.value.request, parsed.value.layers, row.switches)
  expect({ decision: decision.decision, missing: decision.missing }).toEqual({
    decision: row.expect.decision,
    missing: row.expect.missing,
  })
  if (row.expect.statements)
    expect(decision.statements.map(({ index, layer, sid }) => `${layer}/${sid ?? index}`)).toEqual(
      row.expect.statements,
    )
  if (row.expect.nearest) expect(decision.nearest).toMatchObject(row.expect.nearest)
}

describe.each(rows)('$file', ({ rows: table }) => {
  it.each(table)('$name', (row) => check(row))
})

it('has at least 250 cases, each with a name of its own and a source', () => {
  const all = rows.flatMap(({ rows: table }) => table)
  expect(all.length).toBeGreaterThanOrEqual(250)
  expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
  for (const { source } of all) expect(source).toMatch(/^rule \d+/)
})
