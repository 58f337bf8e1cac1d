import { parseDeclaration } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import type { Actor } from './actor.js'
import { buildMatrix } from './matrix.js'
import { printMatrix } from './print-matrix.js'
import type { Observation, Probe, Stage } from './probe.js'
import type { Result } from './run-probes.js'

const parsed = parseDeclaration({
  file: 'ringfence.yaml',
  nowMs: 0,
  text: `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/admin]
members: { ada: {}, grace: {} }
teams: { research: [ada, grace] }
datasets: { corpus: {}, logs: {} }
models: { chat: {} }
platforms: { training: { kind: sagemaker, reads: [corpus] } }
grants: [{ to: research, can: read, on: corpus }]
`,
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value

const ada: Actor = { kind: 'member', name: 'ada', signIn: 'user' }
const grace: Actor = { kind: 'member', name: 'grace', signIn: 'user' }
const corpus = { kind: 'dataset', name: 'corpus' } as const
const training = { kind: 'platform', name: 'training' } as const

/** An answer that contradicts what was expected, so that nothing here can come from the expectation. */
function seen(actor: Actor, observes: Observation, letIn: boolean, stage: Stage = 'data'): Result {
  const probe: Probe = {
    actor,
    stage,
    description: '',
    service: 's3',
    operation: 'GetObject',
    input: {},
    transport: 'tls',
    atMs: 0,
    expectation: { expected: letIn ? 'denied' : 'allowed', because: [], reason: '' },
    observes,
  }
  return { probe, answer: { outcome: letIn ? 'allowed' : 'denied' } }
}

const results: readonly Result[] = [
  seen(ada, { on: corpus, capability: 'read', under: '' }, true),
  seen(ada, { on: corpus, capability: 'write', under: '' }, false),
  seen(ada, { on: corpus, capability: 'write', under: 'raw/' }, true),
  seen(ada, { on: corpus, capability: 'write', under: 'raw/' }, false, 'later'),
  seen(ada, { on: corpus, capability: 'delete', under: '' }, false),
  seen(ada, { on: training, capability: 'train', under: '', as: 'research' }, true),
  seen(ada, { on: training, capability: 'train', under: '', as: 'product' }, false),
  seen(grace, { on: corpus, capability: 'read', under: 'raw/' }, true),
  seen(grace, { on: corpus, capability: 'write', under: 'raw/' }, true),
  seen({ kind: 'platform', name: 'training' }, { on: corpus, capability: 'read', under: '' }, true),
  seen({ kind: 'anonymous' }, { on: corpus, capability: 'read', under: '' }, false),
]

describe('buildMatrix', () => {
  const matrix = buildMatrix(declaration, results)
  const cell = (name: string, column = 0) => matrix.rows.find((row) => row.name === name)?.cells[column]

  it('shows what was answered, by prefix and end', () => {
    expect(cell('ada')).toEqual([
      { capability: 'read', under: [''], expires: false },
      { capability: 'write', under: ['raw/'], expires: true },
    ])
    expect(cell('ada', 3)).toEqual([{ capability: 'train', under: [''], expires: false }])
    expect(cell('anonymous')).toEqual([])
  })

  it('shows for a team what all of its members can do', () => {
    expect(cell('research')).toEqual([
      { capability: 'read', under: ['raw/'], expires: false },
      { capability: 'write', under: ['raw/'], expires: true },
    ])
    expect(cell('research', 3)).toEqual([])
  })

  it('has no team of which a member did not take part', () => {
    const alone = buildMatrix(
      declaration,
      results.filter(({ probe }) => probe.actor === ada),
    )
    expect(alone.rows.map(({ name }) => name)).toEqual(['ada'])
  })
})

describe('printMatrix', () => {
  it('is a table with a legend', () => {
    expect(printMatrix(buildMatrix(declaration, results))).toBe(`\
             dataset  dataset  model  platform
             corpus   logs     chat   training
teams (what all of their members can do)
  research   r/ w/~   ·        ·      ·
members
  ada        r w/~    ·        ·      train
  grace      rw/      ·        ·      ·
execution roles
  training   r        ·        ·      ·
outsiders and administrators
  anonymous  ·        ·        ·      ·

r read, w write, d delete, / only under a prefix, ~ ends at a declared time, · nothing
`)
  })

  it('splits columns into blocks of at most 100 characters and loses none', () => {
    const names = Array.from({ length: 40 }, (_, index) => `dataset-number-${index}`)
    const text = printMatrix({
      columns: names.map((name) => ({ kind: 'dataset', name })),
      rows: [{ kind: 'member', name: 'ada', cells: names.map(() => []) }],
    })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
    expect(text.match(/dataset-number-\d+/g)).toEqual(names)
    expect(text.match(/^ {2}ada/gm)?.length).toBeGreaterThan(5)
  })
})
