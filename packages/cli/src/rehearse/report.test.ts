import pico from 'picocolors'
import { describe, expect, it } from 'vitest'
import type { Surprise } from './explain.js'
import type { Probe } from './probe.js'
import type { Rehearsal } from './rehearse.js'
import { printRehearsalJson } from './report-json.js'
import { printRehearsal } from './report.js'

const plain = pico.createColors(false)
const source =
  'organization: acme\ndatasets:\n  corpus: {}\ngrants:\n  - { to: ada, can: read, on: corpus }\n'
const sources = new Map([['ringfence.yaml', source]])
const span = (line: number, column: number, endColumn: number) => ({
  file: 'ringfence.yaml',
  line,
  column,
  endLine: line,
  endColumn,
})

const probe: Probe = {
  actor: { kind: 'member', name: 'ada', signIn: 'user' },
  stage: 'data',
  description: 'get x from dataset corpus over plain HTTP',
  service: 's3',
  operation: 'GetObject',
  input: { Bucket: 'acme-corpus', Key: 'x' },
  transport: 'plain',
  atMs: Date.UTC(2026, 0, 1),
  expectation: {
    expected: 'denied',
    because: [span(3, 3, 9)],
    reason: 'nothing may be read or written over plain HTTP',
  },
}
const surprise: Surprise = {
  probe,
  answer: { outcome: 'allowed', httpStatus: 200, requestId: 'r1' },
  decidedBy: [
    {
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::acme-corpus/x',
      decision: 'allow',
      reasons: ['because statement ReadCorpus of the identity policy arn:p allows s3:GetObject'],
      lines: [{ policy: 'arn:p', sid: 'ReadCorpus', declaredAt: [span(5, 5, 42)] }],
    },
  ],
}

function rehearsal(surprises: readonly Surprise[], cancelled = false): Rehearsal {
  return {
    organization: 'acme',
    cancelled,
    results: [
      { probe, answer: surprise.answer },
      { probe, answer: { outcome: 'denied' } },
    ],
    surprises,
    matrix: {
      columns: [{ kind: 'dataset', name: 'corpus' }],
      rows: [{ kind: 'member', name: 'ada', cells: [[{ capability: 'read', under: [''], expires: false }]] }],
    },
    notes: ['Something to know.'],
  }
}

describe('printRehearsal', () => {
  it('tells matrix, surprises with their lines, notes and a summary', () => {
    expect(printRehearsal(rehearsal([surprise]), sources, plain)).toBe(`\
       dataset
       corpus
members
  ada  r

r read, w write, d delete, · nothing

ringfence.yaml:5:5: surprise: ada: get x from dataset corpus over plain HTTP
> 5 |   - { to: ada, can: read, on: corpus }
    |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  declared  denied: nothing may be read or written over plain HTTP
            ringfence.yaml:3:3
  answered  allowed (HTTP 200)
  request   s3 GetObject {"Bucket":"acme-corpus","Key":"x"}
  decided   because statement ReadCorpus of the identity policy arn:p allows s3:GetObject
            ReadCorpus comes from ringfence.yaml:5:5

note: Something to know.

not as declared: 1 surprise in 2 probes
`)
  })

  it('says in one line that all went as declared, or that it was cancelled', () => {
    expect(printRehearsal(rehearsal([]), sources, plain)).toContain('\nok: 2 probes, all as declared\n')
    expect(printRehearsal(rehearsal([], true), sources, plain)).toBe(
      'note: Something to know.\n\ncancelled after 2 probes, 0 surprises\n',
    )
  })

  it('counts the surprises that it does not tell', () => {
    const many = Array.from({ length: 25 }, () => surprise)
    const text = printRehearsal(rehearsal(many), sources, plain)
    expect(text.match(/surprise: ada/g)).toHaveLength(20)
    expect(text).toContain('and 5 more surprises: --json tells them all')
  })

  it('lets no control characters of an answer through to the terminal', () => {
    const evil: Surprise = { ...surprise, answer: { outcome: 'failed', code: 'X', message: '\u001b[2J' } }
    expect(printRehearsal(rehearsal([evil]), sources, plain)).not.toContain('\u001b')
  })
})

describe('printRehearsalJson', () => {
  it('has counts, matrix, and of each surprise request, answer, decision and lines', () => {
    const document: unknown = JSON.parse(printRehearsalJson(rehearsal([surprise])))
    expect(document).toMatchObject({
      formatVersion: 1,
      organization: 'acme',
      cancelled: false,
      probes: { total: 2, asDeclared: 1, surprises: 1 },
      matrix: { columns: [{ kind: 'dataset', name: 'corpus' }] },
      surprises: [
        {
          actor: 'member/ada',
          request: {
            service: 's3',
            operation: 'GetObject',
            transport: 'plain',
            at: '2026-01-01T00:00:00.000Z',
          },
          expected: 'denied',
          because: [span(3, 3, 9)],
          answer: { outcome: 'allowed', httpStatus: 200 },
          decidedBy: [{ decision: 'allow', lines: [{ sid: 'ReadCorpus', declaredAt: [span(5, 5, 42)] }] }],
        },
      ],
      notes: ['Something to know.'],
    })
  })
})
