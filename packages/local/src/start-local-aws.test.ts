import { Agent } from 'node:http'
import type { LookupFunction } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IAM } from '@aws-sdk/client-iam'
import { KMS } from '@aws-sdk/client-kms'
import { S3 } from '@aws-sdk/client-s3'
import { S3Control } from '@aws-sdk/client-s3-control'
import { SageMaker } from '@aws-sdk/client-sagemaker'
import { SageMakerRuntime } from '@aws-sdk/client-sagemaker-runtime'
import { STS } from '@aws-sdk/client-sts'
import type { CloudTrailEvent, LocalAws, LocalCredentials } from './index.js'
import { startLocalAws } from './index.js'

const account = '111122223333'
const other = '444455556666'
const region = 'eu-west-1'
const administratorAccess = 'arn:aws:iam::aws:policy/AdministratorAccess'
const events: CloudTrailEvent[] = []
const secrets = new Set<string>()
let skewMs = 0
let aws: LocalAws

function onEvent(event: CloudTrailEvent): void {
  events.push(event)
}

beforeAll(async () => {
  aws = await startLocalAws({ account, region, onEvent, nowMs: () => Date.now() + skewMs })
})
afterAll(() => aws.close())

const loopback: LookupFunction = (_host, _options, answer) =>
  answer(null, [{ address: '127.0.0.1', family: 4 }])

function clients(issued: LocalCredentials, endpoint = aws.endpoint) {
  const { accessKeyId, secretAccessKey, sessionToken } = issued
  secrets.add(secretAccessKey)
  if (sessionToken !== undefined) secrets.add(sessionToken)
  const credentials = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  const config = { endpoint, region, credentials, maxAttempts: 1, systemClockOffset: skewMs }
  return {
    iam: new IAM(config),
    sts: new STS(config),
    kms: new KMS(config),
    sageMaker: new SageMaker(config),
    sageMakerRuntime: new SageMakerRuntime(config),
    s3: new S3({ ...config, forcePathStyle: true }),
    // S3 Control puts the account before the host name, which nothing resolves.
    s3Control: new S3Control({
      ...config,
      endpoint: endpoint.replace('127.0.0.1', 'localhost'),
      requestHandler: { httpAgent: new Agent({ lookup: loopback }) },
    }),
  }
}

function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function allow(action: string | readonly string[], resource: string | readonly string[] = '*') {
  return { Effect: 'Allow', Action: action, Resource: resource }
}

async function makeUser(name: string, ...statements: readonly object[]) {
  const { iam } = clients(aws.root)
  await iam.createUser({ UserName: name })
  if (statements.length > 0) {
    await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: document(...statements) })
  }
  return clients(await aws.issueUserKey(name))
}

