import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import type { RootClients } from '../test-server/root-clients.js'
import { answerOf, rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const region = 'eu-west-1'
const arn = (rest: string) => `arn:aws:kms:${region}:${account}:${rest}`
const startMs = Date.UTC(2026, 10, 22)

let nowMs = startMs
let aws: LocalAws
let clients: RootClients
beforeAll(async () => {
  aws = await startLocalAws({ account, region, nowMs: () => nowMs })
})
afterAll(() => aws.close())

/** Clients whose clocks follow the server's. */
function at(ms: number): RootClients {
  nowMs = ms
  clients = rootClients(aws, ms - Date.now())
  return clients
}

const policy = (...Action: string[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action, Resource: '*' },
    ],
  })

test('a key is made, read, changed and scheduled for deletion as the provider does', async () => {
  const { kms } = at(startMs)
  const made = await kms.createKey({
    Description: 'data',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeySpec: 'SYMMETRIC_DEFAULT',
    MultiRegion: false,
    Policy: policy('kms:*'),
    BypassPolicyLockoutSafetyCheck: true,
    Tags: [{ TagKey: 'a', TagValue: 'b' }],
  })
  const KeyId = made.KeyMetadata?.KeyId ?? ''
  const described = { KeyId, Arn: arn(`key/${KeyId}`), KeyState: 'Enabled', Enabled: true, Origin: 'AWS_KMS' }
  expect(await answerOf(kms.describeKey({ KeyId }))).toMatchObject({ KeyMetadata: described })
  expect(await answerOf(kms.getKeyPolicy({ KeyId, PolicyName: 'default' }))).toEqual({
    Policy: policy('kms:*'),
    PolicyName: 'default',
  })
  expect(await answerOf(kms.getKeyRotationStatus({ KeyId }))).toEqual({ KeyId, KeyRotationEnabled: false })
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 180 })
  expect(await answerOf(kms.getKeyRotationStatus({ KeyId }))).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 180,
    NextRotationDate: new Date(startMs + 180 * 86_400_000),
  })
  expect(await answerOf(kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 30 }))).toBe(
    'ValidationException',
  )
  await kms.enableKeyRotation({ KeyId })
  expect(await answerOf(kms.getKeyRotationStatus({ KeyId }))).toMatchObject({ RotationPeriodInDays: 365 })
  await kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: policy('kms:*', 's3:GetObject') })
  await kms.updateKeyDescription({ KeyId, Description: 'more data' })
  await kms.tagResource({ KeyId, Tags: [{ TagKey: 'c', TagValue: 'd' }] })
  await kms.untagResource({ KeyId, TagKeys: ['a'] })
  expect(await answerOf(kms.listResourceTags({ KeyId }))).toEqual({
    Tags: [{ TagKey: 'c', TagValue: 'd' }],
    Truncated: false,
  })
  await kms.disableKey({ KeyId })
  await kms.enableKey({ KeyId })
  const AliasName = 'alias/acme/data'
  await kms.createAlias({ AliasName, TargetKeyId: KeyId })
  expect(await answerOf(kms.createAlias({ AliasName, TargetKeyId: KeyId }))).toBe('AlreadyExistsException')
  const { Aliases } = await kms.listAliases({})
  expect(Aliases?.find((alias) => alias.AliasName === AliasName)).toMatchObject({
    AliasArn: arn(AliasName),
    TargetKeyId: KeyId,
  })
  expect(await answerOf(kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 }))).toMatchObject({
    KeyState: 'PendingDeletion',
    PendingWindowInDays: 7,
  })
  expect(await answerOf(kms.describeKey({ KeyId }))).toMatchObject({
    KeyMetadata: { KeyState: 'PendingDeletion', Enabled: false },
  })
  expect(await answerOf(kms.getKeyRotationStatus({ KeyId }))).toEqual({ KeyId, KeyRotationEnabled: false })
  expect(await answerOf(kms.scheduleKeyDeletion({ KeyId }))).toBe('KMSInvalidStateException')
  await kms.deleteAlias({ AliasName })
  expect(await answerOf(kms.deleteAlias({ AliasName }))).toBe('NotFoundException')
})

