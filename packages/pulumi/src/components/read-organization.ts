import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as pulumi from '@pulumi/pulumi'
import type { Declaration, OrganizationInput, Result, RosterResult } from '@ringfence/plan'
import {
  maxFileLength,
  maxRosterLength,
  parseDeclaration,
  parseRoster,
  readDeclaration,
  readRosterSource,
  rosterSource,
} from '@ringfence/plan'

/** What an organization is declared by: a file's path, or the value itself. */
export interface DeclarationSource {
  readonly file?: string | undefined
  readonly declaration?: OrganizationInput | undefined
}

/** Reads a declaration; `nowMs` (epoch milliseconds) decides what has expired. Throws RunError for a bad source. */
export function readOrganization(
  name: string,
  { file, declaration }: DeclarationSource,
  nowMs: number,
): Result<Declaration> {
  if ((file === undefined) === (declaration === undefined)) {
    throw new pulumi.RunError(
      `"${name}" needs either "file" or "declaration"${file === undefined ? '' : ', not both'}.\n` +
        'Try: file: "ringfence.yaml".',
    )
  }
  if (file === undefined) {
    return withRoster(readRoster(name, rosterSource(declaration), '.'), (roster) =>
      readDeclaration({ file: name, value: declaration, nowMs, roster }),
    )
  }
  if (/\.[cm]?[jt]s$/.test(file)) {
    throw new pulumi.RunError(
      `"${name}": ${file} is a program.\nTry: import its default export and give that as "declaration".`,
    )
  }
  const text = readText(name, file, maxFileLength)
  return withRoster(readRoster(name, readRosterSource(text), dirname(file)), (roster) =>
    parseDeclaration({ file, text, nowMs, roster }),
  )
}

function readRoster(name: string, source: string | undefined, folder: string): RosterResult | undefined {
  if (source === undefined) return undefined
  if (!/\.csv$/i.test(source)) {
    throw new pulumi.RunError(
      `"${name}": members come from ${JSON.stringify(source)}, and a program reads rosters in CSV only.\n` +
        'Try: deploy the file by "ringfence up".',
    )
  }
  const file = join(folder, source)
  return parseRoster({ file, text: readText(name, file, maxRosterLength) })
}

function withRoster(
  roster: RosterResult | undefined,
  declare: (roster: RosterResult['value']) => Result<Declaration>,
): Result<Declaration> {
  if (roster === undefined) return declare(undefined)
  const { diagnostics, ok, value } = roster
  if (value === undefined) return { ok: false, diagnostics }
  const declared = declare(value)
  const told = [...diagnostics, ...declared.diagnostics]
  return ok && declared.ok ? { ...declared, diagnostics: told } : { ok: false, diagnostics: told }
}

function readText(name: string, file: string, maxLength: number): string {
  let bytes: Buffer
  try {
    bytes = readFileSync(file)
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new pulumi.RunError(
      `"${name}": ${file} cannot be read (${why}).\nTry: a path from the folder of the Pulumi program.`,
    )
  }
  // Four bytes are the most that a character takes in UTF-8: what is longer is refused without decoding it.
  if (bytes.length > 4 * maxLength) throw new pulumi.RunError(`"${name}": ${file} is too long to be read.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new pulumi.RunError(`"${name}": ${file} is not UTF-8 text.\nTry: save it as UTF-8.`)
  }
}
