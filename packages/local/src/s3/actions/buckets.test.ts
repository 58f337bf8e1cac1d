import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import { openDatabase } from '../../store/database.js'
import { s3ControlOperations } from '../../s3-control/operations.js'
import type { ObjectRecord } from '../records.js'
import { S3State } from '../state.js'
import { bucketOperations } from './bucket-operations.js'

const account = '111122223333'
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

function open(options: { readonly legacyBucketDefaults?: boolean } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ringfence-buckets-'))
  const database = openDatabase(folder, { durable: false })
  cleanups.push(async () => {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const deps = { state: new S3State(database), legacyBucketDefaults: options.legacyBucketDefaults ?? false }
  return { deps, s3: bucketOperations(deps), control: s3ControlOperations(deps) }
}

function call(options: { readonly account?: string; readonly region?: string } = {}): Call {
  const caller = options.account ?? account
  return {
    requestId: 'r',
    service: 's3',
    operation: 'x',
    region: options.region ?? 'eu-west-1',
    timeMs: Date.UTC(2026, 10, 22, 12, 0, 0, 123),
    caller: { principal: `arn:aws:iam::${caller}:user/ada`, account: caller, userId: 'AIDA1' },
    sourceIp: '127.0.0.1',
    secureTransport: true,
    userAgent: 'test',
    headers: {},
    query: new Map(),
  }
}

const inRegion = { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } }
const create = (s3: ReturnType<typeof open>['s3'], name: string, more: object = {}, by = call()) =>
  s3.CreateBucket({ Bucket: name, ...inRegion, ...more }, by)

/** The code, so that a test names what it expects. */
async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}`
    throw error
  }
  return 'done'
}

function object(key: string): ObjectRecord {
  return {
    key,
    versionId: 'null',
    sequence: 1,
    modifiedMs: 0,
    etag: 'e',
    size: 0,
    storageClass: 'STANDARD',
    headers: {},
    metadata: {},
    tags: {},
    encryption: { algorithm: 'AES256' },
    checksums: {},
    owner: account,
  }
}

test.each([
  ['abc', 'done'],
  ['a.b-c1', 'done'],
  ['ab', '400 InvalidBucketName'],
  ['a'.repeat(64), '400 InvalidBucketName'],
  ['Abc', '400 InvalidBucketName'],
  ['a_b', '400 InvalidBucketName'],
  ['a..b', '400 InvalidBucketName'],
  ['-abc', '400 InvalidBucketName'],
  ['192.168.5.4', '400 InvalidBucketName'],
  ['xn--abc', '400 InvalidBucketName'],
  ['sthree-abc', '400 InvalidBucketName'],
  ['abc-s3alias', '400 InvalidBucketName'],
  ['abc--ol-s3', '400 InvalidBucketName'],
  ['abc--x-s3', '400 InvalidBucketName'],
  ['аbc', '400 InvalidBucketName'],
])('a bucket named %j: %s', async (name, expected) => {
  const { s3 } = open()
  expect(await codeOf(() => create(s3, name))).toBe(expected)
})

test.each([
  ['eu-west-1', 'eu-west-1', 'done'],
  ['eu-west-1', 'EU', 'done'],
  ['eu-west-1', undefined, '400 IllegalLocationConstraintException'],
  ['eu-west-1', 'eu-north-1', '400 IllegalLocationConstraintException'],
  ['eu-west-1', 'nowhere', '400 InvalidLocationConstraint'],
  ['us-east-1', undefined, 'done'],
  ['us-east-1', 'eu-north-1', 'done'],
  ['us-east-1', 'us-east-1', '400 InvalidLocationConstraint'],
])('at the endpoint of %s with LocationConstraint %s: %s', async (region, constraint, expected) => {
  const { s3 } = open()
  const input = {
    Bucket: 'abc',
    CreateBucketConfiguration:
      constraint === undefined ? undefined : { LocationConstraint: constraint as 'eu-west-1' },
  }
  expect(await codeOf(() => s3.CreateBucket(input, call({ region })))).toBe(expected)
})

test('a new bucket is private by all of the defaults since April 2023', async () => {
  const { s3 } = open()
  await create(s3, 'abc')
  expect(s3.GetPublicAccessBlock({ Bucket: 'abc' }).PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: true,
    IgnorePublicAcls: true,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: true,
  })
  expect(s3.GetBucketOwnershipControls({ Bucket: 'abc' }).OwnershipControls.Rules).toEqual([
    { ObjectOwnership: 'BucketOwnerEnforced' },
  ])
  expect(s3.GetBucketEncryption({ Bucket: 'abc' }).ServerSideEncryptionConfiguration.Rules).toEqual([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false },
  ])
  expect(s3.GetBucketVersioning({ Bucket: 'abc' })).toEqual({})
  expect(s3.GetBucketLocation({ Bucket: 'abc' })).toEqual({ LocationConstraint: 'eu-west-1' })
  expect(s3.HeadBucket({ Bucket: 'abc' }).BucketRegion).toBe('eu-west-1')
})

test('the switch restores the defaults of before: ACLs on, no access block', async () => {
  const { s3 } = open({ legacyBucketDefaults: true })
  await create(s3, 'abc')
  expect(await codeOf(() => s3.GetPublicAccessBlock({ Bucket: 'abc' }))).toBe(
    '404 NoSuchPublicAccessBlockConfiguration',
  )
  expect(await codeOf(() => s3.GetBucketOwnershipControls({ Bucket: 'abc' }))).toBe(
    '404 OwnershipControlsNotFoundError',
  )
  await s3.PutBucketAcl({ Bucket: 'abc', ACL: 'public-read' }, call())
  expect(s3.GetBucketAcl({ Bucket: 'abc' }).Grants).toHaveLength(2)
})

test('creating a bucket again', async () => {
  const { s3 } = open()
  await create(s3, 'abc')
  expect(await codeOf(() => create(s3, 'abc'))).toBe('409 BucketAlreadyOwnedByYou')
  expect(await codeOf(() => create(s3, 'abc', {}, call({ account: '999988887777' })))).toBe(
    '409 BucketAlreadyExists',
  )
  const virginia = call({ region: 'us-east-1' })
  await s3.CreateBucket({ Bucket: 'def' }, virginia)
  await s3.PutBucketTagging({ Bucket: 'def', Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } })
  await s3.CreateBucket({ Bucket: 'def' }, virginia)
  expect(s3.GetBucketTagging({ Bucket: 'def' }).TagSet).toEqual([{ Key: 'a', Value: 'b' }])
  expect(s3.GetBucketLocation({ Bucket: 'def' })).toEqual({})
})

test('a created bucket cannot have an ACL that its ownership or access block forbids', async () => {
  const { s3 } = open()
  expect(await codeOf(() => create(s3, 'abc', { ACL: 'public-read' }))).toBe(
    '400 InvalidBucketAclWithObjectOwnership',
  )
  const preferred = { ObjectOwnership: 'BucketOwnerPreferred' }
  expect(await codeOf(() => create(s3, 'abc', { ACL: 'public-read', ...preferred }))).toBe(
    '400 InvalidBucketAclWithBlockPublicAccessError',
  )
  expect(await codeOf(() => create(s3, 'abc', { ObjectOwnership: 'Mine' }))).toBe('400 InvalidArgument')
  expect(await codeOf(() => create(s3, 'abc', { ACL: 'log-delivery-write', ...preferred }))).toBe('done')
  expect(await codeOf(() => create(s3, 'abd', { ACL: 'private' }))).toBe('done')
})

test('only an empty bucket can be deleted', async () => {
  const { deps, s3 } = open()
  const { current, database, older, uploads } = deps.state
  await create(s3, 'abc')
  await create(s3, 'abc-1')
  await create(s3, 'abc.1')
  const remove = () => codeOf(() => s3.DeleteBucket({ Bucket: 'abc' }))
  await database.transaction(() => {
    for (const neighbour of ['abc-1', 'abc.1', 'abb']) current.put([neighbour, 'k'], object('k'))
    older.put(['abc', 'k', -1], object('k'))
  })
  expect(await remove()).toBe('409 BucketNotEmpty')
  await database.transaction(() => {
    older.delete(['abc', 'k', -1])
    uploads.put(['abc', 'k', 'u'], {} as never)
  })
  expect(await remove()).toBe('409 BucketNotEmpty')
  await database.transaction(() => {
    uploads.delete(['abc', 'k', 'u'])
    current.put(['abc', ''], object(''))
  })
  expect(await remove()).toBe('409 BucketNotEmpty')
  await database.transaction(() => current.delete(['abc', '']))
  expect(await remove()).toBe('done')
  expect(await remove()).toBe('404 NoSuchBucket')
  expect(await codeOf(() => s3.HeadBucket({ Bucket: 'abc' }))).toBe('404 NoSuchBucket')
})

const names = (output: { Buckets?: { Name?: string | undefined }[] | undefined }) =>
  output.Buckets?.map((bucket) => bucket.Name)

test('buckets are listed by name, by page, by prefix and for their owner alone', async () => {
  const { s3 } = open()
  for (const name of ['b-2', 'a-1', 'b-1', 'b-3']) await create(s3, name)
  await create(s3, 'b-0', {}, call({ account: '999988887777' }))
  const all = s3.ListBuckets({}, call())
  expect(names(all)).toEqual(['a-1', 'b-1', 'b-2', 'b-3'])
  expect(all.Buckets?.[0]).toEqual({ Name: 'a-1', CreationDate: new Date('2026-11-22T12:00:00Z') })
  expect(names(s3.ListBuckets({ BucketRegion: 'eu-north-1' }, call()))).toEqual([])
  const first = s3.ListBuckets({ Prefix: 'b-', MaxBuckets: 2 }, call())
  expect(names(first)).toEqual(['b-1', 'b-2'])
  expect(first.Buckets?.[0]?.BucketRegion).toBe('eu-west-1')
  const token = first.ContinuationToken
  const second = s3.ListBuckets({ Prefix: 'b-', MaxBuckets: 2, ContinuationToken: token }, call())
  expect(names(second)).toEqual(['b-3'])
  expect(second.ContinuationToken).toBeUndefined()
  expect(await codeOf(() => s3.ListBuckets({ ContinuationToken: 'x' }, call()))).toBe('400 InvalidArgument')
  expect(await codeOf(() => s3.ListBuckets({ MaxBuckets: 0 }, call()))).toBe('400 InvalidArgument')
})

test('the expected owner is checked on every operation of a bucket', async () => {
  const { s3 } = open()
  await create(s3, 'abc')
  const expected = { Bucket: 'abc', ExpectedBucketOwner: '999988887777' }
  expect(await codeOf(() => s3.GetBucketVersioning(expected))).toBe('403 AccessDenied')
  expect(await codeOf(() => s3.DeleteBucket(expected))).toBe('403 AccessDenied')
  expect(await codeOf(() => s3.DeleteBucket({ ...expected, ExpectedBucketOwner: account }))).toBe('done')
})

test('S3 Control: the access block of the own account, and tags by ARN', async () => {
  const { control, deps, s3 } = open()
  const own = { AccountId: account }
  expect(await codeOf(() => control.GetPublicAccessBlock(own, call()))).toBe(
    '404 NoSuchPublicAccessBlockConfiguration',
  )
  const block = { PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }
  await control.PutPublicAccessBlock({ ...own, ...block }, call())
  expect(deps.state.accountPublicAccessBlock(account)?.blockPublicPolicy).toBe(true)
  expect(control.GetPublicAccessBlock(own, call()).PublicAccessBlockConfiguration).toEqual({
    BlockPublicAcls: false,
    IgnorePublicAcls: false,
    BlockPublicPolicy: true,
    RestrictPublicBuckets: false,
  })
  const stranger = call({ account: '999988887777' })
  expect(await codeOf(() => control.DeletePublicAccessBlock(own, stranger))).toBe('403 AccessDenied')
  await control.DeletePublicAccessBlock(own, call())
  expect(deps.state.accountPublicAccessBlock(account)).toBeUndefined()

  await create(s3, 'abc')
  const resource = { ...own, ResourceArn: 'arn:aws:s3:::abc' }
  expect(control.ListTagsForResource(resource, call()).Tags).toEqual([])
  await control.TagResource({ ...resource, Tags: [{ Key: 'a', Value: '1' }] }, call())
  await control.TagResource({ ...resource, Tags: [{ Key: 'b', Value: '2' }] }, call())
  await control.UntagResource({ ...resource, TagKeys: ['a'] }, call())
  expect(s3.GetBucketTagging({ Bucket: 'abc' }).TagSet).toEqual([{ Key: 'b', Value: '2' }])
})
