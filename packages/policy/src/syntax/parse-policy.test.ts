import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PolicyKind } from '../layers.js'
import { MAX_DOCUMENT_LENGTH } from './parse-json.js'
import { parsePolicy, readPolicy } from './parse-policy.js'
import { printPolicy } from './print-policy.js'

interface InvalidRow {
  readonly name: string
  readonly kind: PolicyKind
  readonly text: string
  readonly expect: readonly {
    readonly code: string
    readonly at: string
    readonly source?: string
    readonly hint?: string
  }[]
}
interface ValidRow {
  readonly name: string
  readonly kind: PolicyKind
  readonly text: string
  readonly warnings: readonly string[]
}

function load<Row>(file: string): Row[] {
  return JSON.parse(readFileSync(new URL(`../../cases/documents/${file}`, import.meta.url), 'utf8')) as Row[]
}

/** Every error of the document, with its place, and nothing else. */
function checkInvalid({ expect: expected, kind, name, text }: InvalidRow): void {
  const result = parsePolicy(text, { kind, name })
  const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
  expect(result.ok).toBe(false)
  expect(
    errors.map(({ code, span }) => {
      const source = text.slice(span!.start.offset, span!.end.offset)
      return { code, at: `${span!.start.line}:${span!.start.column}`, ...(source === '' ? {} : { source }) }
    }),
  ).toEqual(expected.map(({ hint: _hint, ...rest }) => rest))
  for (const [index, { hint }] of expected.entries())
    if (hint !== undefined) expect(errors[index]!.hint).toBe(hint)
}

describe('documents with errors', () => {
  it.each(load<InvalidRow>('invalid.json'))('$name', (row) => checkInvalid(row))

  it.each(
    load<InvalidRow>('invalid.json').filter(({ expect: [first] }) => !/^(JSON|DUPLICATE)/.test(first!.code)),
  )('as a value: $name', ({ expect: expected, kind, name, text }) => {
    const result = readPolicy(JSON.parse(text), { kind, name })
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(expected.map(({ code }) => code))
  })
})

describe('documents without errors', () => {
  it.each(load<ValidRow>('valid.json'))('$name', ({ kind, name, text, warnings }) => {
    const result = parsePolicy(text, { kind, name })
    expect(result.diagnostics.map(({ code }) => code)).toEqual(warnings)
    expect(result.ok).toBe(true)
  })
})

describe('bounds', () => {
  it('refuses a text that is too large without reading it', () => {
    const result = parsePolicy(' '.repeat(MAX_DOCUMENT_LENGTH + 1), { kind: 'identity', name: 'big' })
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['DOCUMENT_TOO_LARGE'])
  })

  it('refuses a value that contains itself', () => {
    const statement: Record<string, unknown> = { Effect: 'Allow', Action: '*', Resource: '*' }
    statement['Condition'] = { StringEquals: statement }
    const result = readPolicy({ Statement: statement }, { kind: 'identity', name: 'cycle' })
    expect(result.diagnostics.map(({ code }) => code)).toContain('VALUE_CYCLIC')
  })

  it('refuses what is no JSON value', () => {
    const document = { Statement: { Effect: 'Allow', Action: () => '*', Resource: new Date(0) } }
    const result = readPolicy(document, { kind: 'identity', name: 'values' })
    expect(
      result.diagnostics.filter(({ code }) => code === 'VALUE_NOT_JSON').map(({ path }) => path),
    ).toEqual(['Statement.Action', 'Statement.Resource'])
  })

  it('takes the same object in two places for what it is', () => {
    const resource = ['*']
    const statement = { Effect: 'Allow', Action: '*', Resource: resource }
    const document = { Statement: [statement, { ...statement, Effect: 'Deny' }] }
    expect(readPolicy(document, { kind: 'identity', name: 'shared' }).ok).toBe(true)
  })
})

describe('places', () => {
  it('gives every element its place', () => {
    const text = '{"Statement": [\n  {"Effect": "Allow",\n   "Action": "*",\n   "Resource": "*"}]}'
    const result = parsePolicy(text, { kind: 'identity', name: 'places' })
    const [statement] = result.policy!.statements
    expect(statement!.span!.start).toEqual({ offset: 18, line: 2, column: 3 })
    expect(statement!.action.span!.start).toMatchObject({ line: 3, column: 14 })
    expect(text.slice(statement!.span!.start.offset, statement!.span!.end.offset)).toMatch(
      /^\{"Effect".*\}$/s,
    )
  })
})

describe('printPolicy', () => {
  it('prints elements in AWS’s order and single values alone', () => {
    const document = {
      Statement: { Resource: ['*'], Action: ['s3:GetObject', 's3:PutObject'], Effect: 'Allow', Sid: 'A' },
      Version: '2012-10-17',
    }
    const { policy } = readPolicy(document, { kind: 'identity', name: 'order' })
    expect(JSON.parse(printPolicy(policy!))).toEqual({
      Version: '2012-10-17',
      Statement: [{ Sid: 'A', Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: '*' }],
    })
    expect(printPolicy(policy!).indexOf('Version')).toBeLessThan(printPolicy(policy!).indexOf('Statement'))
  })
})
