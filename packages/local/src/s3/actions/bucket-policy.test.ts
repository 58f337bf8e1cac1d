import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AwsError } from '../../aws-error.js'
import type { Call, Database } from '../../call.js'
import { openDatabase } from '../../store/database.js'
import type { BucketRecord } from '../records.js'
import { S3State } from '../state.js'
import { bucketPolicyOperations } from './bucket-policy.js'

const account = '111122223333'
const Bucket = 'acme-data'
const arn = `arn:aws:s3:::${Bucket}`
let folder: string
let database: Database
let state: S3State
let s3: ReturnType<typeof bucketPolicyOperations>

const open = {
  blockPublicAcls: false,
  ignorePublicAcls: false,
  blockPublicPolicy: false,
  restrictPublicBuckets: false,
}
const bucket: BucketRecord = {
  name: Bucket,
  account,
  region: 'eu-west-1',
  createdMs: 0,
  publicAccessBlock: { ...open, blockPublicPolicy: true },
  encryption: { algorithm: 'AES256', bucketKey: false },
  settings: {},
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-bucket-policy-'))
  database = openDatabase(folder, { durable: false })
  state = new S3State(database)
  s3 = bucketPolicyOperations({ state, legacyBucketDefaults: false })
  await database.transaction(() => state.buckets.put(Bucket, bucket))
})
afterEach(async () => {
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

function call(by = account): Call {
  return {
    requestId: 'r',
    service: 's3',
    operation: 'PutBucketPolicy',
    region: 'eu-west-1',
    timeMs: 0,
    caller: { principal: `arn:aws:iam::${by}:user/ada`, account: by, userId: 'AIDA1' },
    sourceIp: '127.0.0.1',
    secureTransport: true,
    userAgent: 'test',
    headers: {},
    query: new Map(),
  }
}

const document = (statement: object | readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: statement })
const allow = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${account}:role/reader` },
  Action: 's3:GetObject',
  Resource: `${arn}/*`,
}

/** What the client would see: status, code and message. */
async function answer(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    if (error instanceof AwsError) return `${error.status} ${error.code}: ${error.message}`
    throw error
  }
  return 'done'
}
const put = (Policy: string, by?: string) => answer(() => s3.PutBucketPolicy({ Bucket, Policy }, call(by)))

test('a policy is given back byte for byte, and gone once deleted', async () => {
  const missing = '404 NoSuchBucketPolicy: The bucket policy does not exist'
  expect(await answer(() => s3.GetBucketPolicy({ Bucket }, call()))).toBe(missing)
  expect(await answer(() => s3.GetBucketPolicyStatus({ Bucket }))).toBe(missing)
  const text = ` ${document(allow)}\n`
  expect(await put(text)).toBe('done')
  expect(s3.GetBucketPolicy({ Bucket }, call())).toEqual({ Policy: text })
  expect(s3.GetBucketPolicyStatus({ Bucket })).toEqual({ PolicyStatus: { IsPublic: false } })
  await s3.DeleteBucketPolicy({ Bucket }, call())
  expect(await answer(() => s3.GetBucketPolicy({ Bucket }, call()))).toBe(missing)
})

