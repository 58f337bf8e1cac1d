import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CloudTrailEvent, LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import type { RootClients } from '../test-server/root-clients.js'
import { answerOf, rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const region = 'eu-west-1'
const startMs = Date.UTC(2026, 10, 22)
const dayMs = 86_400_000
const events: CloudTrailEvent[] = []

let nowMs = startMs
let aws: LocalAws
let clients: RootClients
beforeAll(async () => {
  aws = await startLocalAws({ account, region, nowMs: () => nowMs, onEvent: (event) => events.push(event) })
  at(startMs)
})
afterAll(() => aws.close())

/** Clients whose clocks follow the server's. */
function at(ms: number): void {
  nowMs = ms
  clients = rootClients(aws, ms - Date.now())
}

/** An IAM user with an inline policy, as a client of Secrets Manager. */
async function clientOf(user: string, statements: readonly object[]): Promise<SecretsManager> {
  const { iam } = clients
  await iam.createUser({ UserName: user })
  await iam.putUserPolicy({
    UserName: user,
    PolicyName: 'own',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
  })
  const { AccessKey } = await iam.createAccessKey({ UserName: user })
  return new SecretsManager({
    endpoint: aws.endpoint,
    region,
    credentials: {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    },
    maxAttempts: 1,
    systemClockOffset: nowMs - Date.now(),
  })
}

const get = (who: SecretsManager, SecretId: string) => answerOf(who.getSecretValue({ SecretId }))

const pattern = (name: string) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-??????`

test('a secret is made, read, changed and deleted as the provider does', async () => {
  const { secretsManager: sm } = clients
  const { ARN = '' } = await sm.createSecret({
    Name: 'a/key',
    Description: 'key',
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-west-1:111122223333:secret:a\/key-[A-Za-z0-9]{6}$/)
  expect(await answerOf(sm.describeSecret({ SecretId: ARN }))).toMatchObject({
    ARN,
    Name: 'a/key',
    Description: 'key',
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect(await answerOf(sm.getResourcePolicy({ SecretId: 'a/key' }))).toEqual({ ARN, Name: 'a/key' })
  expect(await answerOf(sm.getSecretValue({ SecretId: ARN }))).toBe('ResourceNotFoundException')
  const first = await sm.putSecretValue({ SecretId: ARN, SecretString: 'one-value' })
  const second = await sm.putSecretValue({ SecretId: ARN, SecretString: 'two-value' })
  const stage = async (VersionStage: string) =>
    (await sm.getSecretValue({ SecretId: 'a/key', VersionStage })).SecretString
  expect([await stage('AWSCURRENT'), await stage('AWSPREVIOUS')]).toEqual(['two-value', 'one-value'])
  expect(await sm.getSecretValue({ SecretId: ARN, VersionId: first.VersionId })).toMatchObject({
    SecretString: 'one-value',
    VersionStages: ['AWSPREVIOUS'],
  })
  await sm.putSecretValue({ SecretId: ARN, SecretString: 'three-value' })
  expect(await stage('AWSPREVIOUS')).toBe('two-value')
  const listed = await sm.listSecretVersionIds({ SecretId: ARN })
  expect(listed.Versions).toHaveLength(2)
  expect((await sm.listSecretVersionIds({ SecretId: ARN, IncludeDeprecated: true })).Versions).toHaveLength(3)
  const label = { SecretId: ARN, VersionStage: 'AWSPREVIOUS', RemoveFromVersionId: second.VersionId }
  await sm.updateSecretVersionStage(label)
  expect(await answerOf(sm.getSecretValue({ SecretId: ARN, VersionStage: 'AWSPREVIOUS' }))).toBe(
    'ResourceNotFoundException',
  )
  expect(await answerOf(sm.deleteSecret({ SecretId: ARN, ForceDeleteWithoutRecovery: true }))).toMatchObject({
    ARN,
  })
  expect(await answerOf(sm.describeSecret({ SecretId: ARN }))).toBe('ResourceNotFoundException')
})

test('the current version cannot lose its label, and a token means one value', async () => {
  const { secretsManager: sm } = clients
  const token = '0a1b2c3d-0000-4000-8000-00000000000a'
  const put = (SecretString: string) =>
    sm.putSecretValue({ SecretId: 'b', SecretString, ClientRequestToken: token })
  await sm.createSecret({ Name: 'b' })
  expect(await answerOf(put('x'))).toMatchObject({ VersionId: token, VersionStages: ['AWSCURRENT'] })
  expect(await answerOf(put('x'))).toMatchObject({ VersionId: token })
  expect(await answerOf(put('y'))).toBe('ResourceExistsException')
  const taken = { SecretId: 'b', VersionStage: 'AWSCURRENT', RemoveFromVersionId: token }
  expect(await answerOf(sm.updateSecretVersionStage(taken))).toBe('InvalidParameterException')
  expect(await answerOf(sm.createSecret({ Name: 'b' }))).toBe('ResourceExistsException')
  expect(await answerOf(sm.createSecret({ Name: 'c d' }))).toBe('ValidationException')
})

test('a name is taken until the recovery window is over, and a secret can be restored in it', async () => {
  const { secretsManager: sm } = clients
  await sm.createSecret({ Name: 'window', SecretString: 'kept-value' })
  await sm.deleteSecret({ SecretId: 'window', RecoveryWindowInDays: 7 })
  expect(await answerOf(sm.createSecret({ Name: 'window' }))).toBe('InvalidRequestException')
  expect(await answerOf(sm.getSecretValue({ SecretId: 'window' }))).toBe('InvalidRequestException')
  expect(await answerOf(sm.describeSecret({ SecretId: 'window' }))).toMatchObject({
    DeletedDate: new Date(startMs + 7 * dayMs),
  })
  const names = async (IncludePlannedDeletion: boolean) =>
    (
      await sm.listSecrets({ IncludePlannedDeletion, Filters: [{ Key: 'name', Values: ['win'] }] })
    ).SecretList?.map(({ Name }) => Name)
  expect([await names(false), await names(true)]).toEqual([[], ['window']])
  await sm.restoreSecret({ SecretId: 'window' })
  expect((await sm.getSecretValue({ SecretId: 'window' })).SecretString).toBe('kept-value')
  await sm.deleteSecret({ SecretId: 'window', RecoveryWindowInDays: 7 })
  at(startMs + 7 * dayMs)
  expect(await answerOf(clients.secretsManager.describeSecret({ SecretId: 'window' }))).toBe(
    'ResourceNotFoundException',
  )
  expect(await answerOf(clients.secretsManager.createSecret({ Name: 'window' }))).toMatchObject({
    Name: 'window',
  })
})

test('identity and resource policies decide together, for names, ARNs and tags', async () => {
  const { secretsManager: sm } = clients
  await sm.createSecret({ Name: 'team/bot', SecretString: 'of-bot', Tags: [{ Key: 'for', Value: 'bot' }] })
  await sm.createSecret({ Name: 'team/bot-abcdef', SecretString: 'of-another' })
  const read = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue' }
  const bot = await clientOf('bot', [{ ...read, Resource: pattern('team/bot') }])
  const all = await clientOf('all', [{ Effect: 'Allow', Action: 'secretsmanager:*', Resource: '*' }])
  const tagged = await clientOf('tagged', [
    { ...read, Resource: '*', Condition: { StringEquals: { 'secretsmanager:ResourceTag/for': 'bot' } } },
  ])
  expect(await get(bot, 'team/bot')).toMatchObject({ SecretString: 'of-bot' })
  expect(await get(bot, 'team/bot-abcdef')).toBe('AccessDeniedException')
  expect(await get(tagged, 'team/bot')).toMatchObject({ SecretString: 'of-bot' })
  expect(await get(tagged, 'team/bot-abcdef')).toBe('AccessDeniedException')
  expect(await get(all, 'team/bot')).toMatchObject({ SecretString: 'of-bot' })
  const denied = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:user/bot` } },
      },
    ],
  }
  const policy = { SecretId: 'team/bot', ResourcePolicy: JSON.stringify(denied) }
  await sm.putResourcePolicy({ ...policy, BlockPublicPolicy: true })
  expect(await get(bot, 'team/bot')).toMatchObject({ SecretString: 'of-bot' })
  expect(await get(all, 'team/bot')).toBe('AccessDeniedException')
  expect(await get(tagged, 'team/bot')).toBe('AccessDeniedException')
  await all.deleteResourcePolicy({ SecretId: 'team/bot' })
  expect(await get(all, 'team/bot')).toMatchObject({ SecretString: 'of-bot' })
})

