import type { AuthorizationRequest } from '@ringfence/policy'
import { expect, test } from 'vitest'
import { awsCommand } from './aws-command.js'

const ada = 'arn:aws:iam::111122223333:user/ada'
const ask = (
  action: string,
  resource: string,
  context: AuthorizationRequest['context'] = {},
): AuthorizationRequest => ({
  principal: ada,
  action,
  resource,
  context,
})
const key = 'arn:aws:kms:eu-west-1:111122223333:key/1234'
const role = 'arn:aws:iam::111122223333:role/app/etl'

const commands: readonly (readonly [AuthorizationRequest, string, string?])[] = [
  [ask('s3:GetObject', 'arn:aws:s3:::b/raw/x'), 'aws s3api get-object --bucket b --key raw/x /dev/null'],
  [
    ask('S3:getobject', "arn:aws:s3:::b/it's here", { 'aws:RequestedRegion': 'eu-west-1' }),
    String.raw`aws s3api get-object --bucket b --key 'it'\''s here' --region eu-west-1 /dev/null`,
  ],
  [
    ask('s3:GetObject', 'arn:aws:s3:::b/x', { 's3:ExistingObjectTag/kind': 'open' }),
    'aws s3api get-object --bucket b --key x /dev/null',
    'where it is tagged kind = open',
  ],
  [ask('s3:GetObject', 'arn:aws:s3:::b/-x'), 'aws s3api get-object --bucket b --key=-x /dev/null'],
  [
    ask('s3:GetObject', 'arn:aws:s3:::b/x', {
      'aws:SecureTransport': 'false',
      'aws:RequestedRegion': 'eu-west-1',
    }),
    'aws s3api get-object --endpoint-url http://s3.eu-west-1.amazonaws.com --bucket b --key x --region eu-west-1 /dev/null',
  ],
  [
    ask('s3:GetObjectVersion', 'arn:aws:s3:::b/x'),
    'aws s3api get-object --bucket b --key x --version-id VERSION_ID /dev/null',
    'list-object-versions tells which VERSION_ID there are',
  ],
  [
    ask('s3:GetObjectVersion', 'arn:aws:s3:::b/x', { 's3:VersionId': 'v 1' }),
    "aws s3api get-object --bucket b --key x --version-id 'v 1' /dev/null",
  ],
  [
    ask('s3:PutObject', 'arn:aws:s3:::b/x', {
      's3:x-amz-acl': 'public-read',
      's3:x-amz-server-side-encryption': 'AES256',
    }),
    'aws s3api put-object --bucket b --key x --acl public-read --server-side-encryption AES256',
  ],
  [
    ask('s3:ListBucket', 'arn:aws:s3:::b', { 's3:prefix': 'raw/', 's3:max-keys': '1' }),
    'aws s3api list-objects-v2 --bucket b --prefix raw/ --page-size 1',
  ],
  [
    ask('s3:ListBucket', 'arn:aws:s3:::b', { 's3:prefix': '' }),
    "aws s3api list-objects-v2 --bucket b --prefix ''",
  ],
  [
    ask('s3:GetObject', 'arn:aws:s3:::b/x', {
      'aws:SourceIp': '203.0.113.7',
      'aws:CurrentTime': '2036-01-01T00:00:00Z',
    }),
    'aws s3api get-object --bucket b --key x /dev/null',
    'to be sent from 203.0.113.7, at 2036-01-01T00:00:00Z',
  ],
  [
    ask('s3:PutBucketPolicy', 'arn:aws:s3:::b'),
    'aws s3api put-bucket-policy --bucket b --policy file://policy.json',
    'policy.json holds the new policy',
  ],
  [
    ask('s3:CreateBucket', 'arn:aws:s3:::b', { 'aws:RequestedRegion': 'eu-west-1' }),
    'aws s3api create-bucket --bucket b --create-bucket-configuration LocationConstraint=eu-west-1 --region eu-west-1',
  ],
  [
    ask('kms:Decrypt', key, { 'kms:EncryptionContext:a b': "c'd" }),
    `aws kms decrypt --key-id ${key} --ciphertext-blob fileb://ciphertext --encryption-context '{"a b":"c'\\''d"}' --region eu-west-1`,
    'ciphertext is a file that the key has encrypted',
  ],
  [
    ask('kms:DescribeKey', 'arn:aws:kms:eu-west-1:111122223333:key/*', {
      'kms:ResourceAliases': ['alias/a'],
    }),
    '',
    'arn:aws:kms:eu-west-1:111122223333:key/* stands for several things; a command names one',
  ],
  [
    ask('kms:DescribeKey', key, { 'kms:ResourceAliases': ['alias/a'] }),
    'aws kms describe-key --key-id alias/a --region eu-west-1',
  ],
  [
    ask('kms:Decrypt', key, { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }),
    '',
    'KMS gets this request from s3.eu-west-1.amazonaws.com, which sends it for the caller; such as for reading or writing an object that the key encrypts',
  ],
  [
    ask('sts:AssumeRole', role, { 'sts:ExternalId': 'x', 'sts:RoleSessionName': 's' }),
    `aws sts assume-role --role-arn ${role} --role-session-name s --external-id x`,
  ],
  [
    ask('iam:AttachUserPolicy', ada),
    'aws iam attach-user-policy --user-name ada --policy-arn arn:aws:iam::aws:policy/AdministratorAccess',
  ],
  [
    ask('iam:PutRolePolicy', role),
    'aws iam put-role-policy --role-name etl --policy-name everything --policy-document file://policy.json',
    'policy.json holds the new policy',
  ],
  [
    ask('iam:TagRole', role, { 'aws:RequestTag/team': 'x' }),
    `aws iam tag-role --role-name etl --tags '[{"Key":"team","Value":"x"}]'`,
  ],
  [
    ask('iam:CreatePolicy', 'arn:aws:iam::111122223333:policy/app/p'),
    'aws iam create-policy --policy-name p --path /app/ --policy-document file://policy.json',
    'policy.json holds the new policy',
  ],
  [
    ask('sagemaker:StopTrainingJob', 'arn:aws:sagemaker:eu-west-1:111122223333:training-job/t--r--1'),
    'aws sagemaker stop-training-job --training-job-name t--r--1 --region eu-west-1',
  ],
]