test.each([
  ['', "Policies must be valid JSON and the first byte must be '{'"],
  ['{', "Policies must be valid JSON and the first byte must be '{'"],
  [document({ ...allow, Principal: undefined }), 'Missing required field'],
  [document({ ...allow, Action: 'nonsense' }), 'Policy has invalid action'],
  [document({ ...allow, Action: 'iam:GetUser' }), 'Policy has invalid action'],
  [document({ ...allow, Resource: undefined }), 'Missing required field'],
  [document({ ...allow, Resource: 'arn:aws:s3:::other/*' }), 'Policy has invalid resource'],
  [document({ ...allow, Resource: 'arn:aws:s3:::acme-data-2/*' }), 'Policy has invalid resource'],
  [document({ ...allow, Resource: 'arn:aws:sqs:::acme-data' }), 'Policy has invalid resource'],
  [document({ ...allow, Resource: undefined, NotResource: 'arn:aws:s3:::b' }), 'Policy has invalid resource'],
  [document({ ...allow, Resource: [arn, 'arn:aws:s3:::b'] }), 'Policy has invalid resource'],
  [document({ ...allow, Resource: arn }), 'Action does not apply to any resource(s) in statement'],
  [document({ ...allow, Action: 's3:ListBucket' }), 'Action does not apply to any resource(s) in statement'],
  [
    document({ ...allow, Action: 's3:GetObject*', Resource: arn }),
    'Action does not apply to any resource(s) in statement',
  ],
  [
    document({ ...allow, Action: 's3:AbortMultipartUpload', Resource: arn }),
    'Action does not apply to any resource(s) in statement',
  ],
  [document({ ...allow, Principal: { AWS: 'ada' } }), 'Invalid principal in policy'],
  [document({ ...allow, Sid: 'a', Color: 'red' }), 'Unknown field'],
])('%s is malformed: %s', async (text, message) => {
  const found = await put(text)
  expect(found).toContain('400 MalformedPolicy: ')
  expect(found).toContain(message)
})

test.each([
  [{ ...allow, Action: ['s3:GetObject', 's3:ListBucket'], Resource: [arn, `${arn}/*`] }],
  [{ ...allow, Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arn, `${arn}/*`] }],
  [{ ...allow, Action: 's3:Get*', Resource: arn }],
  [{ ...allow, Action: 's3:PutBucketPolicy', Resource: arn }],
  [{ ...allow, Resource: `${arn}*` }],
  [{ ...allow, Effect: 'Deny', Principal: '*', Resource: undefined, NotResource: `${arn}/public/*` }],
  [{ ...allow, Effect: 'Deny', Principal: '*', Action: undefined, NotAction: 's3:GetObject' }],
  [{ ...allow, Resource: `${arn}/\${aws:username}/*` }],
])('S3 takes %j', async (statement) => {
  expect(await put(document(statement))).toBe('done')
})

const longPolicy = (fill: number): string => document({ ...allow, Resource: `${arn}/${'x'.repeat(fill)}` })
const withLength = (size: number): string => longPolicy(size - longPolicy(0).length)

test('20 KB are the limit, white space apart', async () => {
  expect(await put(withLength(20_480))).toBe('done')
  expect(await put(withLength(20_480) + ' '.repeat(500))).toBe('done')
  expect(await put(withLength(20_481))).toContain('400 PolicyTooLarge: ')
})

test('BlockPublicPolicy of the bucket or of its account refuses a public policy', async () => {
  const isPublic = document({ ...allow, Principal: '*' })
  const refusal = `403 AccessDenied: User: arn:aws:iam::${account}:user/ada is not authorized to perform: s3:PutBucketPolicy on resource: "${arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`
  expect(await put(isPublic)).toBe(refusal)
  await database.transaction(() => {
    state.buckets.put(Bucket, { ...bucket, publicAccessBlock: open })
    state.setAccountPublicAccessBlock(account, { ...open, blockPublicPolicy: true })
  })
  expect(await put(isPublic)).toBe(refusal)
  await database.transaction(() => state.setAccountPublicAccessBlock(account, undefined))
  expect(await put(isPublic)).toBe('done')
  expect(s3.GetBucketPolicyStatus({ Bucket })).toEqual({ PolicyStatus: { IsPublic: true } })
})

test('the policy is for identities of the owner’s account alone', async () => {
  const refused = '405 MethodNotAllowed: The specified method is not allowed against this resource.'
  expect(await put(document(allow), '999988887777')).toBe(refused)
  expect(await answer(() => s3.DeleteBucketPolicy({ Bucket }, call('999988887777')))).toBe(refused)
})
