import type { AuthorizationRequest } from '@ringfence/policy'
import { expect, test } from 'vitest'
import { smallAccount } from './account.fixture.js'
import { actionVerb, doingWords } from './action-words.js'
import { namesOf } from './names.js'
import { requestWords } from './request-words.js'
import { whoWords } from './who-words.js'

const names = namesOf(smallAccount)
const ada = 'arn:aws:iam::111122223333:user/ada'
const object = 'arn:aws:s3:::acme-user-data-a-111122223333/raw/x'

const principals: readonly (readonly [string, string])[] = [
  [ada, 'member ada'],
  ['arn:aws:iam::111122223333:user/bob', 'user bob'],
  ['arn:aws:iam::111122223333:user/eve', 'a user of the account who is not in the file'],
  ['arn:aws:iam::111122223333:role/ringfence/acme/acme-product', 'the role of team product'],
  ['arn:aws:sts::111122223333:assumed-role/acme-training-execution/job', 'the role of platform training'],
  [
    'arn:aws:sts::999988887777:assumed-role/acme-training-execution/job',
    'a role of another account (999988887777)',
  ],
  ['arn:aws:iam::111122223333:role/platform-admin', 'administrator role/platform-admin'],
  ['arn:aws:sts::111122223333:assumed-role/other/s', 'a role of the account that is not in the file'],
  ['arn:aws:iam::111122223333:root', 'the root user of the account'],
  ['arn:aws:iam::999988887777:root', 'the root user of another account (999988887777)'],
  ['arn:aws:iam::999988887777:user/x', 'a user of another account (999988887777)'],
  ['arn:aws:sts::111122223333:federated-user/x', 'a federated user of the account'],
  ['sagemaker.amazonaws.com', 'the AWS service sagemaker.amazonaws.com'],
  ['accounts.google.com', 'somebody whom accounts.google.com has signed in'],
  [
    'arn:aws:iam::111122223333:saml-provider/sso',
    'somebody whom arn:aws:iam::111122223333:saml-provider/sso has signed in',
  ],
  ['anonymous', 'anybody, without signing in,'],
  ['a'.repeat(64), `the account with canonical user ID ${'a'.repeat(64)}`],
]
test.each(principals)('%s', (principal, words) => {
  expect(whoWords(principal, names)).toBe(words)
})

test('in an account that was read nothing is said about a file', () => {
  const read = namesOf({ ...smallAccount, users: [], roles: [] })
  expect(whoWords('arn:aws:iam::111122223333:user/eve', read)).toBe(
    'a user of the account who was not there when it was read',
  )
})

const requests: readonly (readonly [AuthorizationRequest, string])[] = [
  [
    { principal: ada, action: 's3:GetObject', resource: object },
    'member ada can read user-data-a/raw/x (s3:GetObject)',
  ],
  [
    {
      principal: ada,
      action: 's3:GetObject',
      resource: object,
      context: {
        'aws:SecureTransport': 'false',
        'aws:PrincipalArn': ada,
        'aws:CurrentTime': '2036-01-01T00:00:00Z',
        'aws:SourceIp': '203.0.113.7',
        'x:y': ['a', 'b c'],
      },
    },
    'member ada can read user-data-a/raw/x (s3:GetObject), without TLS, at 2036-01-01T00:00:00Z, from 203.0.113.7, with x:y = a and "b c"',
  ],
  [
    { principal: ada, action: 's3:PutBucketCORS', resource: 'arn:aws:s3:::old-logs' },
    'member ada can send s3:PutBucketCORS to old-logs',
  ],
  [
    { principal: ada, action: 's3:ListAllMyBuckets', resource: '*' },
    'member ada can send s3:ListAllMyBuckets',
  ],
  [
    {
      principal: ada,
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:eu-west-1:111122223333:key/0',
      context: { 'kms:ResourceAliases': ['alias/acme'] },
    },
    'member ada can decrypt with the key alias/acme (kms:Decrypt)',
  ],
  [
    { principal: ada, action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:111122223333:key/1234' },
    'member ada can decrypt with the key of user-data-a (kms:Decrypt)',
  ],
  [
    {
      principal: 'anonymous',
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::acme-chat-base-111122223333/a b',
    },
    'anybody, without signing in, can read "models/chat-base/a b" (s3:GetObject)',
  ],
]
test.each(requests)('%j', (request, words) => {
  expect(requestWords(request, names)).toBe(words)
})

test('with any policy', () => {
  const request = {
    principal: 'arn:aws:iam::111122223333:user/eve',
    action: 's3:GetObject',
    resource: object,
  }
  expect(requestWords(request, names, { withAnyPolicy: true })).toBe(
    'a user of the account who is not in the file, with any policy that allows s3:GetObject, can read user-data-a/raw/x',
  )
})

test('verbs follow the action, whatever its letter case', () => {
  expect(actionVerb('S3:GETOBJECT')).toBe('read')
  expect(actionVerb('kms:GenerateDataKeyPair')).toBe('make data keys with')
  expect(actionVerb('toString')).toBe('send toString to')
})

test('actions are what people would call them, and those without a word keep their name', () => {
  expect(doingWords(['s3:PutObject', 's3:GetObject', 's3:GetObjectTagging', 's3:ListBucket'])).toBe(
    'read, list, write',
  )
  expect(doingWords(['s3:DeleteObjectVersion', 's3:PutBucketPolicy', 's3:PutBucketPolicy'])).toBe(
    'delete, s3:PutBucketPolicy',
  )
  expect(doingWords(['a:1', 'a:2', 'a:3', 'a:4', 'a:5'])).toBe('a:1, a:2, a:3, a:4, a:5')
  expect(doingWords(['a:1', 'a:2', 'a:3', 'a:4', 'a:5', 'a:6'])).toBe('a:1, a:2, a:3, a:4, 2 more actions')
})
