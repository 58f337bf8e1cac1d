import { buildPlan, type Declaration, type Plan } from '@ringfence/plan'
import { loadDeclaration } from './declaration-file.js'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'

/** A plan and the declaration that it was built from, with all that was found on the way. */
export type LoadedPlan = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
} & ({ readonly ok: true; readonly declaration: Declaration; readonly plan: Plan } | { readonly ok: false })

/** Reads a declared file and builds its plan. Mistakes are findings; rejects only for defects. */
export async function loadPlan(path: string, io: Io): Promise<LoadedPlan> {
  const loaded = await loadDeclaration(path, io)
  if (!loaded.ok) return loaded
  const { sources, value: declaration } = loaded
  const built = buildPlan(declaration)
  const findings = [...loaded.findings, ...built.diagnostics]
  return built.ok
    ? { ok: true, declaration, plan: built.value, findings, sources }
    : { ok: false, findings, sources }
}
