import { parseDeclaration } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import { areasOf, keyIn } from './area.js'

function areas(...prefixes: readonly string[]) {
  const grants = prefixes.map((under) => `  - { to: ada, can: read, on: corpus, under: ${under} }`)
  const parsed = parseDeclaration({
    file: 'ringfence.yaml',
    nowMs: 0,
    text: [
      'organization: acme',
      'account: "111122223333"',
      'region: eu-west-1',
      'administrators: [role/admin]',
      'members: { ada: {} }',
      'datasets: { corpus: {} }',
      'grants:',
      ...grants,
      '  - { to: ada, can: write, on: corpus }',
    ].join('\n'),
  })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
  return areasOf(parsed.value, { kind: 'dataset', name: 'corpus' })
}

describe('areasOf', () => {
  it('is the whole store where no prefix is declared', () => {
    expect(areas()).toEqual([{ under: '', whole: true, folder: 'ringfence-rehearsal/' }])
  })

  it('adds the inside of each prefix and the neighbour that begins alike', () => {
    expect(areas('raw/').map(({ folder }) => folder)).toEqual([
      'ringfence-rehearsal/',
      'raw/ringfence-rehearsal/',
      'raw-beside/',
    ])
  })

  it('keeps what is outside outside, whatever the prefixes are called', () => {
    for (const area of areas('raw/', 'raw-beside/', 'ringfence-rehearsal/')) {
      const inside = ['raw/', 'raw-beside/', 'ringfence-rehearsal/'].filter((prefix) =>
        keyIn(area, 'object').startsWith(prefix),
      )
      expect(inside).toEqual(area.under === '' ? [] : [area.under])
    }
  })
})
