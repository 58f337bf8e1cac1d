import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exampleNames, loadExample } from '../build/examples.fixture.js'
import { exportPlan, exportTargets } from './export-plan.js'

const goldens = new URL('../../goldens/export/', import.meta.url)

describe.each(exampleNames)('%s', (name) => {
  const { plan } = loadExample(name)

  test.each(exportTargets)('becomes the export to %s that was reviewed', (target) => {
    const exported = exportPlan(plan, target)
    if (!exported.ok) expect.fail(JSON.stringify(exported.diagnostics))
    const file = new URL(`${name}.${target}.json`, goldens)
    if (process.env['RINGFENCE_UPDATE_GOLDENS'] === '1') {
      mkdirSync(goldens, { recursive: true })
      writeFileSync(file, exported.value)
    }
    expect(exported.value).toBe(readFileSync(file, 'utf8'))
  })

  test.each(exportTargets)('exports the same bytes to %s every time', (target) => {
    const again = exportPlan(loadExample(name).plan, target)
    expect(again).toEqual(exportPlan(plan, target))
  })

  test.each(exportTargets)('has warnings about %s with a place and something to try', (target) => {
    for (const { code, severity, hint, message, span } of exportPlan(plan, target).diagnostics) {
      expect([code, severity]).toEqual(['EXPORT_LEFT_OUT', 'warning'])
      expect(hint).toBeTruthy()
      if (!message.includes('tag managed policies')) expect(span?.file).toBe('ringfence.yaml')
    }
  })
})
