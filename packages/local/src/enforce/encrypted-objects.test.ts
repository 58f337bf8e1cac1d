import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IAM } from '@aws-sdk/client-iam'
import { KMS } from '@aws-sdk/client-kms'
import { S3 } from '@aws-sdk/client-s3'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const region = 'eu-west-1'
const Bucket = 'acme-sealed'
let aws: LocalAws
let keyArn: string

function clients(credentials: LocalCredentials) {
  const config = { endpoint: aws.endpoint, region, credentials, maxAttempts: 1 }
  return { iam: new IAM(config), kms: new KMS(config), s3: new S3({ ...config, forcePathStyle: true }) }
}

function allow(action: string | readonly string[], resource: string | readonly string[], condition?: object) {
  return { Effect: 'Allow', Action: action, Resource: resource, ...(condition && { Condition: condition }) }
}

async function makeUser(name: string, ...statements: readonly object[]) {
  const { iam } = clients(aws.root)
  await iam.createUser({ UserName: name })
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument })
  return clients(await aws.issueUserKey(name)).s3
}

const objects = allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], `arn:aws:s3:::${Bucket}/*`)

beforeAll(async () => {
  aws = await startLocalAws({ account, region })
  const { kms, s3 } = clients(aws.root)
  const { KeyMetadata } = await kms.createKey({})
  keyArn = KeyMetadata?.Arn ?? ''
  await kms.createAlias({ AliasName: 'alias/sealed', TargetKeyId: keyArn })
  await s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } })
  await s3.putBucketEncryption({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [
        {
          ApplyServerSideEncryptionByDefault: {
            SSEAlgorithm: 'aws:kms',
            KMSMasterKeyID: `arn:aws:kms:${region}:${account}:alias/sealed`,
          },
          BucketKeyEnabled: true,
        },
      ],
    },
  })
})
afterAll(() => aws.close())

describe('objects under SSE-KMS', () => {
  test('writing takes GenerateDataKey and reading Decrypt on the key', async () => {
    const plain = await makeUser('plain', objects)
    const put = { Bucket, Key: 'a', Body: 'sealed' }
    await expect(plain.putObject(put)).rejects.toThrow('kms:GenerateDataKey')
    const via = { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } }
    const writer = await makeUser('writer', objects, allow('kms:GenerateDataKey', keyArn, via))
    expect((await writer.putObject(put)).SSEKMSKeyId).toBe(keyArn)
    await expect(writer.getObject({ Bucket, Key: 'a' })).rejects.toThrow('kms:Decrypt')
    await expect(plain.getObject({ Bucket, Key: 'a' })).rejects.toThrow('kms:Decrypt')
    const bound = { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': `arn:aws:s3:::${Bucket}` } }
    const reader = await makeUser('reader', objects, allow('kms:Decrypt', keyArn, bound))
    expect(await (await reader.getObject({ Bucket, Key: 'a' })).Body?.transformToString()).toBe('sealed')
    const named = { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/sealed' } }
    const byAlias = await makeUser('by-alias', objects, allow('kms:*', '*', named))
    await byAlias.putObject({ ...put, Key: 'b' })
    await byAlias.copyObject({ Bucket, Key: 'c', CopySource: `${Bucket}/b` })
    expect((await byAlias.headObject({ Bucket, Key: 'c' })).ServerSideEncryption).toBe('aws:kms')
  })

  test('a key that is disabled or unknown is told as S3 tells it', async () => {
    const { kms, s3 } = clients(aws.root)
    await kms.disableKey({ KeyId: keyArn })
    await expect(s3.putObject({ Bucket, Key: 'x', Body: 'x' })).rejects.toMatchObject({
      name: 'KMS.DisabledException',
    })
    await kms.enableKey({ KeyId: keyArn })
    const ServerSideEncryption = 'aws:kms'
    const SSEKMSKeyId = 'alias/none'
    await expect(
      s3.putObject({ Bucket, Key: 'x', Body: 'x', ServerSideEncryption, SSEKMSKeyId }),
    ).rejects.toMatchObject({ name: 'KMS.NotFoundException' })
  })

  test('the managed key is for everybody of the account by way of S3', async () => {
    const user = await makeUser('managed', objects)
    const { s3 } = clients(aws.root)
    await s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    })
    await user.putObject({ Bucket, Key: 'managed', Body: 'x' })
    expect(await (await user.getObject({ Bucket, Key: 'managed' })).Body?.transformToString()).toBe('x')
  })
})

describe('several permissions for one request', () => {
  test('copies, tags, deletes of many and a missing key ask for what AWS asks', async () => {
    const { s3 } = clients(aws.root)
    for (const Key of ['from/a', 'keep/b'])
      await s3.putObject({ Bucket, Key, Body: 'x', Tagging: 'team=vision' })
    const arn = (path: string) => `arn:aws:s3:::${Bucket}/${path}`
    const mover = await makeUser(
      'mover',
      allow('s3:GetObject', arn('from/*')),
      allow(['s3:PutObject', 's3:DeleteObject'], arn('to/*')),
    )
    const CopySource = `${Bucket}/from/a`
    await expect(mover.copyObject({ Bucket, Key: 'to/a', CopySource })).rejects.toThrow('s3:GetObjectTagging')
    const TaggingDirective = 'REPLACE'
    await mover.copyObject({ Bucket, Key: 'to/a', CopySource, TaggingDirective })
    await expect(
      mover.copyObject({ Bucket, Key: 'to/b', CopySource: `${Bucket}/keep/b`, TaggingDirective }),
    ).rejects.toThrow('s3:GetObject')
    await expect(mover.putObject({ Bucket, Key: 'to/c', Body: 'x', Tagging: 'a=b' })).rejects.toThrow(
      's3:PutObjectTagging',
    )
    const answer = await mover.deleteObjects({
      Bucket,
      Delete: { Objects: [{ Key: 'to/a' }, { Key: 'keep/b' }] },
    })
    expect(answer.Deleted?.map(({ Key }) => Key)).toEqual(['to/a'])
    expect(answer.Errors?.map(({ Key, Code }) => [Key, Code])).toEqual([['keep/b', 'AccessDenied']])
    await expect(mover.getObject({ Bucket, Key: 'from/none' })).rejects.toMatchObject({
      name: 'AccessDenied',
    })
    await expect(s3.getObject({ Bucket, Key: 'from/none' })).rejects.toMatchObject({ name: 'NoSuchKey' })
    const tagged = { StringEquals: { 's3:ExistingObjectTag/team': 'vision' } }
    const byTag = await makeUser('by-tag', allow('s3:GetObject', arn('*'), tagged))
    await byTag.headObject({ Bucket, Key: 'keep/b' })
    await s3.putObject({ Bucket, Key: 'plain', Body: 'x' })
    await expect(byTag.getObject({ Bucket, Key: 'plain' })).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})
