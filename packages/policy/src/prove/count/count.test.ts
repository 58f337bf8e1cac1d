import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compilePolicy } from '../../compile.js'
import type { Policy } from '../../policy.js'
import type { AuthorizationRequest } from '../../request.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { DEFAULT_BOUNDS, Undecided } from '../bounds.js'
import { ActionCatalogue, loadActionCatalogue } from '../options/catalogue.js'
import { countAllowed, countSide } from './count.js'
import { makeLanguage, word } from '../texts/language.js'
import { policyAllows } from '../search/replay.js'
import { makeTerm } from '../search/term.js'

function policy(...Statement: object[]): Policy {
  return read(Statement, 'identity')
}
function read(Statement: readonly object[], kind: 'identity' | 'resource'): Policy {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind, name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const get = (rest: object = {}): object => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::data/x',
  ...rest,
})
const when = (operator: string, key: string, ...values: string[]): object =>
  get({ Condition: { [operator]: { [key]: values } } })

/** What a policy allows of the requests of a length, where another one may ask about further keys. */
function requestsOf(one: Policy, { length = 64, beside = one } = {}): bigint {
  const { first } = countAllowed(one, beside, { length }).open
  if (first.count === 'unknown') throw new Error(first.reason)
  return first.requests
}
const texts = (length: number): bigint => (95n ** BigInt(length + 1) - 1n) / 94n

describe('one variable', () => {
  test.each<[string, object, bigint]>([
    ['one action on one resource', get(), 1n],
    ['a resource with a prefix', get({ Resource: 'arn:aws:s3:::data/*' }), texts(64 - 18)],
    [
      'two resources that lie in each other',
      get({ Resource: ['arn:aws:s3:::data/x', 'arn:aws:s3:::data/?'] }),
      95n,
    ],
    ['actions of any case are one', get({ Action: ['s3:getobject', 'S3:GETOBJECT', 's3:PutObject'] }), 2n],
    ['names of actions', get({ Action: 's3:??' }), 38n ** 2n],
    ['a text, of which there is one, or none', when('StringEqualsIfExists', 'aws:RequestTag/a', 'x'), 2n],
    ['any text but one', when('StringNotEquals', 'aws:RequestTag/a', 'x'), texts(64)],
    ['any case', when('StringEqualsIgnoreCase', 'aws:RequestTag/a', 'abc'), 8n],
    ['a key that is there', when('Null', 'aws:RequestTag/a', 'false'), texts(64)],
    ['a list with one value', when('ForAllValues:StringEquals', 'aws:TagKeys', 'a', 'b'), 3n],
    ['a boolean', when('Bool', 'aws:SecureTransport', 'false'), 1n],
    ['a boolean that may be missing', when('BoolIfExists', 'aws:MultiFactorAuthPresent', 'true'), 2n],
    ['a boolean as text', when('StringLike', 'aws:SecureTransport', '*e'), 2n],
    ['a network', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), 2n ** 24n],
    [
      'networks in each other',
      when('IpAddress', 'aws:SourceIp', '10.0.0.0/8', '10.1.0.0/16', '::/1'),
      2n ** 24n + 2n ** 127n,
    ],
    [
      'all other addresses',
      when('NotIpAddressIfExists', 'aws:SourceIp', '255.0.0.0/8'),
      1n + 2n ** 128n + 2n ** 32n - 2n ** 24n,
    ],
    ['numbers', when('NumericLessThanEquals', 's3:max-keys', '10'), 10n ** 15n + 10_000n + 1n],
    ['a number with decimals', when('NumericEquals', 's3:TlsVersion', '1.2', '1.3', '1.2345'), 2n],
    ['seconds', when('DateLessThan', 'aws:CurrentTime', '1970-01-02T00:00:00Z'), 86_400n],
    ['seconds in between', when('NumericGreaterThan', 'aws:EpochTime', '253402300797.5'), 2n],
    ['an instant of another clock', when('DateEquals', 'aws:TokenIssueTime', '2027-01-01T00:00:00Z'), 1n],
    ['an account', when('StringLike', 'aws:SourceAccount', '11*'), 10n ** 10n],
    ['an owner', when('StringLike', 'aws:ResourceAccount', '11*'), 10n ** 10n],
    ['all owners but one', when('StringNotEquals', 'aws:ResourceAccount', '111122223333'), 10n ** 12n - 1n],
    [
      'the owner that an ARN tells',
      get({
        Resource: ['arn:aws:sqs::111122223333:*', 'arn:aws:sqs::444455556666:*'],
        Condition: { StringEquals: { 'aws:ResourceAccount': '111122223333' } },
      }),
      texts(64 - 26) - 1n,
    ],
  ])('%s', (_, statement, expected) => {
    expect(requestsOf(policy(statement))).toBe(expected)
  })

  test('no resource is one more than all resources', () => {
    const all = requestsOf(policy(get({ Resource: '*' })))
    expect(requestsOf(policy({ ...get(), Resource: undefined, NotResource: 'arn:aws:s3:::data/x' }))).toBe(
      all - 1n,
    )
    // The shortest ARNs: one of 36 letters and digits for the service, one of 95 characters behind it.
    expect(requestsOf(policy(get({ Resource: '*' })), { length: 13 })).toBe(1n + 37n * 95n)
  })
})

