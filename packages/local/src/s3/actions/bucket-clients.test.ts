import * as S3 from '@aws-sdk/client-s3'
import {
  GetPublicAccessBlockCommand,
  PutPublicAccessBlockCommand,
  S3ControlClient,
} from '@aws-sdk/client-s3-control'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDispatcher } from '../../http/dispatch.js'
import { OperationRegistry } from '../../http/operations.js'
import { startServer, type RunningServer } from '../../http/server.js'
import { s3ControlOperations } from '../../s3-control/operations.js'
import { openDatabase } from '../../store/database.js'
import type { Database } from '../../call.js'
import type { ObjectRecord } from '../records.js'
import { S3State } from '../state.js'
import { bucketOperations } from './bucket-operations.js'
import { listingOperations } from './listing.js'

/* The operations as the SDK sees them: what they answer has to survive the wire. Permissions are tested elsewhere. */

const account = '111122223333'
const region = 'eu-west-1'
const keys = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' }
const Bucket = 'acme-data'
const folder = mkdtempSync(join(tmpdir(), 'ringfence-bucket-clients-'))
let database: Database
let state: S3State
let server: RunningServer
let s3: S3.S3Client
let control: S3ControlClient

beforeAll(async () => {
  database = openDatabase(folder, { durable: false })
  state = new S3State(database)
  const deps = { state, legacyBucketDefaults: true }
  const registry = new OperationRegistry()
    .add('s3', { ...bucketOperations(deps), ...listingOperations(deps) })
    .add('s3-control', s3ControlOperations(deps))
  const caller = { principal: `arn:aws:iam::${account}:root`, account, userId: account }
  const handle = createDispatcher({
    region,
    nowMs: Date.now,
    credentials: () => ({ secretAccessKey: keys.secretAccessKey, caller }),
    enforce: () => Promise.resolve({ allowed: true, deniedItems: new Set(), trail: [] }),
    operations: registry.table,
  })
  server = await startServer({ port: 0, plainPort: 0, host: '127.0.0.1', handle })
  const endpoint = `http://127.0.0.1:${server.port}`
  s3 = new S3.S3Client({ endpoint, region, credentials: keys, forcePathStyle: true })
  control = new S3ControlClient({
    region,
    credentials: keys,
    // By itself the client writes the account before the host, which an address of loopback does not have.
    endpointProvider: () => ({ url: new URL(endpoint) }),
  })
  await s3.send(
    new S3.CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
  )
})
afterAll(async () => {
  s3.destroy()
  control.destroy()
  await server.close()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    const { name, $metadata } = error as S3.S3ServiceException
    return `${$metadata?.httpStatusCode} ${name}`
  }
  return 'done'
}