test('policies that no AWS would take are refused', async () => {
  const { secretsManager: sm } = clients
  await sm.createSecret({ Name: 'policy' })
  const put = (statement: object, BlockPublicPolicy = false) =>
    answerOf(
      sm.putResourcePolicy({
        SecretId: 'policy',
        ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
        BlockPublicPolicy,
      }),
    )
  const open = { Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' }
  expect(await put(open, true)).toBe('PublicPolicyException')
  expect(await put(open)).toMatchObject({ Name: 'policy' })
  expect(await put({ Effect: 'Allow', Action: '*', Resource: '*' })).toBe('MalformedPolicyDocumentException')
  const nobody = { AWS: `arn:aws:iam::${account}:user/nobody` }
  expect(await put({ ...open, Principal: nobody })).toBe('MalformedPolicyDocumentException')
})

test('events name the secret and hold no value', () => {
  const texts = events.map((event) => JSON.stringify(event))
  expect(texts.some((text) => text.includes('"eventName":"GetSecretValue"'))).toBe(true)
  expect(texts.some((text) => text.includes('"secretId":"team/bot"'))).toBe(true)
  for (const value of ['one-value', 'two-value', 'kept-value', 'of-bot', 'of-another'])
    expect(texts.filter((text) => text.includes(value))).toEqual([])
})
