import {
  AddUserToGroupCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
} from '@aws-sdk/client-iam'
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { CreateTrainingJobCommand, SageMakerClient } from '@aws-sdk/client-sagemaker'
import type { ExistingResources, Plan } from '@ringfence/plan'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const region = 'eu-west-1'
const keyArn = `arn:aws:kms:${region}:${account}:key/12345678-90ab-4cde-8f01-234567890abc`
const roleArn = `arn:aws:iam::${account}:role/service-role/Training`
const text = `organization: acme
account: '${account}'
region: ${region}
administrators: [role/platform-admin]
members: { ada: {}, bob: {}, eve: {} }
teams: { research: [ada, bob] }
datasets: { raw: { encryption: kms } }
platforms: { training: { kind: sagemaker, reads: [raw] } }
grants:
  - { to: research, can: [read, write], on: raw, under: in/ }
  - { to: research, can: train, on: training }
  - { to: eve, can: delete, on: raw }
`
const existing: ExistingResources = {
  buckets: ['dataset/raw'],
  keys: { 'dataset/raw': keyArn },
  users: { ada: `arn:aws:iam::${account}:user/people/ada.l`, eve: `arn:aws:iam::${account}:user/eve` },
  groups: { research: `arn:aws:iam::${account}:group/old/researchers` },
  roles: { training: roleArn },
}

function makePlan(): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.now() })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics))
  const built = buildPlan(declaration.value, existing)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

const plan = makePlan()
let aws: LocalAws
beforeAll(async () => {
  aws = await startLocalAws({ account, region })
  await aws.load(plan)
})
afterAll(() => aws.close())

const config = (credentials: LocalCredentials) => ({ endpoint: aws.endpoint, region, credentials })
const s3Of = (credentials: LocalCredentials) =>
  new S3Client({ ...config(credentials), forcePathStyle: true, maxAttempts: 1 })
const iam = () => new IAMClient(config(aws.root))

async function keysOf(UserName: string): Promise<LocalCredentials> {
  const { AccessKey } = await iam().send(new CreateAccessKeyCommand({ UserName }))
  return {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  }
}

const Bucket = `acme-raw-${account}`

test.each(['ada.l', 'bob'])('%s reads and writes in the existing bucket, under the existing key', async (user) => {
  const s3 = s3Of(await keysOf(user))
  await s3.send(new PutObjectCommand({ Bucket, Key: `in/${user}`, Body: 'text' }))
  const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand({ Bucket, Key: `in/${user}` }))
  expect(await Body?.transformToString()).toBe('text')
  expect(SSEKMSKeyId).toBe(keyArn)
  await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'out/x', Body: 'x' }))).rejects.toThrow('not authorized')
  const { KeyMetadata } = await new KMSClient(config(aws.root)).send(
    new DescribeKeyCommand({ KeyId: 'alias/ringfence/acme/raw' }),
  )
  expect(KeyMetadata?.Arn).toBe(keyArn)
}) // prettier-ignore

test('an existing user that only deletes does not read, AdministratorAccess or not', async () => {
  const s3 = s3Of(await keysOf('eve'))
  const read = () => s3.send(new HeadObjectCommand({ Bucket, Key: 'in/bob' }))
  await expect(read()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam().send(new AttachUserPolicyCommand({ UserName: 'eve', PolicyArn }))
  await expect(read()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
})

test('the existing role runs the jobs of existing and new users', async () => {
  for (const user of ['ada.l', 'bob']) {
    const client = new SageMakerClient(config(await keysOf(user)))
    const start = (RoleArn: string) =>
      client.send(
        new CreateTrainingJobCommand({
          TrainingJobName: `training--research--${user.replace('.', '-')}`,
          RoleArn,
          AlgorithmSpecification: { TrainingInputMode: 'File', TrainingImage: 'image' },
          OutputDataConfig: { S3OutputPath: `s3://${Bucket}/in/` },
          ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1, VolumeSizeInGB: 1 },
          StoppingCondition: { MaxRuntimeInSeconds: 60 },
          Tags: [{ Key: 'ringfence:team', Value: 'research' }],
        }),
      )
    await expect(start(`arn:aws:iam::${account}:role/platform-admin`)).rejects.toThrow('not authorized')
    expect((await start(roleArn)).TrainingJobArn).toContain(`training--research--`)
  }
  const session = await aws.issueRoleSession({
    roleArn,
    sessionName: 'SageMaker',
    principal: 'sagemaker.amazonaws.com',
    action: 'sts:AssumeRole',
    context: {
      'aws:SourceAccount': account,
      'aws:SourceArn': `arn:aws:sagemaker:${region}:${account}:training-job/x`,
    },
  })
  const { Body } = await s3Of(session).send(new GetObjectCommand({ Bucket, Key: 'in/bob' }))
  expect(await Body?.transformToString()).toBe('text')
})

test('what existing users and groups have besides stays; what ringfence makes is put back', async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  await iam().send(new CreateGroupCommand({ GroupName: 'others' }))
  for (const UserName of ['ada.l', 'bob']) {
    await iam().send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
    await iam().send(new AddUserToGroupCommand({ UserName, GroupName: 'others' }))
  }
  await aws.load(plan)
  const state = async (UserName: string) => {
    const attached = await iam().send(new ListAttachedUserPoliciesCommand({ UserName }))
    const { Groups } = await iam().send(new ListGroupsForUserCommand({ UserName }))
    const policies = attached.AttachedPolicies?.map((one) => one.PolicyName) ?? []
    return { foreign: policies.includes('AdministratorAccess'), groups: Groups?.map((one) => one.GroupName).toSorted() }
  }
  expect(await state('ada.l')).toEqual({ foreign: true, groups: ['others', 'researchers'] })
  expect(await state('bob')).toEqual({ foreign: false, groups: ['researchers'] })
}) // prettier-ignore
