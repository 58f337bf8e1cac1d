import type * as S3 from '@aws-sdk/client-s3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '../../aws-error.js'
import type { Call, Database } from '../../call.js'
import { openDatabase } from '../../store/database.js'
import type { BucketRecord } from '../records.js'
import { S3State } from '../state.js'
import { bucketOperations } from './bucket-operations.js'
import { canonicalUserId } from './canonical-user.js'

const account = '111122223333'
const Bucket = 'acme-data'
let folder: string
let database: Database
let state: S3State
let s3: ReturnType<typeof bucketOperations>

const bucket: BucketRecord = {
  name: Bucket,
  account,
  region: 'eu-west-1',
  createdMs: 0,
  encryption: { algorithm: 'AES256', bucketKey: false },
  settings: {},
}
const call: Call = {
  requestId: 'r',
  service: 's3',
  operation: 'x',
  region: 'eu-west-1',
  timeMs: 0,
  caller: { principal: `arn:aws:iam::${account}:user/ada`, account, userId: 'AIDA1' },
  sourceIp: '127.0.0.1',
  secureTransport: true,
  userAgent: 'test',
  headers: {},
  query: new Map(),
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-bucket-settings-'))
  database = openDatabase(folder, { durable: false })
  state = new S3State(database)
  s3 = bucketOperations({ state, legacyBucketDefaults: false })
  await become({})
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const become = (more: Partial<BucketRecord>) =>
  database.transaction(() => state.buckets.put(Bucket, { ...bucket, ...more }))

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}`
    throw error
  }
  return 'done'
}

test.each([
  ['GetPublicAccessBlock', '404 NoSuchPublicAccessBlockConfiguration'],
  ['GetBucketOwnershipControls', '404 OwnershipControlsNotFoundError'],
  ['GetBucketTagging', '404 NoSuchTagSet'],
  ['GetBucketLifecycleConfiguration', '404 NoSuchLifecycleConfiguration'],
  ['GetBucketCors', '404 NoSuchCORSConfiguration'],
  ['GetBucketWebsite', '404 NoSuchWebsiteConfiguration'],
  ['GetBucketReplication', '404 ReplicationConfigurationNotFoundError'],
  ['GetObjectLockConfiguration', '404 ObjectLockConfigurationNotFoundError'],
  ['GetBucketMetricsConfiguration', '404 NoSuchConfiguration'],
] as const)('%s, where nothing was put: %s', async (operation, expected) => {
  expect(await codeOf(() => s3[operation]({ Bucket, Id: 'all' }))).toBe(expected)
})

test('settings that always have a value', () => {
  expect(s3.GetBucketVersioning({ Bucket })).toEqual({})
  expect(s3.GetBucketLogging({ Bucket })).toEqual({})
  expect(s3.GetBucketAccelerateConfiguration({ Bucket })).toEqual({})
  expect(s3.GetBucketNotificationConfiguration({ Bucket })).toEqual({})
  expect(s3.GetBucketRequestPayment({ Bucket })).toEqual({ Payer: 'BucketOwner' })
  expect(s3.GetBucketAbac({ Bucket })).toEqual({ AbacStatus: { Status: 'Disabled' } })
  expect(s3.ListBucketAnalyticsConfigurations({ Bucket })).toEqual({ IsTruncated: false })
})

test('what has no effect is given back as it was put, dates and nested lists included', async () => {
  const rules: S3.LifecycleRule[] = [
    {
      ID: 'old',
      Status: 'Enabled',
      Filter: { And: { Prefix: 'a/', Tags: [{ Key: 'k', Value: 'v' }] } },
      Expiration: { Date: new Date('2030-01-01T00:00:00Z') },
      Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
    },
    {
      ID: 'uploads',
      Status: 'Enabled',
      Prefix: '',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
  ]
  await s3.PutBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: rules } })
  expect(s3.GetBucketLifecycleConfiguration({ Bucket })).toEqual({
    Rules: rules,
    TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
  })
  const cors = { CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'], MaxAgeSeconds: 5 }] }
  await s3.PutBucketCors({ Bucket, CORSConfiguration: cors })
  expect(s3.GetBucketCors({ Bucket })).toEqual(cors)
  const website = { IndexDocument: { Suffix: 'index.html' }, RoutingRules: [{ Redirect: { HostName: 'h' } }] }
  await s3.PutBucketWebsite({ Bucket, WebsiteConfiguration: website })
  expect(s3.GetBucketWebsite({ Bucket })).toEqual(website)
  const logging = { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'log/' } }
  await s3.PutBucketLogging({ Bucket, BucketLoggingStatus: logging })
  expect(s3.GetBucketLogging({ Bucket })).toEqual(logging)
  const queues = {
    QueueConfigurations: [{ QueueArn: 'arn:aws:sqs:::q', Events: ['s3:ObjectCreated:*' as const] }],
  }
  await s3.PutBucketNotificationConfiguration({ Bucket, NotificationConfiguration: queues })
  expect(s3.GetBucketNotificationConfiguration({ Bucket })).toMatchObject(queues)
  await s3.DeleteBucketLifecycle({ Bucket })
  await s3.DeleteBucketCors({ Bucket })
  await s3.PutBucketLogging({ Bucket, BucketLoggingStatus: {} })
  expect(await codeOf(() => s3.GetBucketLifecycleConfiguration({ Bucket }))).toContain('404')
  expect(await codeOf(() => s3.GetBucketCors({ Bucket }))).toContain('404')
  expect(s3.GetBucketLogging({ Bucket })).toEqual({})
  expect(s3.GetBucketWebsite({ Bucket })).toEqual(website)
})

test('what S3 would not take of them', async () => {
  const lifecycle = (...Rules: S3.LifecycleRule[]) =>
    codeOf(() => s3.PutBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules } }))
  const rule: S3.LifecycleRule = { ID: 'a', Status: 'Enabled', Prefix: '', Expiration: { Days: 1 } }
  expect(await lifecycle()).toBe('400 MalformedXML')
  expect(await lifecycle(rule, rule)).toBe('400 InvalidArgument')
  expect(await lifecycle({ ...rule, Prefix: undefined })).toBe('400 MalformedXML')
  expect(await lifecycle({ ...rule, Expiration: undefined })).toBe('400 InvalidRequest')
  expect(await lifecycle({ ...rule, ID: undefined }, { ...rule, ID: undefined, Prefix: 'b' })).toBe('done')
  const cors = { CORSRules: [{ AllowedMethods: ['PATCH'], AllowedOrigins: ['*'] }] }
  expect(await codeOf(() => s3.PutBucketCors({ Bucket, CORSConfiguration: cors }))).toBe('400 InvalidRequest')
  const logging = { LoggingEnabled: { TargetBucket: 'nowhere', TargetPrefix: '' } }
  expect(await codeOf(() => s3.PutBucketLogging({ Bucket, BucketLoggingStatus: logging }))).toBe(
    '400 InvalidTargetBucketForLogging',
  )
  const ReplicationConfiguration = {
    Role: 'arn:aws:iam::111122223333:role/r',
    Rules: [{ Status: 'Enabled' as const, Destination: { Bucket: 'arn:aws:s3:::x' } }],
  }
  expect(await codeOf(() => s3.PutBucketReplication({ Bucket, ReplicationConfiguration }))).toBe(
    '400 InvalidRequest',
  )
  await become({ versioning: 'Enabled' })
  expect(await codeOf(() => s3.PutBucketReplication({ Bucket, ReplicationConfiguration }))).toBe('done')
})

const rule = (DefaultRetention: S3.DefaultRetention): S3.ObjectLockConfiguration => ({
  ObjectLockEnabled: 'Enabled',
  Rule: { DefaultRetention },
})

test('versioning and object lock', async () => {
  const version = (VersioningConfiguration: S3.VersioningConfiguration, more = {}) =>
    codeOf(() => s3.PutBucketVersioning({ Bucket, VersioningConfiguration, ...more }))
  const lock = (ObjectLockConfiguration: S3.ObjectLockConfiguration) =>
    codeOf(() => s3.PutObjectLockConfiguration({ Bucket, ObjectLockConfiguration }))
  expect(await lock(rule({ Mode: 'GOVERNANCE', Days: 1 }))).toBe('409 InvalidBucketState')
  expect(await version({})).toBe('400 IllegalVersioningConfigurationException')
  expect(await version({ Status: 'Enabled', MFADelete: 'Enabled' })).toBe('403 AccessDenied')
  expect(await version({ Status: 'Enabled', MFADelete: 'Enabled' }, { MFA: 's 123456' })).toBe(
    '501 NotImplemented',
  )
  expect(await version({ Status: 'Suspended' })).toBe('done')
  expect(await version({ Status: 'Enabled', MFADelete: 'Disabled' })).toBe('done')
  expect(s3.GetBucketVersioning({ Bucket })).toEqual({ Status: 'Enabled' })
  expect(await lock({})).toBe('400 MalformedXML')
  expect(await lock(rule({ Mode: 'GOVERNANCE' }))).toBe('400 MalformedXML')
  expect(await lock(rule({ Mode: 'GOVERNANCE', Days: 1, Years: 1 }))).toBe('400 MalformedXML')
  expect(await lock(rule({ Mode: 'GOVERNANCE', Days: 0 }))).toBe('400 InvalidArgument')
  expect(await lock(rule({ Mode: 'COMPLIANCE', Years: 101 }))).toBe('400 InvalidArgument')
  expect(await lock(rule({ Mode: 'COMPLIANCE', Years: 2 }))).toBe('done')
  expect(s3.GetObjectLockConfiguration({ Bucket }).ObjectLockConfiguration).toEqual(
    rule({ Mode: 'COMPLIANCE', Years: 2 }),
  )
  expect(await version({ Status: 'Suspended' })).toBe('409 InvalidBucketState')
})

test('encryption', async () => {
  const put = (...Rules: S3.ServerSideEncryptionRule[]) =>
    codeOf(() => s3.PutBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } }))
  const get = () => s3.GetBucketEncryption({ Bucket }).ServerSideEncryptionConfiguration.Rules
  const kms: S3.ServerSideEncryptionRule = {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: 'alias/ringfence/acme/data',
    },
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ['SSE-C'] },
  }
  expect(await put(kms)).toBe('done')
  expect(get()).toEqual([kms])
  expect(state.bucket(Bucket)?.encryption).toEqual({
    algorithm: 'aws:kms',
    kmsKeyId: 'alias/ringfence/acme/data',
    bucketKey: true,
  })
  expect(await put()).toBe('400 MalformedXML')
  expect(await put(kms, kms)).toBe('400 MalformedXML')
  const wrong = { SSEAlgorithm: 'rot13' as 'AES256' }
  expect(await put({ ApplyServerSideEncryptionByDefault: wrong })).toBe('400 MalformedXML')
  const keyed = { SSEAlgorithm: 'AES256' as const, KMSMasterKeyID: 'k' }
  expect(await put({ ApplyServerSideEncryptionByDefault: keyed })).toBe('400 InvalidArgument')
  await s3.DeleteBucketEncryption({ Bucket })
  expect(get()).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
})

const tag = (Key: string, Value = 'v'): S3.Tag => ({ Key, Value })

test('tags', async () => {
  const put = (...TagSet: S3.Tag[]) => codeOf(() => s3.PutBucketTagging({ Bucket, Tagging: { TagSet } }))
  expect(await put(tag('a'), tag('ringfence:team', 'x'), tag('größe'))).toBe('done')
  expect(s3.GetBucketTagging({ Bucket }).TagSet).toEqual([tag('a'), tag('ringfence:team', 'x'), tag('größe')])
  expect(await put(tag('a'), tag('a'))).toBe('400 InvalidTag')
  expect(await put(tag('aws:x'))).toBe('400 InvalidTag')
  expect(await put(tag(''))).toBe('400 InvalidTag')
  expect(await put(tag('k'.repeat(129)))).toBe('400 InvalidTag')
  expect(await put(tag('a', 'v'.repeat(257)))).toBe('400 InvalidTag')
  expect(await put(tag('a', '<'))).toBe('400 InvalidTag')
  expect(await put(...Array.from({ length: 51 }, (_, n) => tag(`k${n}`)))).toBe('400 BadRequest')
  await s3.DeleteBucketTagging({ Bucket })
  expect(await codeOf(() => s3.GetBucketTagging({ Bucket }))).toBe('404 NoSuchTagSet')
})

test('ownership and ACLs exclude each other', async () => {
  const ownership = (ObjectOwnership: string) =>
    codeOf(() =>
      s3.PutBucketOwnershipControls({
        Bucket,
        OwnershipControls: { Rules: [{ ObjectOwnership: ObjectOwnership as 'ObjectWriter' }] },
      }),
    )
  const acl = (input: object) => codeOf(() => s3.PutBucketAcl({ Bucket, ...input }, call))
  const readers = {
    Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/s3/LogDelivery' },
    Permission: 'READ',
  }
  const full = {
    Grantee: { Type: 'CanonicalUser', ID: canonicalUserId(account) },
    Permission: 'FULL_CONTROL',
  }
  expect(await acl({ ACL: 'public-read' })).toBe('done')
  expect(await ownership('BucketOwnerEnforced')).toBe('400 InvalidBucketAclWithObjectOwnership')
  expect(await acl({ GrantRead: 'uri="http://acs.amazonaws.com/groups/s3/LogDelivery"' })).toBe('done')
  expect(s3.GetBucketAcl({ Bucket }).Grants).toEqual([readers])
  const policy = { Owner: { ID: canonicalUserId(account) }, Grants: [full, readers] }
  expect(await acl({ AccessControlPolicy: policy })).toBe('done')
  expect(s3.GetBucketAcl({ Bucket })).toEqual({ Owner: policy.Owner, Grants: policy.Grants })
  expect(await acl({ AccessControlPolicy: { ...policy, Owner: { ID: 'x' } } })).toBe('403 AccessDenied')
  expect(await acl({ ACL: 'private', GrantRead: 'id="x"' })).toBe('400 InvalidRequest')
  expect(await acl({ ACL: 'nonsense' })).toBe('400 InvalidArgument')
  expect(await acl({ GrantRead: 'emailAddress="a@b.example"' })).toBe('400 UnresolvableGrantByEmailAddress')
  expect(await acl({ GrantRead: 'uri="http://example.com"' })).toBe('400 InvalidArgument')
  expect(await acl({})).toBe('400 MissingSecurityHeader')
  expect(await acl({ ACL: 'private' })).toBe('done')
  expect(await ownership('Mine')).toBe('400 MalformedXML')
  expect(await ownership('BucketOwnerEnforced')).toBe('done')
  expect(await acl({ ACL: 'private' })).toBe('400 AccessControlListNotSupported')
  await s3.DeleteBucketOwnershipControls({ Bucket })
  expect(await acl({ ACL: 'private' })).toBe('done')
})

test('BlockPublicAcls refuses public ACLs, and the account’s setting counts too', async () => {
  const off = {
    blockPublicAcls: false,
    ignorePublicAcls: false,
    blockPublicPolicy: false,
    restrictPublicBuckets: false,
  }
  await s3.PutPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } })
  const acl = (ACL: S3.BucketCannedACL) => codeOf(() => s3.PutBucketAcl({ Bucket, ACL }, call))
  expect(await acl('public-read')).toBe('403 AccessDenied')
  expect(await acl('authenticated-read')).toBe('403 AccessDenied')
  expect(await acl('private')).toBe('done')
  await s3.DeletePublicAccessBlock({ Bucket })
  expect(await acl('public-read')).toBe('done')
  await database.transaction(() =>
    state.setAccountPublicAccessBlock(account, { ...off, blockPublicAcls: true }),
  )
  expect(await acl('public-read')).toBe('403 AccessDenied')
})

test('configurations with ids are paged by 100', async () => {
  const put = (Id: string) =>
    s3.PutBucketMetricsConfiguration({ Bucket, Id, MetricsConfiguration: { Id, Filter: { Prefix: Id } } })
  for (let n = 0; n < 101; n++) await put(`m${String(n).padStart(3, '0')}`)
  const first = s3.ListBucketMetricsConfigurations({ Bucket })
  expect(first).toMatchObject({ IsTruncated: true })
  expect(first.MetricsConfigurationList).toHaveLength(100)
  const second = s3.ListBucketMetricsConfigurations({
    Bucket,
    ContinuationToken: first.NextContinuationToken,
  })
  expect(second.MetricsConfigurationList).toEqual([{ Id: 'm100', Filter: { Prefix: 'm100' } }])
  await s3.DeleteBucketMetricsConfiguration({ Bucket, Id: 'm100' })
  expect(await codeOf(() => s3.GetBucketMetricsConfiguration({ Bucket, Id: 'm100' }))).toBe(
    '404 NoSuchConfiguration',
  )
  expect(await codeOf(() => s3.DeleteBucketMetricsConfiguration({ Bucket, Id: 'm100' }))).toBe(
    '404 NoSuchConfiguration',
  )
  expect(
    await codeOf(() =>
      s3.PutBucketMetricsConfiguration({ Bucket, Id: 'a', MetricsConfiguration: { Id: 'b' } }),
    ),
  ).toBe('400 InvalidArgument')
})
