import { existsSync, readFileSync } from 'node:fs'
import type { Declaration, ExistingResources, Plan, Roster } from '../index.js'
import { buildPlan, parseDeclaration, parseRoster } from '../index.js'

export const exampleNames = [
  'acme-ai',
  'roster',
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
  return load(text, existing, rosterOfExample(name))
}

/** The roster of an example that has one. */
export function rosterOfExample(name: string): Roster | undefined {
  const url = new URL(`../../../../examples/${name}/roster.csv`, import.meta.url)
  if (!existsSync(url)) return undefined
  const { diagnostics, value } = parseRoster({ file: 'roster.csv', text: readFileSync(url, 'utf8') })
  if (diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics, null, 1))
  return value
}

export function load(
  text: string,
  existing: ExistingResources = {},
  roster?: Roster,
): { declaration: Declaration; plan: Plan } {
  const declaration = parseDeclaration({
    file: 'ringfence.yaml',
    text,
    nowMs: Date.UTC(2026, 10, 22),
    roster,
  })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics, null, 1))
  const plan = buildPlan(declaration.value, existing)
  if (!plan.ok) throw new Error(JSON.stringify(plan.diagnostics, null, 1))
  return { declaration: declaration.value, plan: plan.value }
}
