import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import { sendRaw, signRaw } from '../test-server/raw-client.js'
import type { RootClients } from '../test-server/root-clients.js'
import { answerOf, rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const region = 'eu-west-1'
const Bucket = 'acme-data'
const AccountId = account
const ResourceArn = `arn:aws:s3:::${Bucket}`

let aws: LocalAws
let clients: RootClients
beforeAll(async () => {
  aws = await startLocalAws({ account, region })
  clients = rootClients(aws)
  await clients.s3.createBucket({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } })
})
afterAll(() => aws.close())

/**
 * What the Terraform AWS provider reads of a new bucket, with the codes that it takes for "not set": any other
 * code fails its read (internal/service/s3 of hashicorp/terraform-provider-aws, v6).
 */
test.each<[string, (clients: RootClients) => Promise<object>, unknown]>([
  ['HeadBucket', ({ s3 }) => s3.headBucket({ Bucket }), { BucketRegion: region }],
  ['HeadBucket of none', ({ s3 }) => s3.headBucket({ Bucket: 'acme-none' }), 'NotFound'],
  ['GetBucketLocation', ({ s3 }) => s3.getBucketLocation({ Bucket }), { LocationConstraint: region }],
  ['GetBucketPolicy', ({ s3 }) => s3.getBucketPolicy({ Bucket }), 'NoSuchBucketPolicy'],
  ['GetBucketPolicyStatus', ({ s3 }) => s3.getBucketPolicyStatus({ Bucket }), 'NoSuchBucketPolicy'],
  ['GetBucketAcl', ({ s3 }) => s3.getBucketAcl({ Bucket }), { Grants: [{ Permission: 'FULL_CONTROL' }] }],
  ['GetBucketCors', ({ s3 }) => s3.getBucketCors({ Bucket }), 'NoSuchCORSConfiguration'],
  ['GetBucketWebsite', ({ s3 }) => s3.getBucketWebsite({ Bucket }), 'NoSuchWebsiteConfiguration'],
  ['GetBucketVersioning', ({ s3 }) => s3.getBucketVersioning({ Bucket }), {}],
  ['GetBucketAccelerateConfiguration', ({ s3 }) => s3.getBucketAccelerateConfiguration({ Bucket }), {}],
  ['GetBucketRequestPayment', ({ s3 }) => s3.getBucketRequestPayment({ Bucket }), { Payer: 'BucketOwner' }],
  ['GetBucketLogging', ({ s3 }) => s3.getBucketLogging({ Bucket }), {}],
  [
    'GetBucketLifecycleConfiguration',
    ({ s3 }) => s3.getBucketLifecycleConfiguration({ Bucket }),
    'NoSuchLifecycleConfiguration',
  ],
  [
    'GetBucketReplication',
    ({ s3 }) => s3.getBucketReplication({ Bucket }),
    'ReplicationConfigurationNotFoundError',
  ],
  [
    'GetBucketEncryption',
    ({ s3 }) => s3.getBucketEncryption({ Bucket }),
    {
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
      },
    },
  ],
  [
    'GetObjectLockConfiguration',
    ({ s3 }) => s3.getObjectLockConfiguration({ Bucket }),
    'ObjectLockConfigurationNotFoundError',
  ],
  ['GetBucketTagging', ({ s3 }) => s3.getBucketTagging({ Bucket }), 'NoSuchTagSet'],
  [
    'GetPublicAccessBlock',
    ({ s3 }) => s3.getPublicAccessBlock({ Bucket }),
    { PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true } },
  ],
  [
    'GetBucketOwnershipControls',
    ({ s3 }) => s3.getBucketOwnershipControls({ Bucket }),
    { OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] } },
  ],
  ['GetBucketNotificationConfiguration', ({ s3 }) => s3.getBucketNotificationConfiguration({ Bucket }), {}],
  ['GetBucketAbac', ({ s3 }) => s3.getBucketAbac({ Bucket }), { AbacStatus: { Status: 'Disabled' } }],
  [
    'GetBucketMetadataConfiguration',
    ({ s3 }) => s3.getBucketMetadataConfiguration({ Bucket }),
    'MetadataConfigurationNotFound',
  ],
  [
    'GetBucketMetadataTableConfiguration',
    ({ s3 }) => s3.getBucketMetadataTableConfiguration({ Bucket }),
    'MetadataConfigurationNotFound',
  ],
  [
    'ListTagsForResource',
    ({ s3Control }) => s3Control.listTagsForResource({ AccountId, ResourceArn }),
    { Tags: [] },
  ],
  [
    'GetPublicAccessBlock of the account',
    ({ s3Control }) => s3Control.getPublicAccessBlock({ AccountId }),
    'NoSuchPublicAccessBlockConfiguration',
  ],
])('a new bucket: %s', async (_name, call, expected) => {
  const answer = await answerOf(call(clients))
  if (typeof expected === 'string') expect(answer).toBe(expected)
  else expect(answer).toMatchObject(expected as object)
})

test('tags are set while the bucket is made, read through S3 Control and changed there', async () => {
  const { s3, s3Control } = clients
  const tagged = 'acme-tagged'
  const arn = `arn:aws:s3:::${tagged}`
  await s3.createBucket({
    Bucket: tagged,
    CreateBucketConfiguration: { LocationConstraint: region, Tags: [{ Key: 'team', Value: 'a' }] },
  })
  expect(await answerOf(s3Control.listTagsForResource({ AccountId, ResourceArn: arn }))).toEqual({
    Tags: [{ Key: 'team', Value: 'a' }],
  })
  await s3Control.tagResource({ AccountId, ResourceArn: arn, Tags: [{ Key: 'owner', Value: 'b' }] })
  await s3Control.untagResource({ AccountId, ResourceArn: arn, TagKeys: ['team'] })
  expect(await answerOf(s3.getBucketTagging({ Bucket: tagged }))).toEqual({
    TagSet: [{ Key: 'owner', Value: 'b' }],
  })
})

