import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ReferenceDecision, SimulateCase } from './reference/case.js'

/** A hand-made case: a request with its policies, the rule that it shows, and AWS's answer. */
export interface TableCase {
  readonly name: string
  /** Number of the rule in the README. */
  readonly rule: number
  readonly case: SimulateCase
  readonly expected: ReferenceDecision
}

/** Reads all `*.json` tables of a folder. Throws when there is none: a table that is lost must not pass. */
export function readCaseTables(folder: string): readonly TableCase[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'))
  const cases = files.flatMap((file) => {
    const content = JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly TableCase[]
    const table = file.replace(/\.json$/, '')
    return content.map((entry) => Object.assign(entry, { name: `${table}: ${entry.name}` }))
  })
  if (cases.length === 0) throw new Error(`no cases in ${folder}`)
  return cases
}
