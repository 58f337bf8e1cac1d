import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

function when(...conditions: object[]): Policy {
  const Statement = conditions.map((Condition) => ({
    Effect: 'Allow',
    Action: '*',
    Resource: '*',
    Condition,
  }))
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const number = (operator: string, value: number): object => ({ [operator]: { 'test:Number': value } })
const address = (...networks: string[]): object => ({ IpAddress: { 'aws:SourceIp': networks } })
const tags = (operator: string, ...values: string[]): object => ({ [operator]: { 'aws:TagKeys': values } })

test.each([
  [
    'a list with two values, each asked for',
    when({ ...tags('ForAnyValue:StringEquals', 'a'), ...tags('ForAnyValue:StringLike', 'b') }),
    when({ ...tags('ForAnyValue:StringEquals', 'a'), ...tags('ForAllValues:StringLike', 'a') }),
    'incomparable',
  ],
  [
    'ForAllValues takes a missing key',
    when({ ...tags('ForAllValues:StringEquals', 'a'), Null: { 'aws:TagKeys': 'true' } }),
    when({ Null: { 'aws:TagKeys': 'true' } }),
    'equivalent',
  ],
  [
    'ForAnyValue and ForAllValues',
    when(tags('ForAnyValue:StringEquals', 'a')),
    when(tags('ForAllValues:StringEquals', 'a')),
    'incomparable',
  ],
  [
    'numbers and their bound',
    when(number('NumericLessThan', 3)),
    when(number('NumericLessThanEquals', 3)),
    'less',
  ],
  [
    'numbers below, at and above',
    when(number('NumericLessThan', 3), number('NumericGreaterThanEquals', 3)),
    when({ Null: { 'test:Number': 'false' } }),
    'less',
  ],
  [
    'not equal takes what is missing',
    when(number('NumericNotEquals', 3)),
    when(number('NumericNotEqualsIfExists', 3)),
    'equivalent',
  ],
  [
    'halves of a network',
    when(address('10.0.0.0/9', '10.128.0.0/9')),
    when(address('10.0.0.0/8')),
    'equivalent',
  ],
  [
    'every IPv4 address is no IPv6 one',
    when(address('0.0.0.0/0')),
    when({ Null: { 'aws:SourceIp': 'false' } }),
    'less',
  ],
  [
    'every address',
    when(address('0.0.0.0/0', '::/0')),
    when({ Null: { 'aws:SourceIp': 'false' } }),
    'equivalent',
  ],
  [
    'one clock in two writings',
    when({ DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } }),
    when({ NumericLessThan: { 'aws:EpochTime': 1798761600 } }),
    'equivalent',
  ],
  ['the clock is always there', when({ Null: { 'aws:CurrentTime': 'false' } }), when({}), 'equivalent'],
  ['true or false', when({ Bool: { 'aws:SecureTransport': ['true', 'false'] } }), when({}), 'equivalent'],
  [
    'a key that may be missing',
    when({ Bool: { 'aws:MultiFactorAuthPresent': ['true', 'false'] } }),
    when({}),
    'less',
  ],
  [
    'case is ignored',
    when({ StringEquals: { 'test:Text': ['a', 'A'] } }),
    when({ StringEqualsIgnoreCase: { 'test:Text': 'a' } }),
    'equivalent',
  ],
  [
    'bytes',
    when({ BinaryEquals: { 'test:Blob': 'QQ==' } }),
    when({ BinaryEquals: { 'test:Blob': ['QUI=', 'QQ=='] } }),
    'less',
  ],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(first, second).open.relation).toBe(relation)
})

test('a text that was read for one operator is read anew for another one', () => {
  const ignoringCase = when({ StringEqualsIgnoreCase: { 'test:Text': 'Mixed' } })
  const exact = when({ StringEquals: { 'test:Text': 'Mixed' } })
  const pattern = when({ StringLike: { 'test:Text': 'Mixed' } })
  expect(comparePolicies(exact, ignoringCase).open.relation).toBe('less')
  expect(comparePolicies(exact, pattern).open.relation).toBe('equivalent')
  const star = when({ StringLike: { 'test:Text': 'Mi*' } })
  expect(comparePolicies(when({ StringEquals: { 'test:Text': 'Mi*' } }), star).open.relation).toBe('less')
})
