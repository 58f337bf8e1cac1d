import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies, type Containment } from '../compare.js'
import { countAllowed } from '../count/count.js'
import { proveWithin } from '../layered/prove-access.js'
import { keepsTies } from './tied-keys.js'

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
const NOTHING = { Null: { 'aws:SecureTransport': 'true' } }
const some = (name: string, ...values: string[]): object => ({
  'ForAnyValue:StringLike': { [`aws:${name}`]: values },
})
const all = (name: string, ...values: string[]): object => ({
  'ForAllValues:StringLike': { [`aws:${name}`]: values },
})
const is = (name: string, ...values: string[]): object => ({ StringEquals: { [`aws:${name}`]: values } })
const there = (name: string): object => ({ Null: { [`aws:${name}`]: 'false' } })
const via = (value: string): object => ({ Bool: { 'aws:ViaAWSService': value } })

test.each<[string, object, object, string]>([
  ['a service between, and none', { ...there('CalledVia'), ...via('false') }, NOTHING, 'equivalent'],
  ['a first service, and none', { ...is('CalledViaFirst', 'a'), ...via('false') }, NOTHING, 'equivalent'],
  ['a service of which AWS tells no more', via('true'), { ...via('true'), ...there('CalledVia') }, 'more'],
  [
    'the first is in the chain',
    is('CalledViaFirst', 'a'),
    { ...is('CalledViaFirst', 'a'), ...some('CalledVia', 'a') },
    'equivalent',
  ],
  ['first and last without a chain', there('CalledViaFirst'), there('CalledViaLast'), 'equivalent'],
  [
    'ends that the chain may not have',
    { StringEquals: { 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'b' }, ...all('CalledVia', 'a') },
    NOTHING,
    'equivalent',
  ],
  [
    'a chain of one service',
    { StringEquals: { 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'a' } },
    {
      StringEquals: { 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'a' },
      ...all('CalledVia', 'a'),
    },
    'more',
  ],
  [
    'in the chain, but not at its ends',
    { ...some('CalledVia', 'a'), StringNotEquals: { 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'a' } },
    some('CalledVia', 'a'),
    'less',
  ],
  [
    'an organization by its ID and by its paths',
    is('PrincipalOrgID', 'o-1'),
    some('PrincipalOrgPaths', 'o-1/*'),
    'equivalent',
  ],
  [
    'an ID that no path has',
    { ...is('PrincipalOrgID', 'o-12'), ...some('PrincipalOrgPaths', 'o-?/r/*') },
    NOTHING,
    'equivalent',
  ],
  [
    'of no organization',
    { Null: { 'aws:ResourceOrgID': 'true', 'aws:ResourceOrgPaths': 'false' } },
    NOTHING,
    'equivalent',
  ],
  ['a path that is none', some('PrincipalOrgPaths', 'o-1'), NOTHING, 'equivalent'],
  ['an ID that is none', is('ResourceOrgID', 'o-1/r'), NOTHING, 'equivalent'],
  [
    'paths of two organizations at once',
    { ...some('SourceOrgPaths', 'o-1/*'), 'ForAnyValue:StringEquals': { 'aws:SourceOrgPaths': 'o-2/r/' } },
    NOTHING,
    'equivalent',
  ],
  [
    'a path with nothing behind the ID',
    is('PrincipalOrgID', 'o-1'),
    some('PrincipalOrgPaths', 'o-1'),
    'more',
  ],
  [
    'paths of two organizations',
    { ...all('ResourceOrgPaths', 'o-1/*', 'o-2/*'), ...there('ResourceOrgPaths') },
    is('ResourceOrgID', 'o-1', 'o-2'),
    'equivalent',
  ],
  [
    'two paths in one organization',
    { ...some('PrincipalOrgPaths', '*/a/*'), ...all('PrincipalOrgPaths', 'o-1/*') },
    { ...some('PrincipalOrgPaths', '*/a/*'), ...is('PrincipalOrgID', 'o-1') },
    'equivalent',
  ],
  [
    'an ID and paths in any case',
    { StringEqualsIgnoreCase: { 'aws:PrincipalOrgID': 'O-1' } },
    some('PrincipalOrgPaths', 'o-1/*', 'O-1/*'),
    'equivalent',
  ],
  [
    'stars that cross the ID',
    { ...some('PrincipalOrgPaths', '*b/x*'), ...there('PrincipalOrgID') },
    { StringLike: { 'aws:PrincipalOrgID': '*b' } },
    'incomparable',
  ],
])('%s', (_, first, second, relation) => {
  const comparison = comparePolicies(when(first), when(second)).open
  expect(comparison.relation).toBe(relation)
  for (const direction of [comparison.firstInSecond, comparison.secondInFirst]) mustKeepTies(direction)
  const counts = countAllowed(when(first), when(second), { length: 12 }).open
  const [one, other] = [counts.first, counts.second].map((count) =>
    count.count === 'exact' ? count.requests : undefined,
  )
  if (relation === 'equivalent') expect(one).toBe(other)
  expect([one, other]).not.toContain(undefined)
  if (relation === 'less') expect(one! <= other!).toBe(true)
  if (relation === 'more') expect(one! >= other!).toBe(true)
})

