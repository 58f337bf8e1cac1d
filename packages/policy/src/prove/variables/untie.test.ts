import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

function reads(Resource: string, rest: object = {}): Policy {
  const Statement = { Effect: 'Allow', Action: 's3:GetObject', Resource, ...rest }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}
const home = 'arn:aws:s3:::home/${aws:username}/*'
const listing = (prefix: string): object => ({ Condition: { StringLike: { 's3:prefix': prefix } } })

test.each([
  ['the same variable', reads(home), reads(home), 'equivalent'],
  ['less than what it can stand for', reads(home), reads('arn:aws:s3:::home/*'), 'less'],
  [
    'less than itself with more behind it',
    reads('arn:aws:s3:::home/${aws:username}/raw/*'),
    reads(home),
    'less',
  ],
  [
    'one variable and another',
    reads(home),
    reads('arn:aws:s3:::home/${aws:PrincipalTag/team}/*'),
    'incomparable',
  ],
  ['apart from a fixed name', reads(home), reads('arn:aws:s3:::other/*'), 'incomparable'],
  ['a default', reads("arn:aws:s3:::t/${aws:PrincipalTag/team, 'red'}/*"), reads('arn:aws:s3:::t/*'), 'less'],
  ['in a condition', reads('*', listing('${aws:username}/*')), reads('*', listing('*')), 'less'],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(first, second).open.relation).toBe(relation)
})

test('a counterexample has the variable and what it ties together', () => {
  const { secondInFirst } = comparePolicies(reads('arn:aws:s3:::home/b*'), reads(home)).open
  expect(secondInFirst).toMatchObject({
    proof: 'refuted',
    counterexample: {
      principal: 'arn:aws:iam::000000000000:user/a',
      resource: 'arn:aws:s3:::home/a/',
    },
  })
})

const starred = (operator: string): object => ({
  Condition: { [operator]: { 's3:prefix': '${aws:username}*' } },
})

test('a star that is a wildcard to one operator and a character to another', () => {
  const { firstInSecond } = comparePolicies(
    reads('*', starred('StringLike')),
    reads('*', starred('StringEquals')),
  ).open
  expect(firstInSecond.proof).toBe('refuted')
})
