import { AccountPublicAccessBlock } from '@pulumi/aws/s3/accountPublicAccessBlock.js'
import { Bucket } from '@pulumi/aws/s3/bucket.js'
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration.js'
import { BucketOwnershipControls } from '@pulumi/aws/s3/bucketOwnershipControls.js'
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy.js'
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock.js'
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js'
import { BucketVersioning } from '@pulumi/aws/s3/bucketVersioning.js'
import { Provider } from '@pulumi/aws/provider.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'
import { startEngineRun, type EngineRun } from './engine-run.js'

let run: EngineRun
beforeAll(async () => {
  run = await startEngineRun()
})
afterAll(async () => {
  await run?.close()
})

const tlsOnly = (sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: sid,
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::data-of-tests', 'arn:aws:s3:::data-of-tests/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  })

/** One resource of each type; in the second edition one argument of each is another. */
async function program(second: boolean) {
  const options = { provider: new Provider('aws', run.providerArgs) }
  const tags = { team: second ? 'ada' : 'bob' }
  const data = new Bucket('data', { bucket: 'data-of-tests', forceDestroy: true, tags }, options)
  const bucket = data.bucket
  const block = new BucketPublicAccessBlock(
    'block',
    { bucket, blockPublicAcls: true, blockPublicPolicy: second },
    options,
  )
  const objectOwnership = second ? 'BucketOwnerPreferred' : 'BucketOwnerEnforced'
  const ownership = new BucketOwnershipControls('ownership', { bucket, rule: { objectOwnership } }, options)
  const status = second ? 'Suspended' : 'Enabled'
  const versioning = new BucketVersioning(
    'versioning',
    { bucket, versioningConfiguration: { status } },
    options,
  )
  const encryption = new BucketServerSideEncryptionConfiguration(
    'encryption',
    {
      bucket,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: second ? 'aws:kms' : 'AES256' },
          bucketKeyEnabled: true,
        },
      ],
    },
    options,
  )
  const lifecycle = new BucketLifecycleConfiguration(
    'lifecycle',
    {
      bucket,
      rules: [
        {
          id: 'uploads',
          status: 'Enabled',
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: second ? 3 : 7 },
        },
      ],
    },
    options,
  )
  const policy = new BucketPolicy(
    'policy',
    { bucket, policy: tlsOnly(second ? 'TlsOnly' : 'Tls') },
    { ...options, dependsOn: [block] },
  )
  const account = new AccountPublicAccessBlock(
    'account',
    { blockPublicAcls: true, ignorePublicAcls: second },
    options,
  )
  return {
    arn: data.arn,
    domain: data.bucketRegionalDomainName,
    ids: [data, block, ownership, versioning, encryption, lifecycle, policy, account].map(({ id }) => id),
  }
}

test('the types of S3 live from creation to destruction', async () => {
  const empty = await accountState(run.aws)
  const first = await run.stack(() => program(false))
  expect((await first.preview()).changes).toEqual({ create: 10 })
  const { changes, outputs } = await first.up()
  expect(changes).toEqual({ create: 10 })
  expect(outputs).toEqual({
    arn: 'arn:aws:s3:::data-of-tests',
    domain: 'data-of-tests.s3.eu-west-1.amazonaws.com',
    ids: [...Array.from({ length: 7 }, () => 'data-of-tests'), '111122223333'],
  })
  const made = await accountState(run.aws)
  expect(made.buckets['data-of-tests']).toMatchObject({
    block: { BlockPublicAcls: true, BlockPublicPolicy: false },
    encryption: [{ algorithm: 'AES256', bucketKey: true }],
    ownership: 'BucketOwnerEnforced',
    tags: { team: 'bob' },
    versioning: 'Enabled',
  })
  expect((await first.up()).changes).toEqual({ same: 10 })
  expect((await first.refresh()).changes).toEqual({ same: 10 })

  const second = await run.stack(() => program(true))
  const expected = {
    account: 'update: ignorePublicAcls',
    block: 'update: blockPublicPolicy',
    data: 'update: tags',
    encryption: 'update: rules',
    lifecycle: 'update: rules',
    ownership: 'update: rule',
    policy: 'update: policy',
    versioning: 'update: versioningConfiguration',
  }
  expect((await second.preview()).steps).toEqual(expected)
  expect((await second.up()).steps).toEqual(expected)
  expect((await second.up()).changes).toEqual({ same: 10 })
  const changed = await accountState(run.aws)
  expect(changed).not.toEqual(made)

  await driftByHand()
  const refreshed = await second.refresh()
  expect(refreshed.changes).toEqual({ same: 5, update: 4, delete: 1 })
  expect((await second.up()).steps).toEqual({
    data: 'update: tags',
    block: 'update: blockPublicAcls',
    lifecycle: 'update: rules',
    policy: 'create',
    account: 'update: blockPublicAcls',
  })
  expect(await accountState(run.aws)).toEqual(changed)

  await run.aws.putObject({ bucket: 'data-of-tests', key: 'a', body: Buffer.from('a') })
  await second.destroy()
  expect(await accountState(run.aws)).toEqual(empty)
})

async function driftByHand(): Promise<void> {
  const aws = clientsOf(run.aws, run.aws.root)
  const s3 = await aws.s3()
  const named = { Bucket: 'data-of-tests' }
  await s3.deleteBucketPolicy(named)
  await s3.putBucketTagging({ ...named, Tagging: { TagSet: [{ Key: 'team', Value: 'eve' }] } })
  await s3.putPublicAccessBlock({ ...named, PublicAccessBlockConfiguration: { BlockPublicPolicy: true } })
  const Rules = [
    {
      ID: 'uploads',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 3 },
      Expiration: { Days: 1 },
    },
  ]
  await s3.putBucketLifecycleConfiguration({ ...named, LifecycleConfiguration: { Rules } })
  await (
    await aws.s3Control()
  ).putPublicAccessBlock({
    AccountId: run.aws.account,
    PublicAccessBlockConfiguration: { IgnorePublicAcls: true },
  })
}

test('a bucket with objects is not destroyed without forceDestroy', async () => {
  const stack = await run.stack(async () => {
    const provider = new Provider('aws', run.providerArgs)
    return new Bucket('kept', { bucket: 'kept-of-tests' }, { provider })
  }, 'kept')
  await stack.up()
  await run.aws.putObject({ bucket: 'kept-of-tests', key: 'a', body: Buffer.from('a') })
  await expect(stack.destroy()).rejects.toThrow(/BucketNotEmpty/)
  expect(Object.keys((await accountState(run.aws)).buckets)).toEqual(['kept-of-tests'])
})