/** Unique IDs: `AIDA`, then letters and digits. */
const ids = (most: number): bigint => (36n ** BigInt(most - 3) - 1n) / 35n
const granting = (Principal: unknown): bigint => requestsOf(read([get({ Principal })], 'resource'))

describe('who asks', () => {
  const ada = 'arn:aws:iam::111122223333:user/ada'

  test('one user, with any unique ID that leaves the whole within the length', () => {
    expect(requestsOf(policy(when('ArnEquals', 'aws:PrincipalArn', ada)))).toBe(ids(64 - ada.length - 1))
  })

  test('an account is one of all', () => {
    const all = requestsOf(policy(when('StringLike', 'aws:PrincipalAccount', '*')))
    const one = requestsOf(policy(when('StringEquals', 'aws:PrincipalAccount', '111122223333')))
    expect(one * 10n ** 12n).toBe(all)
  })

  test('whom the other policy asks about counts here too', () => {
    const all = requestsOf(policy(when('StringLike', 'aws:PrincipalAccount', '*')))
    const asking = policy(when('StringEquals', 'aws:username', 'ada'))
    expect(requestsOf(policy(get()), { beside: asking })).toBe(all)
  })

  test('principals of resource policies', () => {
    const inAccount = granting({ AWS: '111122223333' })
    expect(granting({ AWS: [ada, '111122223333'] })).toBe(inAccount)
    expect(granting({ AWS: ada })).toBe(ids(64 - ada.length - 1))
    expect(granting({ Service: 'logs.amazonaws.com' })).toBe(1n)
  })
})

test('a key that only one of two policies asks about multiplies the requests of both', () => {
  const asking = policy(when('Bool', 'aws:SecureTransport', 'true'))
  expect(requestsOf(policy(get()), { beside: asking })).toBe(2n)
  expect(requestsOf(asking, { beside: policy(get()) })).toBe(1n)
})

test('known actions count with the resources that they take', async () => {
  const catalogue = await loadActionCatalogue()
  const known = (Action: string | string[], Resource: string, length = 64): unknown => {
    const one = policy(get({ Action, Resource }))
    const { first } = countAllowed(one, one, { catalogue, length }).known!
    return first.count === 'exact' ? first.requests : first
  }
  // Buckets have names without slashes and colons, whose characters are 95 but these two.
  expect(known('s3:ListBucket', 'arn:aws:s3:::data')).toBe(1n)
  expect(known('s3:ListBucket', 'arn:aws:s3:::data/*')).toBe(0n)
  expect(known('s3:ListBucket', 'arn:aws:s3:::da*', 19)).toBe(1n + 93n + 93n ** 2n + 93n ** 3n + 93n ** 4n)
  expect(known('s3:GetObject', 'arn:aws:s3:::data/*')).toBe(texts(64 - 18) - 1n)
  expect(known(['s3:ListAllMyBuckets', 's3:nothing'], '*')).toBe(1n)
  expect(known('s3:ListAllMyBuckets', 'arn:aws:s3:::data')).toBe(0n)
  expect(known('*', '*', 3)).toBe(0n)
})

