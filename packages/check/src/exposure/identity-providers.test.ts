import { loadActionCatalogue } from '@ringfence/policy'
import { expect, test } from 'vitest'
import type { Account } from '../account/account.js'
import { accountWith, allow, document, iamArn, role } from '../escalation/public-paths.fixture.js'
import { exposureOf, type Exposure } from './exposure.js'

const catalogue = await loadActionCatalogue()
const provider = iamArn('saml-provider/corp')
const theirs = 'arn:aws:iam::444455556666:saml-provider/theirs'
const signingIn = (federated: string, ...actions: readonly string[]): object => ({
  Effect: 'Allow',
  Principal: { Federated: federated },
  Action: ['sts:AssumeRoleWithSAML', ...actions],
})
const trusting = (name: string, ...statements: readonly object[]): Account['roles'][number] => ({
  ...role(name, {}),
  trust: { name: iamArn(`role/${name}`), document: document(...statements) },
})

function readingBucket(federated: string): Account {
  const arn = 'arn:aws:s3:::data'
  const statement = allow('s3:GetObject', `${arn}/*`, { Principal: { Federated: federated } })
  return accountWith({
    resources: [{ kind: 'bucket', arn, name: 'data', policy: { name: arn, document: document(statement) } }],
    roles: [trusting('signed-in', signingIn(provider)), role('job', { Service: 'ec2.amazonaws.com' })],
  })
}

const toOthers = ({ crossAccount, public: open }: Exposure): readonly string[] =>
  [...open, ...crossAccount].map(({ resource, who }) => `${resource} ${who}`)

test('a bucket for those whom the account’s own provider signs in is open to their roles alone', () => {
  const exposure = exposureOf(readingBucket(provider), { catalogue })
  expect(toOthers(exposure)).toEqual([])
  expect(exposure.buckets).toEqual([
    { bucket: 'arn:aws:s3:::data', can: 'read', who: [iamArn('role/signed-in')], perhaps: [] },
  ])
})

test('a bucket for those whom a provider of another account signs in is open to roles of that account', () => {
  const exposure = exposureOf(readingBucket(theirs), { catalogue })
  expect(toOthers(exposure)).toEqual(['arn:aws:s3:::data a role of another account'])
  expect(exposure.buckets).toEqual([])
})

test('a role that sessions of the own provider may take on besides is open to no other account', () => {
  const account = accountWith({ roles: [trusting('shared', signingIn(provider, 'sts:AssumeRole'))] })
  expect(toOthers(exposureOf(account, { catalogue }))).toEqual([])
})
