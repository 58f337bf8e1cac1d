import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseDeclaration } from './index.js'

const nowMs = Date.UTC(2026, 10, 22)

test('the whole organization of the examples is read without a complaint', () => {
  const text = readFileSync(new URL('../../../examples/acme-ai/ringfence.yaml', import.meta.url), 'utf8')
  const result = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  expect(result.diagnostics).toEqual([])
  expect(result.ok && result.value.members.length).toBe(14)
})

test('all problems of a file are told at once, each at its place', () => {
  const result = parseDeclaration({
    file: 'f.yaml',
    text: `organization: acme
account: 011122223333
region: eu-west-1
adminstrators: [role/x]
members:
  ada: { email: ada, kid: 3 }
teams: { t: [ada, adaa] }
grants:
  - { to: t, can: [raed], on: x }
  - { to: t, on: d, can: train, under: raw, until: 2020-01-01 }
datasets: { d: {}, d: {} }
`,
    nowMs,
  })
  expect(result.ok).toBe(false)
  expect(result.diagnostics.map(({ code, span }) => `${span?.line}:${span?.column} ${code}`)).toEqual([
    '1:1 KEY_MISSING',
    '2:10 ACCOUNT_INVALID',
    '4:1 KEY_UNKNOWN',
    '6:17 EMAIL_INVALID',
    '6:22 KEY_UNKNOWN',
    '7:19 NAME_UNKNOWN',
    '9:20 VALUE_UNKNOWN',
    '9:31 NAME_UNKNOWN',
    '10:26 CAPABILITY_MISPLACED',
    '10:40 PREFIX_INVALID',
    '10:52 GRANT_EXPIRED',
    '11:20 YAML_DUPLICATE_KEY',
  ])
})

test.each([
  ['raw', 'Write "raw/".'],
  ['', 'Leave "under" out to mean the whole store.'],
  ['/', 'Leave "under" out to mean the whole store.'],
  ['$x/', 'Write one of plain letters, digits and marks such as "-" and "_" that ends in "/": "raw/".'],
])('what to try in place of the prefix %j opens no more', (under, hint) => {
  const text = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/x]
members: { ada: { email: ada@acme.example } }
datasets: { d: {} }
grants: [{ to: ada, can: read, on: d, under: ${JSON.stringify(under)} }]
`
  const { diagnostics } = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  expect(diagnostics.find(({ code }) => code === 'PREFIX_INVALID')?.hint).toBe(hint)
})
