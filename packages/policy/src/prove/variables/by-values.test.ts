import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

function policy(...Statement: object[]): Policy {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const all = { Effect: 'Allow', Action: '*' }
const at = (Resource: string | string[], Condition: object = {}): object => ({ ...all, Resource, Condition })
const except = (...NotResource: string[]): object => ({ ...all, Effect: 'Deny', NotResource })
const is = (key: string, ...values: string[]): object => ({ StringEquals: { [key]: values } })
const none = (key: string): object => ({ Null: { [key]: 'true' } })
const HOME = 'arn:aws:s3:::home/${aws:username}/*'
const TEAM = 'arn:aws:s3:::t/${aws:PrincipalTag/team}/*'

test.each([
  [
    'the one name that the Allow lists',
    policy(at(HOME, is('aws:username', 'ada'))),
    policy(at('arn:aws:s3:::home/ada/*')),
    'less',
  ],
  [
    'all values that the Allow lists',
    policy(at(TEAM, is('aws:PrincipalTag/team', 'red', 'blue'))),
    policy(at(['arn:aws:s3:::t/red/*', 'arn:aws:s3:::t/blue/*'])),
    'less',
  ],
  [
    'a default where the tag is missing',
    policy(at("arn:aws:s3:::t/${aws:PrincipalTag/team, 'red'}/*", none('aws:PrincipalTag/team'))),
    policy(at('arn:aws:s3:::t/red/*', none('aws:PrincipalTag/team'))),
    'equivalent',
  ],
  [
    'a name that the other Deny spares',
    policy(at(HOME)),
    policy(at(HOME), except('arn:aws:s3:::home/b*/*')),
    'more',
  ],
  [
    'a name and a fixed place, as one resource',
    policy(at('arn:aws:s3:::home/ad?/x'), except(HOME)),
    policy(at('arn:aws:s3:::home/ad?/x'), except('arn:aws:s3:::home/bob/*')),
    'more',
  ],
  [
    'two variables in one resource',
    policy(at('arn:aws:s3:::t/${aws:PrincipalTag/team}/${aws:username}')),
    policy(at(TEAM), except('arn:aws:s3:::t/red/*')),
    'incomparable',
  ],
  [
    'nobody with a name is a session',
    policy(at(HOME, is('aws:PrincipalType', 'AssumedRole'))),
    policy(at('arn:aws:s3:::none', none('aws:PrincipalType'))),
    'equivalent',
  ],
  [
    'one before the fifth colon, which stands for nothing',
    policy(at(['arn:aws:sqs:*:${aws:PrincipalAccount}:*', 'arn:aws:s3:::a/*']), except('arn:aws:s3:::a/b')),
    policy(at('arn:aws:s3:::a/b')),
    'equivalent',
  ],
  [
    'one before the fifth colon, which spares nothing',
    policy(at('*'), except('arn:aws:sqs:*:${aws:PrincipalAccount}:*', 'arn:aws:s3:::a/*')),
    policy(at('arn:aws:s3:::a/*')),
    'equivalent',
  ],
  [
    'no name has a slash',
    policy(at('arn:aws:s3:::home/a/b'), except('arn:aws:s3:::home/${aws:username}')),
    policy(at('arn:aws:s3:::none', none('aws:PrincipalType'))),
    'equivalent',
  ],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(first, second).open.relation).toBe(relation)
})