test('what is too long is not counted', () => {
  expect(countAllowed(policy(get()), policy(get({ Resource: '*' })), { length: 18 }).open.first).toEqual({
    count: 'exact',
    requests: 0n,
    log2: undefined,
  })
  expect(() => countAllowed(policy(get()), policy(get()), { length: 0 })).toThrow(RangeError)
})

test('the logarithm has two decimals', () => {
  const { first, second } = countAllowed(
    policy(get({ Resource: 'arn:aws:s3:::data/*' })),
    policy(when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'), when('IpAddress', 'aws:SourceIp', '11.0.0.0/8')),
    { length: 2048 },
  ).open
  // 95¹⁹⁴⁶·… texts behind the prefix, times a missing key and all addresses.
  const behind = (2048 - 18) * Math.log2(95) + Math.log2(95 / 94)
  expect(first).toMatchObject({ count: 'exact', log2: Math.round((behind + 128) * 100) / 100 })
  expect(second).toMatchObject({ count: 'exact', requests: 2n ** 25n, log2: 25 })
})

test.each<[string, object, string]>([
  [
    'variables of two keys',
    get({ Resource: ['arn:aws:s3:::data/${aws:username}/*', 'arn:aws:s3:::data/${aws:PrincipalTag/a}'] }),
    'in one policy',
  ],
  [
    'a variable behind a star',
    get({ Resource: 'arn:aws:s3:::*/${aws:PrincipalTag/a}' }),
    'otherwise than once',
  ],
  ['defaults', get({ Resource: "arn:aws:s3:::data/${aws:PrincipalTag/a, 'x'}" }), 'a default'],
  [
    'a variable without regard to case',
    when('StringEqualsIgnoreCase', 's3:prefix', '${aws:PrincipalTag/a}'),
    'without regard to case',
  ],
  ['bytes', when('BinaryEquals', 'test:Blob', 'QQ=='), 'such values are not counted'],
  [
    'a key that is compared in two ways',
    get({ Condition: { NumericEquals: { 'test:Key': 1 }, StringEquals: { 'test:Key': 'a' } } }),
    'compared in several ways',
  ],
])('%s are not counted', (_, statement, reason) => {
  expect(countAllowed(policy(statement), policy(statement)).open.first).toMatchObject({
    count: 'unknown',
    code: 'notSupported',
    reason: expect.stringContaining(reason) as string,
  })
})

const LETTERS = 'ab'
const upToTwo = (head: string) =>
  makeLanguage(
    [...word(head, 'start', 'none'), ['none', LETTERS, 'one'], ['one', LETTERS, 'two']],
    ['one', 'two'],
  )
const KEYS = makeLanguage(
  [
    ['start', LETTERS, 'one'],
    ['one', LETTERS, 'two'],
  ],
  ['start', 'one', 'two'],
)
const short = ['a', 'b', 'aa', 'ab', 'ba', 'bb']

function* everyRequest(keys: readonly string[]): Generator<AuthorizationRequest> {
  const values = [undefined, '', ...short]
  for (const name of short)
    for (const resource of ['*', ...short.map((rest) => `arn:aws:s3:::${rest}`)])
      for (const one of keys.includes('test:One') ? values : [undefined])
        for (const two of keys.includes('test:Two') ? values : [undefined])
          yield {
            principal: 'arn:aws:iam::111122223333:user/ada',
            action: `s3:${name}`,
            resource,
            context: {
              ...(one === undefined ? {} : { 'test:One': one }),
              ...(two === undefined ? {} : { 'test:Two': two }),
            },
          }
}

/** Types of resources that overlap, types that share actions, and actions of no resource. */
const SMALL = new ActionCatalogue([
  's3|arn:${Partition}:s3:::a${Rest} arn:${Partition}:s3:::${First}b arn:${Partition}:s3:::b|0,1>a,AB;2>aa;>b;1>ba',
])
function isKnown({ action, resource }: AuthorizationRequest): boolean {
  const rest = resource.slice('arn:aws:s3:::'.length)
  switch (action) {
    case 's3:a':
    case 's3:ab':
      return /^a.$|^.b$/.test(rest)
    case 's3:aa':
      return rest === 'b'
    case 's3:b':
      return resource === '*'
    default:
      return action === 's3:ba' && /^.b$/.test(rest)
  }
}

const pattern = fc
  .array(fc.constantFrom('a', 'b', '*', '?'), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join(''))
const patterns = fc.array(pattern, { minLength: 1, maxLength: 2 })
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    actions: patterns,
    resources: patterns,
    negated: fc.integer({ min: 0, max: 7 }),
    variable: fc.integer({ min: 0, max: 10 }),
    conditions: fc.array(
      fc.tuple(
        fc.constantFrom('StringLike', 'StringNotLike', 'StringEqualsIfExists', 'StringNotEqualsIgnoreCase'),
        fc.constantFrom('test:One', 'test:Two'),
        patterns,
      ),
      { maxLength: 2 },
    ),
  })
  .map(({ Effect, actions, conditions, negated, resources, variable }) => {
    const Condition: Record<string, Record<string, string[]>> = {}
    for (const [operator, key, values] of conditions) (Condition[operator] ??= {})[key] = values
    const arns = resources.map((rest) => (rest === '*' ? rest : `arn:aws:s3:::${rest}`))
    if (variable > 8) arns.push(['arn:aws:s3:::${test:One}', 'arn:aws:s3:::a${test:One}*'][variable - 9]!)
    if (variable > 6)
      (Condition['StringLike'] ??= {})['test:Two'] = [
        ['${test:One}', 'b${test:One}?', 'a${test:One}*', '${test:One}'][variable - 7]!,
      ]
    return Object.assign(
      { Effect },
      { [negated % 2 === 0 ? 'Action' : 'NotAction']: actions.map((name) => `s3:${name}`) },
      { [negated < 6 ? 'Resource' : 'NotResource']: arns },
      { Condition },
    )
  })