test('a bucket that exists is refused, and its region is told to anybody', async () => {
  const again = clients.s3.createBucket({
    Bucket,
    CreateBucketConfiguration: { LocationConstraint: region },
  })
  expect(await answerOf(again)).toBe('BucketAlreadyOwnedByYou')
  const answer = await fetch(`${aws.endpoint}/${Bucket}`, { method: 'HEAD' })
  expect([answer.status, answer.headers.get('x-amz-bucket-region')]).toEqual([403, region])
})

test('the settings that components make are read back as they were put', async () => {
  const { s3, s3Control } = clients
  const own = { Bucket: 'acme-settings' }
  await s3.createBucket({ ...own, CreateBucketConfiguration: { LocationConstraint: region } })
  const blocks = {
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  }
  await s3.putPublicAccessBlock({ ...own, PublicAccessBlockConfiguration: blocks })
  expect(await answerOf(s3.getPublicAccessBlock(own))).toEqual({ PublicAccessBlockConfiguration: blocks })
  await s3.deletePublicAccessBlock(own)
  expect(await answerOf(s3.getPublicAccessBlock(own))).toBe('NoSuchPublicAccessBlockConfiguration')
  await s3.deleteBucketOwnershipControls(own)
  expect(await answerOf(s3.getBucketOwnershipControls(own))).toBe('OwnershipControlsNotFoundError')
  await s3.putBucketVersioning({ ...own, VersioningConfiguration: { Status: 'Enabled' } })
  expect(await answerOf(s3.getBucketVersioning(own))).toEqual({ Status: 'Enabled' })
  await s3Control.putPublicAccessBlock({ AccountId, PublicAccessBlockConfiguration: blocks })
  expect(await answerOf(s3Control.getPublicAccessBlock({ AccountId }))).toEqual({
    PublicAccessBlockConfiguration: blocks,
  })
  await s3Control.deletePublicAccessBlock({ AccountId })
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const },
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ['SSE-C' as const] },
  }
  await s3.putBucketEncryption({ ...own, ServerSideEncryptionConfiguration: { Rules: [rule] } })
  expect(await answerOf(s3.getBucketEncryption(own))).toEqual({
    ServerSideEncryptionConfiguration: { Rules: [rule] },
  })
})

test('a lifecycle answers with the least size of transitions that was asked for', async () => {
  const { s3 } = clients
  const Rules = [
    {
      ID: 'aborted-uploads',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ]
  const LifecycleConfiguration = { Rules }
  await s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration })
  expect(await answerOf(s3.getBucketLifecycleConfiguration({ Bucket }))).toEqual({
    Rules,
    TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
  })
  const TransitionDefaultMinimumObjectSize = 'varies_by_storage_class' as const
  await s3.putBucketLifecycleConfiguration({
    Bucket,
    LifecycleConfiguration,
    TransitionDefaultMinimumObjectSize,
  })
  expect(await answerOf(s3.getBucketLifecycleConfiguration({ Bucket }))).toEqual({
    Rules,
    TransitionDefaultMinimumObjectSize,
  })
  await s3.deleteBucketLifecycle({ Bucket })
  expect(await answerOf(s3.getBucketLifecycleConfiguration({ Bucket }))).toBe('NoSuchLifecycleConfiguration')
})

test('a bucket with versions is not deleted until they are gone', async () => {
  const { s3 } = clients
  const own = { Bucket: 'acme-full' }
  await s3.createBucket({ ...own, CreateBucketConfiguration: { LocationConstraint: region } })
  await s3.putBucketVersioning({ ...own, VersioningConfiguration: { Status: 'Enabled' } })
  await s3.putObject({ ...own, Key: 'a', Body: '1' })
  await s3.deleteObject({ ...own, Key: 'a' })
  expect(await answerOf(s3.deleteBucket(own))).toBe('BucketNotEmpty')
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions(own)
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
  expect(Objects.length).toBe(2)
  const { Errors } = await s3.deleteObjects({ ...own, Delete: { Objects, Quiet: true } })
  expect(Errors).toBeUndefined()
  await s3.deleteBucket(own)
  expect(await answerOf(s3.headBucket(own))).toBe('NotFound')
  expect(await answerOf(s3.deleteBucket(own))).toBe('NoSuchBucket')
})

test.each(['127.0.0.1', `${account}.127.0.0.1`, `${account}.s3-control.${region}.localhost`])(
  'S3 Control answers at the host %s',
  async (host) => {
    const port = Number(new URL(aws.endpoint).port)
    const send = (path: string, accountId: string) =>
      sendRaw(
        port,
        signRaw(
          { method: 'GET', path, headers: { host: `${host}:${port}`, 'x-amz-account-id': accountId } },
          { ...aws.root, port, region, atMs: Date.now() },
        ),
      )
    const tags = await send(`/v20180820/tags/${encodeURIComponent(ResourceArn)}`, account)
    expect([tags.status, tags.body]).toEqual([200, expect.stringContaining('ListTagsForResourceResult')])
    const block = await send('/v20180820/configuration/publicAccessBlock', account)
    expect(block.code).toBe('NoSuchPublicAccessBlockConfiguration')
    expect((await send('/v20180820/configuration/publicAccessBlock', '444455556666')).code).toBe(
      'AccessDenied',
    )
  },
)
