import type { Declaration, Result } from '@ringfence/plan'
import { extname, resolve } from 'node:path'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'
import { displayPath, readTextFile } from './text-file.js'

/** The largest declared file that is read, in bytes: 100,000 members fit. */
export const maxDeclarationBytes = 9 * 1024 * 1024

/** A declaration with all that was found on the way, and the texts that the findings point into. */
export type LoadedDeclaration = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
} & ({ readonly ok: true; readonly value: Declaration } | { readonly ok: false })

/**
 * Reads a declared file: YAML and JSON as text, TypeScript and JavaScript as a module whose default export, or
 * whose export `organization`, comes from `defineOrganization`. Mistakes are findings; it rejects only for
 * defects. Spans name the file relative to `io.cwd`.
 */
export async function loadDeclaration(path: string, io: Io): Promise<LoadedDeclaration> {
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
  if (kind === 'text') return loaded(plan.parseDeclaration({ file: shown, text, nowMs }), sources)
  const { readModule } = await import('./declaration-module.js')
  const { defineOrganization } = plan
  const provided = { ringfence: { defineOrganization }, '@ringfence/plan': plan }
  const module = await readModule({ path: resolve(io.cwd, path), shown, text, provided })
  if (!module.ok) return refused(module.finding, sources)
  const { findDuplicateKeys, readModuleDeclaration } = await import('./module-declaration.js')
  const duplicates = findDuplicateKeys(shown, text)
  const declared = readModuleDeclaration({ file: shown, text, value: module.value, nowMs })
  if (duplicates.length === 0) return loaded(declared, sources)
  return { ok: false, findings: [...duplicates, ...declared.diagnostics], sources }
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
