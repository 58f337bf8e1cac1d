import { expect, test } from 'vitest'
import type { Policy } from '../policy.js'
import { readPolicy } from '../syntax/parse-policy.js'
import { loadActionCatalogue } from './options/catalogue.js'
import type { Bounds } from './bounds.js'
import { comparePolicies, type Containment, type PolicyComparison } from './compare.js'
import { countAllowed, type RequestCount } from './count/count.js'

const catalogue = await loadActionCatalogue()

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

function compare(first: Policy, second: Policy): PolicyComparison {
  return comparePolicies(first, second, { catalogue })
}

/** `*a*a*a*a*a*a*b`, with other letters for each number. */
function starry(number: number): string {
  const letter = String.fromCharCode(0x61 + (number % 26))
  return `arn:aws:s3:::${number}${`*${letter}`.repeat(6)}*b`
}

test('patterns full of stars that begin apart are decided', () => {
  const all = numbers(100).map(starry)
  expect(compare(policy(allow(all)), policy(allow(all.toReversed()))).open.relation).toBe('equivalent')
  expect(compare(policy(allow(all)), policy(allow(all.slice(1)))).open.relation).toBe('more')
})

test('patterns full of stars by the hundred, all over each other, end with an answer', () => {
  const spread = numbers(100).map((number) => {
    const [one, two] = [number % 10, Math.floor(number / 10)].map((digit) =>
      String.fromCharCode(0x61 + digit!),
    )
    return `arn:aws:s3:::${`*${one}*${two}`.repeat(4)}*${one}`
  })
  const { open } = compare(
    policy(...spread.map((pattern) => allow(pattern))),
    policy(...spread.slice(1).map((pattern) => allow([pattern, 'arn:aws:s3:::x*']))),
  )
  expect(open.relation).toBe('unknown')
  expect(open.firstInSecond).toMatchObject({ proof: 'unknown', code: 'tooLarge' })
})

test('6,144 characters of wildcards', () => {
  for (const text of ['*?'.repeat(3000), '?*a'.repeat(2000), '?'.repeat(6000)]) {
    const pattern = `arn:aws:s3:::${text}`
    const { open } = compare(policy(allow(pattern)), policy(allow([pattern, 'arn:aws:s3:::*z'])))
    expect(['less', 'unknown']).toContain(open.relation)
    expect(compare(policy(allow(pattern)), policy(allow(pattern))).open.relation).not.toBe('less')
  }
})

test('500 condition keys, in one statement and in 500', () => {
  const conditions = numbers(500).map((number) => [`test:Key${number}`, [`a${number}*`, `*b`]])
  const one = policy(allow('*', { Condition: { StringLike: Object.fromEntries(conditions) } }))
  const fewer = policy(allow('*', { Condition: { StringLike: Object.fromEntries(conditions.slice(1)) } }))
  expect(compare(one, fewer).open.relation).toBe('less')
  expect(compare(one, one).open.relation).toBe('equivalent')
  const each = conditions.map((condition) =>
    allow('*', { Condition: { StringLike: Object.fromEntries([condition]) } }),
  )
  expect(compare(policy(...each), policy(...each.slice(1))).open.relation).toBe('more')
})

test('a key with hundreds of values in a list', () => {
  const values = numbers(200).map((number) => `v${number}`)
  const each = values.map((value) =>
    allow('*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': value } } }),
  )
  expect(compare(policy(...each), policy(...each.slice(1))).open.relation).toBe('more')
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

const letter = (number: number): string => String.fromCharCode(0x61 + (number % 26))
/** `0*a*a*a*a*a*a*b`: a hundred of them begin apart. */
const apart = (number: number): string => `${number}${`*${letter(number)}`.repeat(6)}*b`
/** `*a*b*a*b*a*b*a*b*a`: a hundred of them may all match together. */
const together = (number: number): string =>
  `${`*${letter(number % 10)}*${letter(Math.floor(number / 10))}`.repeat(4)}*${letter(number)}`
const when = (operator: string, key: string, values: string | readonly string[], Effect = 'Allow'): object =>
  allow('*', { Effect, Condition: { [operator]: { [key]: values } } })

