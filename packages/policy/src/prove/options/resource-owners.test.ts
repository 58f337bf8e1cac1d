import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

const OWN = '111122223333'
const OTHER = '444455556666'

function policy(Resource: string, Condition: object, ...more: object[]): Policy {
  const Statement = [{ Effect: 'Allow', Action: '*', Resource, Condition }, ...more]
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const ownedBy = (...accounts: string[]): object => ({ StringLike: { 'aws:ResourceAccount': accounts } })
const queue = (account: string): string => `arn:aws:sqs:eu-west-1:${account}:jobs`

test.each([
  ['the account in the ARN', policy(queue(OWN), ownedBy(OWN)), policy(queue(OWN), {}), 'equivalent'],
  ['another account than the one in the ARN', policy(queue(OWN), ownedBy(OTHER)), policy('*', {}), 'less'],
  [
    'which is nobody',
    policy(queue(OWN), ownedBy(OTHER)),
    policy('*', { Null: { 'aws:ResourceAccount': 'true' } }),
    'equivalent',
  ],
  [
    'a pattern of accounts',
    policy(queue('?'.repeat(12)), ownedBy('1111*')),
    policy(queue('1111????????'), {}),
    'equivalent',
  ],
  [
    'a bucket, whose ARN does not tell',
    policy('arn:aws:s3:::a', ownedBy(OWN)),
    policy('arn:aws:s3:::a', {}),
    'less',
  ],
  [
    'one account or another for a bucket',
    policy('arn:aws:s3:::a', ownedBy(OWN)),
    policy('arn:aws:s3:::a', ownedBy(OTHER)),
    'incomparable',
  ],
  [
    'a Deny outside of the account',
    policy(
      '*',
      {},
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:ResourceAccount': OWN } },
      },
    ),
    policy('*', ownedBy(OWN)),
    'equivalent',
  ],
  ['what has no ARN has an owner too', policy('*', ownedBy('*')), policy('*', {}), 'equivalent'],
  [
    "the principal's own account",
    policy('*', ownedBy('${aws:PrincipalAccount}')),
    policy('*', { Null: { 'aws:ResourceAccount': 'false' } }),
    'less',
  ],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(first, second).open.relation).toBe(relation)
})

test('a counterexample has the owner', () => {
  const { firstInSecond } = comparePolicies(
    policy('arn:aws:s3:::a', ownedBy(OTHER)),
    policy('*', ownedBy(OWN)),
  ).open
  expect(firstInSecond).toMatchObject({
    counterexample: { resource: 'arn:aws:s3:::a', resourceAccount: OTHER },
  })
})
