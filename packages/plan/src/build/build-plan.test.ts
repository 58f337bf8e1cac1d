import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Plan } from '../index.js'
import { buildPlan, parseDeclaration, printPlan } from '../index.js'

const nowMs = Date.UTC(2026, 10, 22)
const examples = new URL('../../../../examples/', import.meta.url)

function planOf(text: string): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  expect(declaration.diagnostics).toEqual([])
  if (!declaration.ok) throw new Error('refused')
  const plan = buildPlan(declaration.value)
  expect(plan.diagnostics).toEqual([])
  if (!plan.ok) throw new Error('refused')
  return plan.value
}

const files = readdirSync(examples).filter((name) => name !== 'typescript')

test('there are the five seeds and one whole organization', () => {
  expect(files.length).toBe(6)
})

test.each(files)('%s becomes a closed, ordered plan, the same every time', (name) => {
  const text = readFileSync(new URL(`${name}/ringfence.yaml`, examples), 'utf8')
  const plan = planOf(text)
  expect(printPlan(plan)).toBe(printPlan(planOf(text)))
  expect(JSON.parse(printPlan(plan))).toEqual(plan)
  const seen = new Set<string>()
  for (const resource of plan.resources) {
    for (const id of resource.dependsOn) expect(seen, `${resource.id} needs ${id}`).toContain(id)
    expect(seen).not.toContain(resource.id)
    seen.add(resource.id)
  }
})