/** Where a pattern can stand. */
const places: Readonly<Record<string, (pattern: string) => object>> = {
  resource: (pattern) => allow(`arn:aws:s3:::${pattern}`),
  action: (pattern) => allow('*', { Action: `s3:${pattern}` }),
  key: (pattern) => when('StringLike', 's3:prefix', pattern),
  'who asks': (pattern) => when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::111122223333:user/${pattern}`),
}
const wildcards = ['*?'.repeat(3000), '?*a'.repeat(2000), '?'.repeat(6000), '*a'.repeat(3000)]

const keys = numbers(500).map((number) => [`test:Key${number}`, [`a${number}*`, '*b']] as const)
const lists = keys.slice(0, 100)
const cased = numbers(300).map((number) => `${'Ab'.repeat(40)}${number}`)
/** All of so many names but one. */
const allBut = (number: number, head: string): string[] =>
  numbers(40).flatMap((other) => (other === number % 40 ? [] : [`${head}${other}`]))

/** Statements of the first policy; the second has all but the first of them. */
const shapes: readonly (readonly [string, readonly object[]])[] = [
  ...Object.entries(places).flatMap(
    ([place, at]) =>
      [
        [`a hundred patterns that begin apart, ${place}`, numbers(100).map((number) => at(apart(number)))],
        [
          `a hundred patterns that match together, ${place}`,
          numbers(100).map((number) => at(together(number))),
        ],
        [`6,000 wildcards, ${place}`, wildcards.map(at)],
      ] as const,
  ),
  ['500 keys', keys.map(([key, values]) => when('StringLike', key, values))],
  [
    '500 keys that deny',
    [allow('*'), ...keys.map(([key, values]) => when('StringLike', key, values, 'Deny'))],
  ],
  [
    '500 keys in each of two statements',
    [0, 1].map((skipped) =>
      allow('*', { Condition: { StringLike: Object.fromEntries(keys.slice(skipped)) } }),
    ),
  ],
  ...['ForAnyValue:StringLike', 'ForAllValues:StringLike', 'ForAnyValue:StringNotLike'].map(
    (operator) =>
      [`lists of 100 keys, ${operator}`, lists.map(([key, values]) => when(operator, key, values))] as const,
  ),
  [
    'many lists of one key',
    numbers(200).map((number) => when('ForAnyValue:StringEquals', 'aws:TagKeys', `v${number}`)),
  ],
  ['long texts in any case', cased.map((text) => when('StringEqualsIgnoreCase', 's3:prefix', text))],
  [
    'any case beside stars',
    numbers(20).map((number) =>
      allow('*', {
        Condition: {
          StringNotEqualsIgnoreCase: { 's3:prefix': cased.slice(number) },
          StringLike: { 's3:prefix': `*${letter(number)}*` },
        },
      }),
    ),
  ],
  [
    'statements that all overlap',
    numbers(40).map((number) => ({
      Effect: number % 3 === 0 ? 'Deny' : 'Allow',
      Action: allBut(number, 's3:a'),
      Resource: allBut(number * 7, 'arn:aws:s3:::b'),
      Condition: {
        StringEquals: {
          'test:One': allBut(number * 11, 'k'),
          'test:Two': allBut(number * 13, 'k'),
          'test:Three': allBut(number * 17, 'k'),
        },
      },
    })),
  ],
  ['numbers', numbers(300).map((number) => when('NumericLessThan', 's3:max-keys', String(number * 3)))],
  [
    'networks',
    numbers(300).map((number) =>
      when('IpAddress', 'aws:SourceIp', `10.${number % 250}.0.0/${8 + (number % 24)}`),
    ),
  ],
]

/** Whether there is an answer, or else that it says which bound was reached and what to do. */
function isDecided(answer: Containment | RequestCount): boolean {
  const reason = 'reason' in answer ? answer.reason : undefined
  if (reason === undefined) return true
  expect(answer).toMatchObject({ code: 'tooLarge' })
  expect(reason).toMatch(/^more than \d+ .*; (?:compare|count) fewer (?:statements|conditions)/)
  return false
}

const SMALL: Partial<Bounds>[] = [
  { states: 200 },
  { classes: 20 },
  { combinations: 500 },
  { states: 5_000, classes: 500, combinations: 5_000 },
]

// Bounds count steps, never time; this is for a search that does not end.
const timeout = 300_000

test.each(shapes)('%s: an answer, or what is too large', { timeout }, (_, statements) => {
  const [first, second] = [policy(...statements), policy(...statements.slice(1))]
  const { open } = compare(first, second)
  const counts = countAllowed(first, second).open
  for (const answer of [open.firstInSecond, open.secondInFirst, counts.first, counts.second])
    isDecided(answer)
})

test.each(shapes)(
  '%s: with lower bounds an answer may be withheld, and never changes',
  { timeout },
  (_, statements) => {
    const few = statements.slice(0, 3)
    const [first, second] = [policy(...few), policy(...few.slice(1))]
    const { open } = comparePolicies(first, second)
    const counts = countAllowed(first, second, { length: 64 }).open
    for (const bounds of SMALL) {
      const less = comparePolicies(first, second, { bounds }).open
      for (const direction of ['firstInSecond', 'secondInFirst'] as const)
        if (isDecided(less[direction])) expect(less[direction].proof).toBe(open[direction].proof)
      const fewer = countAllowed(first, second, { bounds, length: 64 }).open
      for (const side of ['first', 'second'] as const)
        if (isDecided(fewer[side])) expect(fewer[side]).toEqual(counts[side])
    }
  },
)