test('buckets', async () => {
  const listed = await s3.send(new S3.ListBucketsCommand({}))
  expect(listed.Buckets).toEqual([{ Name: Bucket, CreationDate: expect.any(Date) as Date }])
  expect((await s3.send(new S3.HeadBucketCommand({ Bucket }))).BucketRegion).toBe(region)
  expect((await s3.send(new S3.GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe(region)
  expect(await codeOf(s3.send(new S3.HeadBucketCommand({ Bucket: 'nothing-here' })))).toBe('404 NotFound')
  expect(await codeOf(s3.send(new S3.GetBucketTaggingCommand({ Bucket })))).toBe('404 NoSuchTagSet')
  const elsewhere = {
    Bucket: 'other-one',
    CreateBucketConfiguration: { LocationConstraint: 'eu-north-1' as const },
  }
  expect(await codeOf(s3.send(new S3.CreateBucketCommand(elsewhere)))).toBe(
    '400 IllegalLocationConstraintException',
  )
})

test('a policy keeps its bytes', async () => {
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:aws:s3:::${Bucket}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  })
  await s3.send(new S3.PutBucketPolicyCommand({ Bucket, Policy }))
  expect((await s3.send(new S3.GetBucketPolicyCommand({ Bucket }))).Policy).toBe(Policy)
  expect((await s3.send(new S3.GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus).toEqual({
    IsPublic: false,
  })
  await s3.send(new S3.DeleteBucketPolicyCommand({ Bucket }))
  expect(await codeOf(s3.send(new S3.GetBucketPolicyCommand({ Bucket })))).toBe('404 NoSuchBucketPolicy')
})

test('settings come back as they were put', async () => {
  const Rules: S3.LifecycleRule[] = [
    {
      ID: 'all',
      Status: 'Enabled',
      Filter: { Prefix: '' },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    {
      ID: 'tags',
      Status: 'Disabled',
      Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } },
      Expiration: { Date: new Date('2030-01-01T00:00:00Z') },
    },
  ]
  await s3.send(new S3.PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
  expect((await s3.send(new S3.GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules)
  const CORSRules = [
    { AllowedMethods: ['GET', 'PUT'], AllowedOrigins: ['https://a.example'], MaxAgeSeconds: 9 },
  ]
  await s3.send(new S3.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
  expect((await s3.send(new S3.GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(CORSRules)
  const TagSet = [{ Key: 'a b', Value: 'größe' }]
  await s3.send(new S3.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }))
  expect((await s3.send(new S3.GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet)
  await s3.send(new S3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  expect((await s3.send(new S3.GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled')
  const PublicAccessBlockConfiguration = {
    BlockPublicAcls: false,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: false,
  }
  await s3.send(new S3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
  expect(
    (await s3.send(new S3.GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration,
  ).toEqual(PublicAccessBlockConfiguration)
  await control.send(new PutPublicAccessBlockCommand({ AccountId: account, PublicAccessBlockConfiguration }))
  const ofAccount = await control.send(new GetPublicAccessBlockCommand({ AccountId: account }))
  expect(ofAccount.PublicAccessBlockConfiguration).toEqual(PublicAccessBlockConfiguration)
  const KMS = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'k' },
    BucketKeyEnabled: true,
  }
  await s3.send(
    new S3.PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [KMS] } }),
  )
  expect(
    (await s3.send(new S3.GetBucketEncryptionCommand({ Bucket }))).ServerSideEncryptionConfiguration?.Rules,
  ).toEqual([KMS])
  await s3.send(new S3.PutBucketAclCommand({ Bucket, ACL: 'public-read-write' }))
  const { Grants, Owner } = await s3.send(new S3.GetBucketAclCommand({ Bucket }))
  await s3.send(new S3.PutBucketAclCommand({ Bucket, AccessControlPolicy: { Grants, Owner } }))
  expect((await s3.send(new S3.GetBucketAclCommand({ Bucket }))).Grants).toEqual(Grants)
  expect(Grants).toHaveLength(3)
  await s3.send(
    new S3.PutBucketMetricsConfigurationCommand({
      Bucket,
      Id: 'm',
      MetricsConfiguration: { Id: 'm', Filter: { Prefix: 'p' } },
    }),
  )
  const metrics = await s3.send(new S3.ListBucketMetricsConfigurationsCommand({ Bucket }))
  expect(metrics.MetricsConfigurationList).toEqual([{ Id: 'm', Filter: { Prefix: 'p' } }])
  expect(
    (await s3.send(new S3.GetBucketNotificationConfigurationCommand({ Bucket }))).TopicConfigurations,
  ).toBeUndefined()
})

test('listings, through the SDK’s own paginators', async () => {
  const names = ['a/1', 'a/2', 'b c+d', 'e&<f>', '\u{1F600}', '\uFFFD']
  await database.transaction(() => {
    for (const [n, key] of names.entries()) state.current.put([Bucket, key], record(key, n))
  })
  const seen: (string | undefined)[] = []
  for await (const page of S3.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket }))
    seen.push(...(page.Contents ?? []).map(({ Key }) => Key))
  expect(seen).toEqual(['a/1', 'a/2', 'b c+d', 'e&<f>', '\uFFFD', '\u{1F600}'])
  const rolled = await s3.send(new S3.ListObjectsV2Command({ Bucket, Delimiter: '/' }))
  expect(rolled.CommonPrefixes).toEqual([{ Prefix: 'a/' }])
  expect(rolled.KeyCount).toBe(5)
  const versions = await s3.send(new S3.ListObjectVersionsCommand({ Bucket, Prefix: 'a/' }))
  expect(versions.Versions?.map(({ IsLatest, Key, VersionId }) => `${Key} ${VersionId} ${IsLatest}`)).toEqual(
    ['a/1 null true', 'a/2 null true'],
  )
  expect(await codeOf(s3.send(new S3.DeleteBucketCommand({ Bucket })))).toBe('409 BucketNotEmpty')
})

function record(key: string, sequence: number): ObjectRecord {
  return {
    key,
    versionId: 'null',
    sequence,
    modifiedMs: 1_700_000_000_000,
    etag: 'abc',
    size: 3,
    storageClass: 'STANDARD',
    headers: {},
    metadata: {},
    tags: {},
    encryption: { algorithm: 'AES256' },
    checksums: {},
    owner: account,
  }
}
