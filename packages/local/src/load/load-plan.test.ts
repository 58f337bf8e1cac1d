import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import type { Plan } from '@ringfence/plan'
import { buildPlan, parseDeclaration, parseRoster } from '@ringfence/plan'
import type { LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import { openDatabase } from '../store/database.js'

const nowMs = Date.UTC(2026, 10, 22)
const examples = [
  'seed-1-user-data-segregation',
  'seed-2-automated-user-provisioning',
  'seed-3-training-platform-access',
  'seed-4-data-leakage-prevention',
  'seed-5-centralized-policies',
  'acme-ai',
  'roster',
]

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ringfence-load-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

function planOf(example: string, edit: (text: string) => string = (text) => text): Plan {
  const file = fileURLToPath(new URL(`../../../../examples/${example}/ringfence.yaml`, import.meta.url))
  const people = join(dirname(file), 'roster.csv')
  const roster = existsSync(people)
    ? parseRoster({ file: people, text: readFileSync(people, 'utf8') }).value
    : undefined
  const read = parseDeclaration({ file, text: edit(readFileSync(file, 'utf8')), nowMs, roster })
  if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
  const built = buildPlan(read.value)
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

async function withServer<Result>(plan: Plan, work: (aws: LocalAws) => Promise<Result>): Promise<Result> {
  const { account, region } = plan
  const aws = await startLocalAws({ account, region, dataDir, nowMs: () => nowMs })
  try {
    return await work(aws)
  } finally {
    await aws.close()
  }
}

const tables = [
  'iam.accounts',
  'iam.users',
  'iam.groups',
  'iam.memberships',
  'iam.roles',
  'iam.policies',
  'iam.policy-uses',
  'iam.access-keys',
  'iam.oidc-providers',
  'iam.saml-providers',
  'kms.keys',
  'kms.aliases',
  's3.buckets',
  's3.accountBlocks',
  'sagemaker.resources',
  'organizations.organizations',
  'organizations.policies',
  'organizations.attachments',
]

async function dump(): Promise<string> {
  const database = openDatabase(join(dataDir, 'database'))
  const rows = tables.flatMap((name) =>
    [...database.table(name).range({})].map((row) => JSON.stringify([name, row])),
  )
  await database.close()
  return rows.join('\n')
}

test.each(examples)('%s: a restart keeps everything and a second load changes nothing', async (example) => {
  const plan = planOf(example)
  const root = await withServer(plan, async (aws) => {
    await aws.load(plan)
    return aws.root
  })
  const before = await dump()
  expect(before.split('\n').length).toBeGreaterThan(plan.resources.length / 2)
  await withServer(plan, async (aws) => {
    expect(aws.root).toEqual(root)
    await aws.load(plan)
  })
  expect(await dump()).toBe(before)
})

test('what differs from the plan is put back, members and attachments included', async () => {
  const plan = planOf('acme-ai')
  const membership = plan.resources.find((one) => one.type === 'iam.UserGroupMembership')
  const policy = plan.resources.find((one) => one.type === 'iam.Policy')
  const bucket = plan.resources.find((one) => one.type === 's3.BucketPolicy')
  if (!membership || !policy || !bucket) throw new Error('the example has changed')
  const { account } = plan
  // A plan without its guardrail, so that root may change what it made.
  const open = { ...plan, resources: plan.resources.filter((one) => one.type !== 'organizations.Policy') }
  await withServer(plan, async (aws) => {
    await aws.load(open)
    const config = {
      endpoint: aws.endpoint,
      region: plan.region,
      credentials: aws.root,
      systemClockOffset: nowMs - Date.now(),
    }
    const iam = new IAM(config)
    const s3 = new S3({ ...config, forcePathStyle: true })
    const UserName = membership.user
    await iam.createGroup({ GroupName: 'intruders' })
    await iam.addUserToGroup({ UserName, GroupName: 'intruders' })
    await iam.attachUserPolicy({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    })
    await iam.createPolicyVersion({ PolicyArn: policy.arn, PolicyDocument, SetAsDefault: true })
    await s3.deleteBucketPolicy({ Bucket: bucket.bucket })
    await aws.load(open)
    const { Groups } = await iam.listGroupsForUser({ UserName })
    expect(Groups?.map(({ GroupName }) => GroupName).toSorted()).toEqual([...membership.groups].toSorted())
    const { Policy } = await s3.getBucketPolicy({ Bucket: bucket.bucket })
    expect(JSON.parse(Policy ?? '')).toEqual(bucket.policy)
    const { Policy: now } = await iam.getPolicy({ PolicyArn: policy.arn })
    const { PolicyVersion } = await iam.getPolicyVersion({
      PolicyArn: policy.arn,
      VersionId: now?.DefaultVersionId,
    })
    expect(JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? ''))).toEqual(policy.policy)
    expect(account).toBe(aws.account)
  })
})

