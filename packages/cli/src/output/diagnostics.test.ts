import pico from 'picocolors'
import { describe, expect, it } from 'vitest'
import { type Finding, printFindings, printFindingsJson } from './diagnostics.js'

const plain = pico.createColors(false)
const span = { file: 'ringfence.yaml', line: 2, column: 3, endLine: 2, endColumn: 6 }
const sources = new Map([['ringfence.yaml', 'organization: acme\n  tem: x\n']])
const finding: Finding = {
  code: 'UNKNOWN_KEY',
  severity: 'error',
  message: 'there is no key "tem"',
  hint: 'did you mean "team"?',
  span,
  related: [
    { message: 'in this organization', span: { ...span, line: 1, column: 1, endLine: 1, endColumn: 13 } },
  ],
}

describe('printFindings', () => {
  it('shows place, code, frame, related places, hint and a count', () => {
    expect(printFindings([finding, { code: 'B', severity: 'warning', message: 'b' }], sources, plain)).toBe(
      `ringfence.yaml:2:3: error[UNKNOWN_KEY]: there is no key "tem"
  1 | organization: acme
> 2 |   tem: x
    |   ^^^
  3 |
  ringfence.yaml:1:1: in this organization
> 1 | organization: acme
    | ^^^^^^^^^^^^
  Try: did you mean "team"?

warning[B]: b

1 error, 1 warning
`,
    )
  })

  it('shows no source text of a sensitive finding', () => {
    const secret = new Map([['ringfence.yaml', 'a: b\n  key: wJalrXUtnFEMI\n']])
    const text = printFindings([{ ...finding, sensitive: true }], secret, plain)
    expect(text).not.toContain('wJalr')
    expect(text).toContain('ringfence.yaml:2:3')
  })

  it('lets no control characters or reordering marks through to the terminal', () => {
    const evil = new Map([['ringfence.yaml', 'x\n  t\u001b[2Jm: \u202e\n']])
    const text = printFindings([{ ...finding, message: 'no "\u001b]0;x\u0007\u202e"' }], evil, plain)
    // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text).toContain('\\u{1b}]0;x\\u{7}\\u{202e}')
  })

  it('cuts a long line around the place', () => {
    const long = new Map([['ringfence.yaml', `${'a'.repeat(50_000)}BAD${'b'.repeat(50_000)}`]])
    const at = { file: 'ringfence.yaml', line: 1, column: 50_001, endLine: 1, endColumn: 50_004 }
    const text = printFindings([{ code: 'X', severity: 'error', message: 'x', span: at }], long, plain)
    const [, source, underline] = text.split('\n')
    expect(source?.length).toBeLessThan(200)
    const from = underline?.indexOf('^') ?? -1
    expect(source?.slice(from, (underline?.lastIndexOf('^') ?? -1) + 1)).toBe('BAD')
  })

  it.each([
    ['beyond the end', { line: 99, column: 1, endLine: 99, endColumn: 2 }],
    ['of several lines', { line: 1, column: 15, endLine: 3, endColumn: 1 }],
    ['past the end of its line', { line: 2, column: 80, endLine: 2, endColumn: 90 }],
  ])('survives a place %s', (_, place) => {
    const at = { file: 'ringfence.yaml', ...place }
    expect(
      printFindings([{ code: 'X', severity: 'error', message: 'x', span: at }], sources, plain),
    ).toContain(`ringfence.yaml:${place.line}:${place.column}: error[X]: x`)
  })

  it('colours without changing the text', () => {
    const colored = printFindings([finding], sources, pico.createColors(true))
    expect(colored).toContain('\u001b[')
    // oxlint-disable-next-line no-control-regex -- colours are control characters
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(printFindings([finding], sources, plain))
  })
})

describe('printFindingsJson', () => {
  it('is one line with a format version', () => {
    expect(JSON.parse(printFindingsJson([finding]))).toEqual({ formatVersion: 1, diagnostics: [finding] })
    expect(printFindingsJson([finding]).split('\n')).toHaveLength(2)
  })
})
