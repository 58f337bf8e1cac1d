import { expect, test } from 'vitest'
import type { Statement } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { covers, mayMeet } from './statement-relations.js'

function statement(rest: object): Statement {
  const Statement = { Effect: 'Allow', ...rest }
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'identity', name: 'p' })
  if (result.ok) return result.policy.statements[0]!
  throw new Error(JSON.stringify(result.diagnostics))
}
const BUCKET = 'arn:aws:s3:::acme'
const reads = { Action: 's3:GetObject', Resource: `${BUCKET}/raw/*` }
const condition = (operator: string, ...values: string[]): object => ({
  ...reads,
  Condition: { [operator]: { 'aws:PrincipalTag/team': values } },
})

test.each<[string, object, object, boolean, boolean]>([
  ['itself', reads, reads, true, true],
  ['more actions and resources', { Action: 's3:Get*', Resource: `${BUCKET}/*` }, reads, true, true],
  ['everything', { Action: '*', Resource: '*' }, reads, true, true],
  ['less', reads, { Action: 's3:Get*', Resource: `${BUCKET}/*` }, false, true],
  ['another service', { ...reads, Action: 'sqs:*' }, reads, false, false],
  ['another name', { ...reads, Action: ['s3:Put*', 's3:GetBucket*'] }, reads, false, false],
  [
    'another end',
    { ...reads, Resource: 'arn:aws:s3:::*.csv' },
    { ...reads, Resource: 'arn:aws:s3:::*/x.txt' },
    false,
    false,
  ],
  ['all other actions', { NotAction: 's3:Put*', Resource: '*' }, reads, true, true],
  ['all actions but these', { NotAction: 's3:Get*', Resource: '*' }, reads, false, false],
  [
    'fewer that are left out',
    { NotAction: 's3:Put*', Resource: '*' },
    { NotAction: ['s3:Put*', 'iam:*'], Resource: '*' },
    true,
    true,
  ],
  ['all resources but these', { Action: '*', NotResource: `${BUCKET}/*` }, reads, false, false],
  ['all resources but others', { Action: '*', NotResource: `${BUCKET}/x*` }, reads, false, true],
  ['one value more', condition('StringLike', 'a', 'b'), condition('StringLike', 'b'), true, true],
  ['one value less', condition('StringLike', 'a'), condition('StringLike', 'a', 'b'), false, true],
  [
    'one refused value less',
    condition('StringNotLike', 'a'),
    condition('StringNotLike', 'a', 'b'),
    true,
    true,
  ],
  [
    'one refused value more',
    condition('StringNotLike', 'a', 'b'),
    condition('StringNotLike', 'a'),
    false,
    true,
  ],
  ['a condition less', reads, condition('StringLike', 'a'), true, true],
  ['a condition more', condition('StringLike', 'a'), reads, false, true],
  [
    'a variable for itself',
    { ...reads, Resource: `${BUCKET}/\${aws:username}/*` },
    { ...reads, Resource: `${BUCKET}/\${aws:username}/*` },
    true,
    true,
  ],
  [
    'a star for a variable',
    { ...reads, Resource: `${BUCKET}/*` },
    { ...reads, Resource: `${BUCKET}/\${aws:username}` },
    true,
    true,
  ],
  [
    'a variable for a star',
    { ...reads, Resource: `${BUCKET}/\${aws:username}` },
    { ...reads, Resource: `${BUCKET}/*` },
    false,
    true,
  ],
])('%s', (_, wide, narrow, isCovered, isMet) => {
  const [one, other] = [statement(wide), statement(narrow)]
  expect(covers(one, other)).toBe(isCovered)
  expect([mayMeet(one, other), mayMeet(other, one)]).toEqual([isMet, isMet])
})