test.each<[string, (clients: RootClients) => Promise<object>, unknown]>([
  ['DescribeKey', ({ kms }) => kms.describeKey({ KeyId: crypto.randomUUID() }), 'NotFoundException'],
  ['GetKeyPolicy', ({ kms }) => kms.getKeyPolicy({ KeyId: crypto.randomUUID() }), 'NotFoundException'],
  [
    'ListResourceTags',
    ({ kms }) => kms.listResourceTags({ KeyId: crypto.randomUUID() }),
    'NotFoundException',
  ],
  [
    'GetCallerIdentity',
    ({ sts }) => sts.getCallerIdentity({}),
    { Account: account, UserId: account, Arn: `arn:aws:iam::${account}:root` },
  ],
])('%s', async (_name, call, expected) => {
  const answer = await answerOf(call(at(startMs)))
  if (typeof expected === 'string') expect(answer).toBe(expected)
  else expect(answer).toMatchObject(expected as object)
})

test('a project is made, read, tagged and deleted, with statuses that end', async () => {
  const { sageMaker } = at(startMs)
  const ProjectName = 'training'
  const absent = await sageMaker.describeProject({ ProjectName }).catch((error: Error) => error)
  expect(absent).toMatchObject({ name: 'ValidationException' })
  expect((absent as Error).message).toMatch(/does not exist|Cannot find Project/)
  const ServiceCatalogProvisioningDetails = { ProductId: 'prod-abc', ProvisioningArtifactId: 'pa-abc' }
  const Tags = [{ Key: 'a', Value: 'b' }]
  const made = await sageMaker.createProject({ ProjectName, ServiceCatalogProvisioningDetails, Tags })
  expect(made.ProjectId).toMatch(/^p-/)
  const statuses: unknown[] = []
  for (let second = 0; second < 120 && statuses.at(-1) !== 'CreateCompleted'; second += 5) {
    const { ProjectStatus } = await at(startMs + second * 1000).sageMaker.describeProject({ ProjectName })
    statuses.push(ProjectStatus)
  }
  expect(statuses.at(-1)).toBe('CreateCompleted')
  const later = at(startMs + 600_000).sageMaker
  expect(await answerOf(later.describeProject({ ProjectName }))).toMatchObject({
    ProjectArn: made.ProjectArn,
    ServiceCatalogProvisioningDetails,
  })
  expect(await answerOf(later.listTags({ ResourceArn: made.ProjectArn }))).toMatchObject({ Tags })
  await later.addTags({ ResourceArn: made.ProjectArn, Tags: [{ Key: 'c', Value: 'd' }] })
  await later.deleteTags({ ResourceArn: made.ProjectArn, TagKeys: ['a'] })
  expect(await answerOf(later.listTags({ ResourceArn: made.ProjectArn }))).toMatchObject({
    Tags: [{ Key: 'c', Value: 'd' }],
  })
  await later.updateProject({ ProjectName, ProjectDescription: 'where models are trained' })
  expect(await answerOf(later.updateProject({ ProjectName }))).toBe('ValidationException')
  const changed = at(startMs + 1_200_000).sageMaker
  expect(await answerOf(changed.describeProject({ ProjectName }))).toMatchObject({
    ProjectDescription: 'where models are trained',
    ProjectStatus: 'UpdateCompleted',
    ServiceCatalogProvisioningDetails,
    // The provider reads a member of it, whatever the status is.
    ServiceCatalogProvisionedProductDetails: { ProvisionedProductId: expect.stringMatching(/^pp-/) },
  })
  await changed.deleteProject({ ProjectName })
  const ended = at(startMs + 1_800_000).sageMaker
  await expect(ended.describeProject({ ProjectName })).rejects.toThrow('does not exist')
  await expect(ended.deleteProject({ ProjectName })).rejects.toThrow('does not exist')
  at(startMs)
})
