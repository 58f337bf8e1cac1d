import { expect, test } from 'vitest'
import type { Policy } from '../policy.js'
import { readPolicy } from '../syntax/parse-policy.js'
import { loadActionCatalogue } from './catalogue.js'
import { comparePolicies, type PolicyComparison } from './compare.js'

const catalogue = await loadActionCatalogue()
/** CPU seconds; far more than any of these takes, and far less than a search that does not end. */
const MOST_SECONDS = 20

function policy(...Statement: object[]): Policy {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const allow = (Resource: string | string[], rest: object = {}): object => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource,
  ...rest,
})
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

function compareInTime(first: Policy, second: Policy): PolicyComparison {
  const start = process.cpuUsage()
  const comparison = comparePolicies(first, second, { catalogue })
  const { system, user } = process.cpuUsage(start)
  expect((system + user) / 1e6).toBeLessThan(MOST_SECONDS)
  return comparison
}

/** `*a*a*a*a*a*a*b`, with other letters for each number. */
function starry(number: number): string {
  const letter = String.fromCharCode(0x61 + (number % 26))
  return `arn:aws:s3:::${number}${`*${letter}`.repeat(6)}*b`
}

test('patterns full of stars that begin apart are decided', () => {
  const all = numbers(100).map(starry)
  expect(compareInTime(policy(allow(all)), policy(allow(all.toReversed()))).open.relation).toBe('equivalent')
  expect(compareInTime(policy(allow(all)), policy(allow(all.slice(1)))).open.relation).toBe('more')
})

test('patterns full of stars by the hundred, all over each other, end with an answer', () => {
  const spread = numbers(100).map((number) => {
    const [one, two] = [number % 10, Math.floor(number / 10)].map((digit) =>
      String.fromCharCode(0x61 + digit!),
    )
    return `arn:aws:s3:::${`*${one}*${two}`.repeat(4)}*${one}`
  })
  const { open } = compareInTime(
    policy(...spread.map((pattern) => allow(pattern))),
    policy(...spread.slice(1).map((pattern) => allow([pattern, 'arn:aws:s3:::x*']))),
  )
  expect(open.relation).toBe('unknown')
  expect(open.firstInSecond).toMatchObject({ proof: 'unknown', code: 'tooLarge' })
})

test('6,144 characters of wildcards', () => {
  for (const text of ['*?'.repeat(3000), '?*a'.repeat(2000), '?'.repeat(6000)]) {
    const pattern = `arn:aws:s3:::${text}`
    const { open } = compareInTime(policy(allow(pattern)), policy(allow([pattern, 'arn:aws:s3:::*z'])))
    expect(['less', 'unknown']).toContain(open.relation)
    expect(compareInTime(policy(allow(pattern)), policy(allow(pattern))).open.relation).not.toBe('less')
  }
})

test('500 condition keys, in one statement and in 500', () => {
  const conditions = numbers(500).map((number) => [`test:Key${number}`, [`a${number}*`, `*b`]])
  const one = policy(allow('*', { Condition: { StringLike: Object.fromEntries(conditions) } }))
  const fewer = policy(allow('*', { Condition: { StringLike: Object.fromEntries(conditions.slice(1)) } }))
  expect(compareInTime(one, fewer).open.relation).toBe('less')
  expect(compareInTime(one, one).open.relation).toBe('equivalent')
  const each = conditions.map((condition) =>
    allow('*', { Condition: { StringLike: Object.fromEntries([condition]) } }),
  )
  expect(compareInTime(policy(...each), policy(...each.slice(1))).open.relation).toBe('more')
})

test('a key with hundreds of values in a list', () => {
  const values = numbers(200).map((number) => `v${number}`)
  const each = values.map((value) =>
    allow('*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': value } } }),
  )
  const { open } = compareInTime(policy(...each), policy(...each.slice(1)))
  expect(['more', 'unknown']).toContain(open.relation)
})

test('a bound that is reached is told with what to do', () => {
  const small = comparePolicies(
    policy(allow('arn:aws:s3:::*?*?*?*a')),
    policy(allow('arn:aws:s3:::?*?*?*a*')),
    { bounds: { states: 3 } },
  )
  expect(small.open.firstInSecond).toEqual({
    proof: 'unknown',
    code: 'tooLarge',
    reason:
      'more than 3 states of the patterns of Resource; compare fewer statements at a time, or write patterns with fewer stars',
  })
})
