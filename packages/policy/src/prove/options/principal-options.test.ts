import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

const ACCOUNT = '111122223333'
const role = `arn:aws:iam::${ACCOUNT}:role/app/reader`
const session = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s1`
const user = `arn:aws:iam::${ACCOUNT}:user/team/ada`
const everyone = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }
const to = (AWS: string | string[], Condition?: object): object => ({
  ...everyone,
  Principal: { AWS },
  ...(Condition && { Condition }),
})
const sparing = (...AWS: string[]): object => ({
  Effect: 'Deny',
  NotPrincipal: { AWS },
  Action: 's3:*',
  Resource: '*',
})
const arnLike = (pattern: string): object => ({ ArnLike: { 'aws:PrincipalArn': pattern } })

function policy(...Statement: object[]): Policy {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'resource', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}

test.each([
  ['an account and its root', [to(ACCOUNT)], [to(`arn:aws:iam::${ACCOUNT}:root`)], 'equivalent'],
  ['a user and the account', [to(user)], [to(ACCOUNT)], 'less'],
  [
    'an account and everyone of it',
    [to(ACCOUNT)],
    [to('*', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } })],
    'equivalent',
  ],
  ['a user and everyone with the ARN', [to(user)], [to('*', arnLike(user))], 'equivalent'],
  [
    'two slashes in a row, which a path may have, and a slash more than no path has',
    [to('*', arnLike(`arn:aws:iam::${ACCOUNT}:user/*//*`))],
    [to('*', arnLike(`arn:aws:iam::${ACCOUNT}:user//*`))],
    'incomparable',
  ],
  [
    'a path of two slashes and none, which is no path',
    [to('*', arnLike(`arn:aws:iam::${ACCOUNT}:user//ada`))],
    [to('*', arnLike(`arn:aws:iam::${ACCOUNT}:user/$`))],
    'equivalent',
  ],
  ['a session and its role', [to(session)], [to(role)], 'incomparable'],
  ['a role and its sessions, whatever their name', [to(role)], [to('*', arnLike(role))], 'equivalent'],
  [
    'a name and the ARN it ends',
    [to('*', { StringEquals: { 'aws:username': 'ada' } })],
    [to('*', arnLike('arn:*:iam::*:user/*'))],
    'less',
  ],
  [
    'users alone have a name',
    [to('*', { Null: { 'aws:username': 'false' } })],
    [to('*', { StringEquals: { 'aws:PrincipalType': 'User' } })],
    'equivalent',
  ],
  [
    'a service',
    [{ ...everyone, Principal: { Service: 'logs.amazonaws.com' } }],
    [to('*', { Bool: { 'aws:PrincipalIsAWSService': 'true' } })],
    'less',
  ],
  [
    'NotPrincipal that forgets the session',
    [everyone, sparing(ACCOUNT, role)],
    [everyone, sparing(ACCOUNT, role, session)],
    'less',
  ],
  [
    'NotPrincipal that forgets the account',
    [everyone, sparing(user)],
    [everyone, sparing(ACCOUNT, user)],
    'less',
  ],
  [
    'a Deny to a role, and to what its ARN matches',
    [everyone, { ...to(role), Effect: 'Deny' }],
    [everyone, { ...to('*', arnLike(role)), Effect: 'Deny' }],
    'equivalent',
  ],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(policy(...first), policy(...second)).open.relation).toBe(relation)
})