describe('identities', () => {
  test('root, users and sessions are who they are', async () => {
    const root = clients(aws.root)
    expect((await root.sts.getCallerIdentity({})).Arn).toBe(`arn:aws:iam::${account}:root`)
    const ada = await makeUser('ada', allow('sts:AssumeRole'))
    expect((await ada.sts.getCallerIdentity({})).Arn).toBe(`arn:aws:iam::${account}:user/ada`)
    const trust = { Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }
    await root.iam.createRole({ RoleName: 'reader', AssumeRolePolicyDocument: document(trust) })
    const RoleArn = `arn:aws:iam::${account}:role/reader`
    const { Credentials } = await ada.sts.assumeRole({ RoleArn, RoleSessionName: 'morning' })
    const session = clients({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    })
    expect((await session.sts.getCallerIdentity({})).Arn).toBe(
      `arn:aws:sts::${account}:assumed-role/reader/morning`,
    )
    const used = await root.iam.getRole({ RoleName: 'reader' })
    expect(used.Role?.RoleLastUsed?.LastUsedDate).toBeInstanceOf(Date)
  })

  test('wrong, unknown and expired credentials get the codes of their service', async () => {
    const { secretAccessKey, accessKeyId } = aws.root
    const wrong = clients({ accessKeyId, secretAccessKey: `${secretAccessKey.slice(1)}A` })
    await expect(wrong.iam.listUsers({})).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
    const unknown = clients({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' })
    await expect(unknown.iam.listUsers({})).rejects.toMatchObject({ name: 'InvalidClientTokenId' })
    await expect(unknown.s3.listBuckets({})).rejects.toMatchObject({ name: 'InvalidAccessKeyId' })
    const { Credentials: issued } = await clients(aws.root).sts.getSessionToken({ DurationSeconds: 900 })
    const temporary = {
      accessKeyId: issued?.AccessKeyId ?? '',
      secretAccessKey: issued?.SecretAccessKey ?? '',
      sessionToken: issued?.SessionToken ?? '',
    }
    await clients(temporary).s3.listBuckets({})
    const { sessionToken } = temporary
    const tampered = clients({ ...temporary, sessionToken: `${sessionToken.slice(1)}A` })
    await expect(tampered.s3.listBuckets({})).rejects.toMatchObject({ name: 'InvalidToken' })
    await expect(clients(temporary).iam.listUsers({})).rejects.toMatchObject({ name: 'AccessDenied' })
    skewMs = 901_000
    await expect(clients(temporary).s3.listBuckets({})).rejects.toMatchObject({ name: 'ExpiredToken' })
    await expect(clients(temporary).sts.getCallerIdentity({})).rejects.toMatchObject({ name: 'ExpiredToken' })
    skewMs = 0
  })

  test('a role session in-process asks the trust policy', async () => {
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'sagemaker.amazonaws.com' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': account } },
    }
    const { iam } = clients(aws.root)
    await iam.createRole({ RoleName: 'execution', AssumeRolePolicyDocument: document(trust) })
    const asked = {
      roleArn: `arn:aws:iam::${account}:role/execution`,
      sessionName: 'job',
      principal: 'sagemaker.amazonaws.com',
      action: 'sts:AssumeRole' as const,
    }
    await expect(aws.issueRoleSession(asked)).rejects.toMatchObject({ code: 'AccessDenied' })
    const session = await aws.issueRoleSession({ ...asked, context: { 'aws:SourceAccount': account } })
    expect((await clients(session).sts.getCallerIdentity({})).Arn).toContain(':assumed-role/execution/job')
  })
})

describe('what is allowed', () => {
  test('a user makes a bucket once it may, and over plain HTTP SecureTransport is false', async () => {
    const { iam } = clients(aws.root)
    const eda = await makeUser('eda')
    const input = { Bucket: 'acme-data', CreateBucketConfiguration: { LocationConstraint: region } } as const
    await expect(eda.s3.createBucket(input)).rejects.toMatchObject({ name: 'AccessDenied' })
    const statement = allow('s3:*', ['arn:aws:s3:::acme-data', 'arn:aws:s3:::acme-data/*'])
    const secure = { ...statement, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }
    await iam.putUserPolicy({ UserName: 'eda', PolicyName: 'own', PolicyDocument: document(secure) })
    await eda.s3.createBucket(input)
    expect((await eda.s3.listObjectsV2({ Bucket: 'acme-data' })).KeyCount).toBe(0)
    const plain = clients(await aws.issueUserKey('eda'), aws.plainEndpoint)
    await expect(plain.s3.listObjectsV2({ Bucket: 'acme-data' })).rejects.toThrow(
      `User: arn:aws:iam::${account}:user/eda is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::acme-data" because no identity-based policy allows the s3:ListBucket action`,
    )
    await expect(eda.s3.listObjectsV2({ Bucket: 'acme-none' })).rejects.toMatchObject({
      name: 'NoSuchBucket',
    })
  })

  test('another account needs both sides', async () => {
    const root = clients(aws.root)
    const stranger = clients(await aws.addAccount(other))
    await root.s3.createBucket({
      Bucket: 'acme-shared',
      CreateBucketConfiguration: { LocationConstraint: region },
    })
    await expect(stranger.s3.listObjectsV2({ Bucket: 'acme-shared' })).rejects.toThrow('Access Denied')
    const statement = { ...allow('s3:ListBucket', 'arn:aws:s3:::acme-shared'), Principal: { AWS: other } }
    await root.s3.putBucketPolicy({ Bucket: 'acme-shared', Policy: document(statement) })
    expect((await stranger.s3.listObjectsV2({ Bucket: 'acme-shared' })).KeyCount).toBe(0)
    await expect(stranger.s3.getBucketPolicy({ Bucket: 'acme-shared' })).rejects.toThrow('Access Denied')
    const CreateBucketConfiguration = { LocationConstraint: region } as const
    await expect(
      stranger.s3.createBucket({ Bucket: 'acme-shared', CreateBucketConfiguration }),
    ).rejects.toMatchObject({ name: 'BucketAlreadyExists' })
  })

  test('operations that are not there are refused even to administrators', async () => {
    const { iam } = clients(aws.root)
    const boss = await makeUser('boss')
    await iam.attachUserPolicy({ UserName: 'boss', PolicyArn: administratorAccess })
    await expect(boss.iam.generateCredentialReport({})).rejects.toMatchObject({ name: 'NotImplemented' })
    await expect(boss.sageMaker.listNotebookInstances({})).rejects.toMatchObject({ name: 'NotImplemented' })
  })

  test('a name that AWS would not take is told by the model’s rule', async () => {
    const { iam } = clients(aws.root)
    await expect(iam.createUser({ UserName: 'a/b' })).rejects.toMatchObject({ name: 'ValidationError' })
  })
})

describe('KMS, SageMaker and S3 Control over the wire', () => {
  test('a data key comes back by its ciphertext', async () => {
    const { kms } = clients(aws.root)
    const { KeyMetadata } = await kms.createKey({ Description: 'data' })
    await kms.createAlias({ AliasName: 'alias/data', TargetKeyId: KeyMetadata?.KeyId })
    const made = await kms.generateDataKey({ KeyId: 'alias/data', KeySpec: 'AES_256' })
    const { Plaintext } = await kms.decrypt({ CiphertextBlob: made.CiphertextBlob })
    expect(Buffer.from(Plaintext ?? [])).toEqual(Buffer.from(made.Plaintext ?? [0]))
    secrets.add(Buffer.from(Plaintext ?? []).toString('base64'))
    expect((await kms.listAliases({})).Aliases?.map(({ AliasName }) => AliasName)).toContain('alias/data')
  })

  test('a write that names aws:kms and no key takes the AWS managed key, not the bucket’s', async () => {
    const { kms, s3 } = clients(aws.root)
    const { KeyMetadata } = await kms.createKey({})
    const Bucket = 'sealed-by-default'
    await s3.createBucket({ Bucket })
    await s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: {
              SSEAlgorithm: 'aws:kms',
              KMSMasterKeyID: KeyMetadata?.KeyId,
            },
          },
        ],
      },
    })
    const managed = await kms.describeKey({ KeyId: 'alias/aws/s3' })
    await s3.putObject({ Bucket, Key: 'named', Body: 'x', ServerSideEncryption: 'aws:kms' })
    await s3.putObject({ Bucket, Key: 'default', Body: 'x' })
    expect((await s3.headObject({ Bucket, Key: 'named' })).SSEKMSKeyId).toBe(managed.KeyMetadata?.Arn)
    expect((await s3.headObject({ Bucket, Key: 'default' })).SSEKMSKeyId).toBe(KeyMetadata?.Arn)
  })

  test('an endpoint goes from model to invocation', async () => {
    const { sageMaker, sageMakerRuntime } = clients(aws.root)
    const ExecutionRoleArn = `arn:aws:iam::${account}:role/execution`
    await sageMaker.createModel({ ModelName: 'chat', ExecutionRoleArn, PrimaryContainer: { Image: 'image' } })
    const ProductionVariants = [{ VariantName: 'all', ModelName: 'chat' }]
    await sageMaker.createEndpointConfig({ EndpointConfigName: 'chat', ProductionVariants })
    await sageMaker.createEndpoint({ EndpointName: 'chat', EndpointConfigName: 'chat' })
    expect((await sageMaker.describeEndpoint({ EndpointName: 'chat' })).EndpointStatus).toBe('Creating')
    const invoked = sageMakerRuntime.invokeEndpoint({ EndpointName: 'chat', Body: new Uint8Array([1]) })
    await expect(invoked).rejects.toMatchObject({ name: 'ModelError' })
  })

  test('settings of another account are nobody else’s', async () => {
    const own = clients(aws.root)
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true }
    await expect(
      own.s3Control.putPublicAccessBlock({ AccountId: other, PublicAccessBlockConfiguration }),
    ).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

describe('events', () => {
  test('every request is one event with its decisions, denied and unauthenticated ones too', () => {
    const denied = events.find(({ eventName, errorCode }) => eventName === 'CreateBucket' && errorCode)
    expect(denied).toMatchObject({
      eventSource: 's3.amazonaws.com',
      errorCode: 'AccessDenied',
      userIdentity: { type: 'IAMUser', userName: 'eda', accountId: account },
      requestParameters: { bucketName: 'acme-data' },
      recipientAccountId: account,
    })
    expect(denied?.additionalEventData?.authorization?.[0]).toMatchObject({
      action: 's3:CreateBucket',
      resource: 'arn:aws:s3:::acme-data',
    })
    expect(denied?.additionalEventData?.authorization?.[0]?.decision.decision).toBe('implicitDeny')
    const unknown = events.find(({ errorCode }) => errorCode === 'InvalidClientTokenId')
    expect(unknown?.eventName).toBe('ListUsers')
    expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(events.length)
  })

  test('nothing that was issued is in any event', async () => {
    const { iam } = clients(aws.root)
    const password = 'Correct-horse-7-battery'
    await iam.createLoginProfile({ UserName: 'ada', Password: password })
    const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
    const { VirtualMFADevice } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
    secrets.add(password)
    secrets.add(AccessKey?.SecretAccessKey ?? '')
    secrets.add(Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString())
    const text = JSON.stringify(events)
    expect(secrets.size).toBeGreaterThan(8)
    expect(text).toContain(AccessKey?.AccessKeyId ?? 'none')
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(0)
      if (secret.length > 8) expect(text.includes(secret)).toBe(false)
    }
  })
})