const statements = fc.array(statement, { minLength: 1, maxLength: 4 })

test(
  'counting agrees with asking authorize about every request of a small world',
  { timeout: 120_000 },
  () => {
    const space = {
      length: 64,
      bounds: DEFAULT_BOUNDS,
      languages: { actions: upToTwo('s3:'), resources: upToTwo('arn:aws:s3:::'), keys: KEYS },
    }
    let [valued, unknown] = [0, 0]
    const property = fc.property(statements, statements, (one, other) => {
      const [first, second] = [policy(...one), policy(...other)]
      const keys = ['test:One', 'test:Two'].filter((key) => JSON.stringify([one, other]).includes(key))
      const compiled = compilePolicy(first)
      let allowed = 0n
      let known = 0n
      for (const request of everyRequest(keys)) {
        if (!policyAllows(compiled, request)) continue
        allowed++
        if (isKnown(request)) known++
      }
      for (const [world, expected] of [
        [space, allowed],
        [{ ...space, catalogue: SMALL }, known],
      ] as const) {
        const counted = countSide(makeTerm(first, second), 0, world)
        const swapped = countSide(makeTerm(second, first), 1, world)
        // Of several reasons either may come first.
        if (counted instanceof Undecided) expect(swapped).toMatchObject({ code: counted.code })
        else expect(swapped).toBe(counted)
        const names = JSON.stringify(one).includes('${')
        if (names && counted instanceof Undecided) {
          expect(counted.reason).toContain('begins like no other')
          unknown++
          continue
        }
        expect(counted).toBe(expected)
        if (names) valued++
      }
    })
    fc.assert(property, { numRuns: 200 })
    expect(valued).toBeGreaterThan(unknown)
  },
)

const at = (Resource: string, Condition: object): Policy => policy(get({ Resource, Condition }))
const sum = (values: readonly string[], one: (value: string) => Policy, length: number): bigint =>
  values.reduce((total, value) => total + requestsOf(one(value), { length }), 0n)
const queue = (name: string): string => `arn:aws:sqs::111122223333:${name}`