test('nobody but the owner may look into the data folder', async () => {
  const plan = planOf('seed-1-user-data-segregation')
  await withServer(plan, (aws) => aws.load(plan))
  for (const [path, mode] of [
    [dataDir, 0o700],
    [join(dataDir, 'database'), 0o700],
    [join(dataDir, 'database', 'data.mdb'), 0o600],
  ] as const) {
    expect(statSync(path).mode & 0o777).toBe(mode)
  }
})

test('a plan of another account is refused', async () => {
  const plan = planOf('seed-1-user-data-segregation')
  await withServer(plan, async (aws) => {
    await expect(aws.load({ ...plan, account: '999999999999' })).rejects.toThrow('the plan is for account')
  })
})

test('a guardrail holds for root too, and a load lifts it only for itself', async () => {
  const plan = planOf('acme-ai', (text) =>
    /^guardrail:/m.test(text) ? text : `${text}\nguardrail: serviceControlPolicy\n`,
  )
  expect(plan.resources.some((one) => one.type === 'organizations.Policy')).toBe(true)
  const user = plan.resources.find((one) => one.type === 'iam.User')
  if (!user) throw new Error('the example has changed')
  await withServer(plan, async (aws) => {
    await aws.load(plan)
    const iam = new IAM({
      endpoint: aws.endpoint,
      region: plan.region,
      credentials: aws.root,
      systemClockOffset: nowMs - Date.now(),
    })
    const attached = iam.attachUserPolicy({
      UserName: user.name,
      PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
    })
    await expect(attached).rejects.toThrow('with an explicit deny in a service control policy')
    await aws.load(plan)
    await expect(iam.deleteUser({ UserName: user.name })).rejects.toThrow('service control policy')
  })
})

test('loads both keys of a rotation, the old one inactive, and no third one when loaded again', async () => {
  const text = [
    'organization: lab',
    "account: '111122223333'",
    'region: eu-west-1',
    'administrators: [role/platform-admin]',
    "members: { bot: { kind: service, keys: { until: '2030-01-01' } } }",
    'teams: { red: [bot] }',
    'datasets: { corpus: {} }',
    'grants: [{ to: red, can: read, on: corpus }]',
  ].join('\n')
  const declared = parseDeclaration({ file: 'ringfence.yaml', text, nowMs })
  if (!declared.ok) throw new Error(JSON.stringify(declared.diagnostics))
  const keys = [
    { generation: 1, status: 'inactive' },
    { generation: 2, status: 'active' },
  ] as const
  const built = buildPlan(declared.value, {}, { accessKeys: { bot: keys }, revocations: {} })
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  await withServer(built.value, async (aws) => {
    await aws.load(built.value)
    await aws.load(built.value)
    const { AccessKeyMetadata = [] } = await aws.call(aws.root, 'iam', 'ListAccessKeys', { UserName: 'bot' })
    expect(AccessKeyMetadata.map(({ Status }) => Status).toSorted()).toEqual(['Active', 'Inactive'])
    const issued = await aws.issueUserKey('bot')
    const active = AccessKeyMetadata.find(({ Status }) => Status === 'Active')
    expect(issued.accessKeyId).toBe(active?.AccessKeyId)
  })
})
