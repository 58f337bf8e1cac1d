import type { Declaration, Result } from '@ringfence/plan'
import { extname } from 'node:path'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'
import { displayPath, readTextFile } from './text-file.js'

/** The largest declared file that is read, in bytes: 100,000 members fit. */
export const maxDeclarationBytes = 8 * 1024 * 1024

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
  const text = await readTextFile(path, io, maxDeclarationBytes)
  if (!text.ok) return { ok: false, findings: [text.finding], sources: new Map() }
  const sources = new Map([[shown, text.text]])
  switch (extname(path).toLowerCase()) {
    case '.yaml':
    case '.yml':
    case '.json': {
      const { parseDeclaration } = (await import('@ringfence/plan')) as unknown as {
        parseDeclaration(text: string, file: string): Result<Declaration>
      }
      const parsed = parseDeclaration(text.text, shown)
      const findings = parsed.diagnostics
      return parsed.ok
        ? { ok: true, value: parsed.value, findings, sources }
        : { ok: false, findings, sources }
    }
    default:
      return {
        ok: false,
        sources,
        findings: [
          {
            code: 'FILE_TYPE_UNKNOWN',
            severity: 'error',
            message: `${shown} is none of the kinds of file that can declare an organization`,
            hint: 'name it .yaml, .yml, .json, .ts, .mts, .js or .mjs',
          },
        ],
      }
  }
}