function mustKeepTies(found: Containment): void {
  const context = found.proof === 'refuted' ? found.counterexample.context : {}
  expect(keepsTies(context ?? {}, new Set()), JSON.stringify(context)).toBe(true)
}

test('what is tied stays together where variables get values', () => {
  const own = { StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } }
  const { open } = comparePolicies(
    when({ ...own, ...some('PrincipalOrgPaths', 'o-1/*') }),
    when({ ...own, ...some('PrincipalOrgPaths', 'o-1/r/*') }),
  )
  expect(open.relation).toBe('more')
  expect(open.firstInSecond.proof === 'refuted' && open.firstInSecond.counterexample.context).toMatchObject({
    'aws:PrincipalOrgID': 'o-1',
    'aws:ResourceOrgID': 'o-1',
  })
})

test('a request that refutes a proof keeps what is tied, however little it needs', () => {
  const found = proveWithin(
    {
      who: { kind: 'user', only: ['arn:aws:iam::111122223333:user/ada'] },
      layers: { identityPolicies: [when({ ...some('CalledVia', 'a.amazonaws.com'), ...via('true') })] },
      resourceAccount: '111122223333',
    },
    when(is('CalledViaFirst', 'b.amazonaws.com')),
  )
  const { context = {} } = found.proof === 'refuted' ? found.request : {}
  expect(Object.keys(context).toSorted()).toEqual([
    'aws:CalledVia',
    'aws:CalledViaFirst',
    'aws:ViaAWSService',
  ])
  expect(keepsTies(context, new Set())).toBe(true)
})

test.each<[boolean, Record<string, string | string[]>]>([
  [true, { 'aws:CalledVia': ['a', 'b'], 'aws:CalledViaFirst': 'a', 'aws:CalledViaLast': 'b' }],
  [false, { 'aws:CalledVia': ['a', 'b'], 'aws:CalledViaFirst': 'b' }],
  [false, { 'aws:CalledVia': ['a'], 'aws:ViaAWSService': 'false' }],
  [true, { 'aws:ViaAWSService': 'true' }],
  [true, { 'aws:PrincipalOrgID': 'o-1', 'aws:PrincipalOrgPaths': ['o-1/r/', 'o-1/r/ou/'] }],
  [false, { 'aws:PrincipalOrgID': 'o-1', 'aws:PrincipalOrgPaths': ['o-1/r/', 'o-12/r/'] }],
  [false, { 'aws:VpceOrgPaths': ['o-1/r/', 'o-2/r/'] }],
])('AWS sends these keys together: %s, %j', (isSent, context) => {
  expect(keepsTies(context, new Set())).toBe(isSent)
})
