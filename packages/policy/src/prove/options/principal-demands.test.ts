import { expect, test } from 'vitest'
import type { Policy } from '../../policy.js'
import { readPolicy } from '../../syntax/parse-policy.js'
import { comparePolicies } from '../compare.js'

const ACCOUNT = '111122223333'
const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/corp`
const CANONICAL = 'a'.repeat(64)
const all = { Action: 's3:*', Resource: '*' }
const everyone = (Condition: object): object => ({ Effect: 'Allow', Principal: '*', ...all, Condition })
const to = (Principal: object, Condition?: object): object => {
  return { Effect: 'Allow', Principal, ...all, ...(Condition && { Condition }) }
}
const arn = (pattern: string): object => everyone({ StringLike: { 'aws:PrincipalArn': pattern } })
const id = (...ids: string[]): object => everyone({ StringLike: { 'aws:userid': ids } })
const type = (name: string): object => ({ StringEqualsIgnoreCase: { 'aws:PrincipalType': name } })
const from = (provider: string): object => ({ StringEquals: { 'aws:FederatedProvider': provider } })

function policy(...Statement: object[]): Policy {
  const result = readPolicy({ Version: '2012-10-17', Statement }, { kind: 'resource', name: 'p' })
  if (result.ok) return result.policy
  throw new Error(JSON.stringify(result.diagnostics))
}

test.each([
  [
    'every user has its name at the end of its ARN',
    [arn('arn:*:iam::*:user/*${aws:username}')],
    [everyone({ Null: { 'aws:username': 'false' } })],
    'equivalent',
  ],
  [
    'users without a path',
    [arn('arn:*:iam::*:user/${aws:username}')],
    [everyone({ Null: { 'aws:username': 'false' } })],
    'less',
  ],
  [
    'a name with a slash is none',
    [arn('arn:*:iam::*:user/${aws:username}')],
    [arn('arn:*:iam::*:user/${aws:username}'), arn('arn:*:iam::*:user/a/${aws:username}')],
    'less',
  ],
  [
    'a role has no name, but a default has a text',
    [arn("arn:aws:iam::????????????:role/${aws:username, 'a'}")],
    [arn('arn:aws:iam::????????????:role/a')],
    'equivalent',
  ],
  [
    'the account in the ARN',
    [arn('arn:aws:iam::${aws:PrincipalAccount}:root')],
    [arn('arn:aws:iam::????????????:root')],
    'equivalent',
  ],
  [
    'a tag in the ARN',
    [arn('arn:aws:iam::*:role/${aws:PrincipalTag/team}')],
    [arn('arn:aws:iam::*:role/*')],
    'less',
  ],
  [
    'the account of what is asked for',
    [everyone({ StringEquals: { 'aws:PrincipalAccount': '${aws:ResourceAccount}' } })],
    [everyone({ StringEquals: { 'aws:ResourceAccount': '${aws:PrincipalAccount}' } })],
    'unknown',
  ],
  [
    'a federated user and its ID',
    [to({ AWS: `arn:aws:sts::${ACCOUNT}:federated-user/fay` })],
    [everyone({ ...type('FederatedUser'), StringLike: { 'aws:userid': `${ACCOUNT}:fay` } })],
    'less',
  ],
  ['a star in the ID goes over the colon', [id(`${ACCOUNT}*`)], [id(`${ACCOUNT}:*`, ACCOUNT)], 'equivalent'],
  [
    'a provider and conditions on it',
    [to({ Federated: PROVIDER }, { ...from(PROVIDER), ...type('AssumedRole') })],
    [to({ Federated: PROVIDER }, type('AssumedRole'))],
    'equivalent',
  ],
  [
    'another provider than the one that is named',
    [to({ Federated: PROVIDER }, { ...from(`${PROVIDER}2`), ...type('AssumedRole') })],
    [to({ Federated: `${PROVIDER}2` }, { ...from(PROVIDER), ...type('AssumedRole') })],
    'equivalent',
  ],
  [
    'a session of a provider in an account that is denied',
    [to({ Federated: PROVIDER }), { ...to({ CanonicalUser: CANONICAL }), Effect: 'Deny' }],
    [to({ Federated: PROVIDER })],
    'less',
  ],
])('%s', (_, first, second, relation) => {
  expect(comparePolicies(policy(...first), policy(...second)).open.relation).toBe(relation)
})
