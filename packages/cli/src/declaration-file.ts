import type { Declaration, Result, Roster } from '@ringfence/plan'
import { extname, resolve } from 'node:path'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'
import type { LoadedRoster } from './roster-file.js'
import { displayPath, readTextFile } from './text-file.js'

/** The largest declared file that is read, in bytes: 100,000 members fit. */
export const maxDeclarationBytes = 9 * 1024 * 1024

/** A declaration with all that was found on the way, and the texts that the findings point into. */
export type LoadedDeclaration = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
  /** The roster that its members come from, and where that is: where it should be, if it is not read. */
  readonly roster?: Roster
  readonly rosterPath?: string
} & ({ readonly ok: true; readonly value: Declaration } | { readonly ok: false })

export interface LoadOptions {
  /** A roster to read in place of the one that the file names. */
  readonly roster?: string | undefined
}

/**
 * Reads a declared file: YAML and JSON as text, TypeScript and JavaScript as a module whose default export, or
 * whose export `organization`, comes from `defineOrganization`; and the roster that it names. Mistakes are
 * findings; it rejects only for defects. Spans name the files relative to `io.cwd`.
 */
export async function loadDeclaration(
  path: string,
  io: Io,
  options: LoadOptions = {},
): Promise<LoadedDeclaration> {
  const shown = displayPath(path, io)
  const kind = kindOf(path)
  const read = await readTextFile(path, io, maxDeclarationBytes)
  if (!read.ok) return refused(read.finding)
  if (kind === undefined) {
    return refused({
      code: 'FILE_TYPE_UNKNOWN',
      severity: 'error',
      message: `${shown} is none of the kinds of file that can declare an organization`,
      hint: 'name it .yaml, .yml, .json, .ts, .mts, .js or .mjs',
    })
  }
  const plan = await import('@ringfence/plan')
  const { text } = read
  const sources = new Map([[shown, text]])
  const nowMs = io.nowMs()
  if (kind === 'text') {
    const source = plan.readRosterSource(text)
    return withRoster({ source, path, sources, ...options }, io, (roster) =>
      plan.parseDeclaration({ file: shown, text, nowMs, roster }),
    )
  }
  const { readModule } = await import('./declaration-module.js')
  const { defineOrganization } = plan
  const provided = { ringfence: { defineOrganization }, '@ringfence/plan': plan }
  const module = await readModule({ path: resolve(io.cwd, path), shown, text, provided })
  if (!module.ok) return refused(module.finding, sources)
  const { findDuplicateKeys, readModuleDeclaration } = await import('./module-declaration.js')
  const duplicates = findDuplicateKeys(shown, text)
  const { value } = module
  const source = plan.rosterSource(value)
  const declared = await withRoster({ source, path, sources, ...options }, io, (roster) =>
    readModuleDeclaration({ file: shown, text, value, nowMs, roster }),
  )
  if (duplicates.length === 0) return declared
  return { ...declared, ok: false, findings: [...duplicates, ...declared.findings] }
}

interface Named extends LoadOptions {
  /** What `members.from` says. */
  readonly source: string | undefined
  /** Of the declared file. */
  readonly path: string
  readonly sources: Sources
}

/** What is declared with the roster that is named, or alone where none is. */
async function withRoster(
  { path, roster: instead, source, sources }: Named,
  io: Io,
  declare: (roster: Roster | undefined) => Result<Declaration>,
): Promise<LoadedDeclaration> {
  if (source === undefined) return declareWith(undefined, sources, declare)
  const { loadRoster, loadRosterFile, rosterPathOf } = await import('./roster-file.js')
  const read = instead === undefined ? await loadRoster(source, path, io) : await loadRosterFile(instead, io)
  return { ...declareWith(read, sources, declare), rosterPath: rosterPathOf(source, path) }
}

/**
 * What is declared with the roster that the file names, well read or not, or without one where it names none: what
 * is wrong is told of both.
 */
export function declareWith(
  read: LoadedRoster | undefined,
  sources: Sources,
  declare: (roster: Roster | undefined) => Result<Declaration>,
): LoadedDeclaration {
  if (read === undefined) return loaded(declare(undefined), sources)
  const all = new Map([...sources, ...read.sources])
  const { roster } = read
  if (roster === undefined) return { ok: false, findings: read.findings, sources: all }
  const { findings, ...result } = loaded(declare(roster), all)
  const told = [...read.findings, ...findings]
  return result.ok && read.findings.every(({ severity }) => severity !== 'error')
    ? { ...result, findings: told, roster }
    : { ok: false, findings: told, sources: all, roster }
}

function kindOf(path: string): 'text' | 'module' | undefined {
  switch (extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
    case '.json':
      return 'text'
    case '.ts':
    case '.mts':
    case '.js':
    case '.mjs':
      return 'module'
    default:
      return undefined
  }
}

function refused(finding: Finding, sources: Sources = new Map()): LoadedDeclaration {
  return { ok: false, findings: [finding], sources }
}

function loaded(result: Result<Declaration>, sources: Sources): LoadedDeclaration {
  const findings = result.diagnostics
  return result.ok ? { ok: true, value: result.value, findings, sources } : { ok: false, findings, sources }
}