/** Numbers of requests add up over the values of a variable, each with its text in place of the variable. */
describe('a variable that names who asks', () => {
  const NAMES = [...'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_+=,.@-']

  test('by the name', () => {
    const variable = at('arn:aws:s3:::${aws:username}/*', {})
    // The separator is one character, too.
    const shortest = 'arn:aws:iam::111122223333:user/a AIDA'.length
    const named = (value: string): Policy =>
      at(`arn:aws:s3:::${value}/*`, { StringEquals: { 'aws:username': value } })
    for (const length of [shortest - 1, shortest])
      expect(requestsOf(variable, { length })).toBe(sum(NAMES, named, length))
    const pairs = NAMES.flatMap((first) => ['a', '-'].map((second) => first + second))
    const two =
      sum(NAMES, named, shortest + 1) + (sum(pairs, named, shortest + 1) * BigInt(NAMES.length)) / 2n
    expect(requestsOf(variable, { length: shortest + 1 })).toBe(two)
  })

  test('by the account, of which all are alike', () => {
    const variable = at('arn:aws:sqs:*:111122223333:${aws:PrincipalAccount}', {})
    const other = at('arn:aws:sqs:*:111122223333:444455556666', {
      StringEquals: { 'aws:PrincipalAccount': '444455556666' },
    })
    expect(() => requestsOf(variable)).toThrow('otherwise than once')
    const own = at(queue('${aws:PrincipalAccount}'), {})
    const one = at(queue('444455556666'), { StringEquals: { 'aws:PrincipalAccount': '444455556666' } })
    expect(requestsOf(own)).toBe(requestsOf(one) * 10n ** 12n)
    expect(requestsOf(other)).toBeGreaterThan(0n)
  })
})

const OWNERS = ['111111111111', '222222222222']
const OWNED = {
  actions: upToTwo('s3:'),
  resources: upToTwo('arn:aws:s3:::'),
  owned: makeLanguage(
    [
      ...word('arn:aws:s3::', 'start', 'account'),
      ...OWNERS.flatMap((owner) => [...word(owner, 'account', owner), [owner, ':', 'none'] as const]),
      ['none', LETTERS, 'one'],
      ['one', LETTERS, 'two'],
    ],
    ['one', 'two'],
  ),
  owners: makeLanguage(
    OWNERS.flatMap((owner) => word(owner, 'start', owner)),
    OWNERS,
  ),
  keys: KEYS,
}

function* everyOwnedRequest(): Generator<AuthorizationRequest> {
  const principal = 'arn:aws:iam::111122223333:user/ada'
  for (const name of short)
    for (const resourceAccount of OWNERS) {
      for (const resource of ['*', ...short.map((rest) => `arn:aws:s3:::${rest}`)])
        yield { principal, action: `s3:${name}`, resource, resourceAccount }
      for (const rest of short) {
        const resource = `arn:aws:s3::${resourceAccount}:${rest}`
        yield { principal, action: `s3:${name}`, resource, resourceAccount }
      }
    }
}

const ofOwners = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
    negated: fc.boolean(),
    Resource: fc.array(
      fc.constantFrom('*', 'arn:aws:s3:::*', 'arn:aws:s3::1*:a', 'arn:aws:s3:*:*:?b', 'arn:aws:s3:::ab'),
      { minLength: 1, maxLength: 2 },
    ),
    Condition: fc.constantFrom(
      {},
      { StringEquals: { 'aws:ResourceAccount': OWNERS[0] } },
      { StringNotLike: { 'aws:ResourceAccount': ['1*', '3*'] } },
      { StringLike: { 'aws:ResourceAccount': '*2' } },
      { Null: { 'aws:ResourceAccount': 'true' } },
    ),
  })
  .map(({ Condition, Effect, Resource, negated }) => {
    return { Effect, Action: 's3:a*', [negated ? 'NotResource' : 'Resource']: Resource, Condition }
  })

test('counting owners agrees with asking authorize about every request', () => {
  const space = { length: 64, bounds: DEFAULT_BOUNDS, languages: OWNED }
  const asking = policy(when('StringLike', 'aws:ResourceAccount', '*'))
  const property = fc.property(fc.array(ofOwners, { minLength: 1, maxLength: 3 }), (drawn) => {
    const one = policy(...drawn)
    const compiled = compilePolicy(one)
    let allowed = 0n
    for (const request of everyOwnedRequest()) if (policyAllows(compiled, request)) allowed++
    expect(countSide(makeTerm(one, asking), 0, space)).toBe(allowed)
    expect(countSide(makeTerm(asking, one), 1, space)).toBe(allowed)
  })
  fc.assert(property, { numRuns: 200 })
})
