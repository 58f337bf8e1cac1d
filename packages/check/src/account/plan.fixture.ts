import { readFileSync } from 'node:fs'
import type { Declaration, ExistingResources, Plan } from '@ringfence/plan'
import { buildPlan, parseDeclaration } from '@ringfence/plan'

export const exampleNames = [
  'acme-ai',
  'seed-1-user-data-segregation',
  'seed-2-automated-user-provisioning',
  'seed-3-training-platform-access',
  'seed-4-data-leakage-prevention',
  'seed-5-centralized-policies',
]

export interface DeclaredPlan {
  readonly declaration: Declaration
  readonly plan: Plan
}

/** The text of one of the declared files under `examples/`. */
export function exampleText(name: string): string {
  return readFileSync(new URL(`../../../../examples/${name}/ringfence.yaml`, import.meta.url), 'utf8')
}

/** What becomes of the text of a declared file; throws with all diagnostics. */
export function planOf(text: string, existing: ExistingResources = {}): DeclaredPlan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 10, 22) })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics, null, 1))
  const plan = buildPlan(declaration.value, existing)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics, null, 1))
  return { declaration: declaration.value, plan: plan.value }
}
