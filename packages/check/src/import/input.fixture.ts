import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Account } from '../account/account.js'
import { importAccount, type ImportOptions } from './import-account.js'
import type { InputFile } from './input-file.js'

const fixtures = new URL('../../fixtures/', import.meta.url)
const goldens = new URL('../../goldens/import/', import.meta.url)

/** The files of a folder of `packages/check/fixtures`, as an input. */
export function folder(name: string): InputFile[] {
  const top = new URL(`${name}/`, fixtures)
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .toSorted()
    .map((path) => ({
      path: path.slice(top.pathname.length).replace(/^\//, ''),
      text: readFileSync(path, 'utf8'),
    }))
}

/** An input from values: a text as it is, anything else as JSON. */
export function filesOf(values: Readonly<Record<string, unknown>>): InputFile[] {
  return Object.entries(values).map(([path, value]) => ({
    path,
    text: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}

/** The account of an input that has to be one. */
export function imported(files: readonly InputFile[], options: ImportOptions = {}): Account {
  const result = importAccount(files, options)
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, undefined, 2))
  return result.value
}

/** The expected account in `packages/check/goldens/import`; `RINGFENCE_UPDATE_GOLDENS=1` writes `actual` there first. */
export function goldenAccount(name: string, actual: Account): unknown {
  const file = new URL(`${name}.json`, goldens)
  if (process.env['RINGFENCE_UPDATE_GOLDENS'] === '1') {
    mkdirSync(dirname(file.pathname), { recursive: true })
    writeFileSync(file, `${JSON.stringify(actual, undefined, 2)}\n`)
  }
  return JSON.parse(readFileSync(file, 'utf8'))
}
