import { readFileSync } from 'node:fs'
import type { Declaration, ExistingResources, Plan } from '../index.js'
import { buildPlan, parseDeclaration } from '../index.js'

export const exampleNames = [
  'acme-ai',
  'seed-1-user-data-segregation',
  'seed-2-automated-user-provisioning',
  'seed-3-training-platform-access',
  'seed-4-data-leakage-prevention',
  'seed-5-centralized-policies',
]

/** One of the declared files under `examples/`, and what becomes of it; throws with all diagnostics. */
export function loadExample(
  name: string,
  existing?: ExistingResources,
): { declaration: Declaration; plan: Plan } {
  const text = readFileSync(new URL(`../../../../examples/${name}/ringfence.yaml`, import.meta.url), 'utf8')
  return load(text, existing)
}

export function load(
  text: string,
  existing: ExistingResources = {},
): { declaration: Declaration; plan: Plan } {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 10, 22) })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics, null, 1))
  const plan = buildPlan(declaration.value, existing)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics, null, 1))
  return { declaration: declaration.value, plan: plan.value }
}
