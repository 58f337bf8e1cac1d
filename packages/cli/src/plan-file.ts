import { buildPlan, type Declaration, type Plan, type Roster } from '@ringfence/plan'
import { type LoadedDeclaration, loadDeclaration, type LoadOptions } from './declaration-file.js'
import type { Io } from './io.js'
import type { Finding, Sources } from './output/diagnostics.js'

/** A plan and the declaration that it was built from, with all that was found on the way. */
export type LoadedPlan = {
  readonly findings: readonly Finding[]
  readonly sources: Sources
  /** The roster that its members come from, and where that is. */
  readonly roster?: Roster
  readonly rosterPath?: string
} & ({ readonly ok: true; readonly declaration: Declaration; readonly plan: Plan } | { readonly ok: false })

/** Reads a declared file and builds its plan. Mistakes are findings; rejects only for defects. */
export async function loadPlan(path: string, io: Io, options: LoadOptions = {}): Promise<LoadedPlan> {
  return planOf(await loadDeclaration(path, io, options))
}

/** The plan of what was loaded, with what was found on the way there too. */
export function planOf(loaded: LoadedDeclaration): LoadedPlan {
  if (!loaded.ok) return loaded
  const { value: declaration, ...rest } = loaded
  const built = buildPlan(declaration)
  const findings = [...loaded.findings, ...built.diagnostics]
  return built.ok
    ? { ...rest, ok: true, declaration, plan: built.value, findings }
    : { ...rest, ok: false, findings }
}
