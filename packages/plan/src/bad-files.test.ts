import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Diagnostic } from './index.js'
import { diagnosticCodes, parseDeclaration, readDeclaration } from './index.js'

interface Case {
  readonly name: string
  readonly whole?: string
  readonly text?: string
  readonly expect?: readonly string[]
  readonly warns?: readonly string[]
  readonly says?: readonly string[]
  readonly silent?: readonly string[]
}

const cases = parse(
  readFileSync(new URL('../cases/bad-files.yaml', import.meta.url), 'utf8'),
) as readonly Case[]
const nowMs = Date.UTC(2026, 10, 22)
const head = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
`

function check({ whole, text, ...expected }: Case): readonly Diagnostic[] {
  const result = parseDeclaration({ file: 'ringfence.yaml', text: whole ?? head + (text ?? ''), nowMs })
  const told = result.diagnostics.map(({ code, span }) => `${span?.line}:${span?.column} ${code}`)
  expect(told).toEqual(expected.expect ?? expected.warns)
  expect(result.ok).toBe(result.diagnostics.every((one) => one.severity === 'warning'))
  if (expected.warns !== undefined) expect(result.ok).toBe(true)
  const words = result.diagnostics.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n')
  for (const word of expected.says ?? []) expect(words).toContain(word)
  for (const word of expected.silent ?? []) expect(words).not.toContain(word)
  // No code frame of a file that holds a secret.
  if (told.some((one) => one.endsWith('SECRET_IN_FILE'))) {
    for (const one of result.diagnostics.filter(({ code }) => code === 'SECRET_IN_FILE'))
      expect(one.sensitive).toBe(true)
  }
  return result.diagnostics
}

describe('bad files', () => {
  test.each(cases)('$name', (one) => {
    const diagnostics = check(one)
    for (const { code } of diagnostics) expect(diagnosticCodes).toContain(code)
  })
})

/** Codes that take large or special input; their tests name them. Those of rosters have a table of their own. */
const elsewhere = [
  'FILE_TOO_LARGE',
  'TOO_MANY_PROBLEMS',
  'ROSTER_MISSING',
  'ROSTER_EMPTY',
  'ROSTER_CUT_OFF',
  'ROSTER_SYNTAX',
  'ROSTER_HEADER',
  'ROSTER_FORMULA',
  'ROSTER_CONFLICT',
  'ROSTER_TEAM_LEFT_OUT',
  'ROSTER_MEMBER_LEFT_OUT',
  'EXISTING_UNKNOWN',
  'EXISTING_INVALID',
  'EXISTING_DUPLICATE',
  'EXISTING_WITHOUT_BOUNDARY',
  'EXISTING_ROLE_TRUST',
  'EXISTING_GROUP_MEMBERS',
  'EXISTING_KEY_GRANTS',
  'GROUPS_PER_USER_EXCEEDED',
  'POLICIES_EXCEEDED',
  'POLICY_TOO_LONG',
  'BUCKET_POLICY_TOO_LONG',
  'KEY_POLICY_TOO_LONG',
  'TRUST_POLICY_TOO_LONG',
  'GUARDRAIL_TOO_LONG',
  'ACCOUNT_QUOTA',
  'EXPORT_LEFT_OUT',
  'EXPORT_UNSUPPORTED',
  'EXPORT_TOO_LARGE',
]

test('every other code has a case', () => {
  const covered = new Set(
    cases.flatMap((one) => one.expect ?? one.warns ?? []).map((told) => told.split(' ')[1]),
  )
  expect(diagnosticCodes.filter((code) => !covered.has(code)).toSorted()).toEqual(elsewhere.toSorted())
})

test('a file of 10 MB is refused at once', () => {
  const started = performance.now()
  const result = parseDeclaration({ file: 'f.yaml', text: `${head}# ${'x'.repeat(10_000_000)}`, nowMs })
  expect(result.diagnostics.map((one) => one.code)).toEqual(['FILE_TOO_LARGE'])
  expect(performance.now() - started).toBeLessThan(200)
})

test('more problems than anybody reads are counted, not listed', () => {
  const members = Array.from({ length: 5_000 }, (_, index) => `  m${index}: {}`).join('\n')
  const { diagnostics } = parseDeclaration({ file: 'f.yaml', text: `${head}members:\n${members}\n`, nowMs })
  expect(diagnostics.length).toBe(1_001)
  expect(diagnostics.some((one) => one.code === 'TOO_MANY_PROBLEMS')).toBe(true)
})

test('values of a program are checked alike, with the path in the message', () => {
  const value = {
    organization: 'acme',
    account: 111122223333,
    region: 'eu-west-1',
    administrators: ['role/platform-admin'],
    members: { ada: { emial: 'ada@acme.example' } },
    teams: { t: ['ada', 'bob'] },
    grants: [{ to: 't', can: 'read', on: 'x' }],
  }
  const { ok, diagnostics } = readDeclaration({ file: 'ringfence.ts', value, nowMs })
  expect(ok).toBe(false)
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'ACCOUNT_INVALID the account is a number here; it must be a text (at account)',
    'KEY_UNKNOWN unknown key "emial" in members.ada (at members.ada.emial)',
    'NAME_UNKNOWN no member is called "bob" (at teams.t[1])',
    'NAME_UNKNOWN no dataset, model or platform is called "x" (at grants[0].on)',
  ])
  const cyclic: Record<string, unknown> = {}
  cyclic['members'] = cyclic
  expect(readDeclaration({ file: 'f.ts', value: cyclic, nowMs }).diagnostics.map((one) => one.code)).toEqual([
    'YAML_TOO_DEEP',
  ])
  const inherited: unknown = JSON.parse('{"organization":"acme","members":{"__proto__":{"kind":"service"}}}')
  expect(
    readDeclaration({ file: 'f.ts', value: inherited, nowMs }).diagnostics.map((one) => one.code),
  ).toEqual(['NAME_INVALID'])
  const secret = readDeclaration({ file: 'f.ts', value: { organization: 'AKIAIOSFODNN7EXAMPLE' }, nowMs })
  expect(secret.diagnostics.map((one) => one.code)).toEqual(['SECRET_IN_FILE'])
  expect(JSON.stringify(secret)).not.toContain('AKIAIOSFODNN7EXAMPLE')
  expect(
    readDeclaration({ file: 'f.ts', value: undefined, nowMs }).diagnostics.map((one) => one.code),
  ).toEqual(['FILE_EMPTY'])
})

test('nesting that would exhaust the stack is refused', () => {
  for (const text of ['['.repeat(1_000_000), '- '.repeat(100_000), `a: ${'{a: '.repeat(100_000)}`]) {
    const { ok, diagnostics } = parseDeclaration({ file: 'f.yaml', text, nowMs })
    expect(ok).toBe(false)
    expect(diagnostics.some((one) => one.code === 'YAML_TOO_DEEP')).toBe(true)
  }
})