for (const [request, command, note] of commands)
  test(JSON.stringify(request), () => {
    const notes = note === undefined ? [] : [note]
    expect(awsCommand(request)).toEqual({ ...(command === '' ? {} : { command }), notes })
  })

test('who has not signed in signs nothing', () => {
  const request = { ...ask('s3:GetObject', 'arn:aws:s3:::b/x'), principal: 'anonymous' }
  expect(awsCommand(request).command).toBe(
    'aws s3api get-object --bucket b --key x --no-sign-request /dev/null',
  )
})

const none: readonly (readonly [AuthorizationRequest, string])[] = [
  [ask('s3:FooBar', 'arn:aws:s3:::b'), 'ringfence knows no aws command for s3:FooBar'],
  [ask('constructor', '*'), 'ringfence knows no aws command for constructor'],
  [
    ask('s3:GetObject', 'arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/x'),
    'ringfence knows no aws command for s3:GetObject on arn:aws:s3:eu-west-1:111122223333:accesspoint/a/object/x',
  ],
  [ask('s3:GetObject', 'arn:aws:s3:::b'), 's3:GetObject takes an object, and arn:aws:s3:::b is none'],
  [ask('s3:ListBucket', 'arn:aws:s3:::b/x'), 's3:ListBucket takes a bucket, and arn:aws:s3:::b/x is none'],
  [ask('s3:GetObject', 'arn:aws:s3:::b/\0'), String.raw`the aws command would not take "\u0000" as it is`],
  [
    ask('s3:ListBucket', 'arn:aws:s3:::b', { 's3:prefix': 'file:///etc' }),
    'the aws command would not take "file:///etc" as it is',
  ],
  [
    ask('s3:GetObject', 'arn:aws:s3:::b/x', { 'aws:SecureTransport': 'false' }),
    'the region of the bucket is not known, and with it the address without TLS',
  ],
  [
    ask('sts:AssumeRole', role, { 'aws:SecureTransport': 'false' }),
    'sts:AssumeRole without TLS: AWS answers plain HTTP for S3 only',
  ],
]
test.each(none)('no command for %j', (request, note) => {
  expect(awsCommand(request)).toEqual({ notes: [note] })
})
