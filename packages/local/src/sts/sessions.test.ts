import { createSign, generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { mfaCode } from '../iam/mfa-codes.js'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const issuer = 'https://token.example'
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const others = generateKeyPairSync('rsa', { modulusLength: 2048 })
const startMs = Date.UTC(2027, 4, 1)
let aws: LocalAws
let nowMs = startMs

beforeAll(async () => {
  aws = await startLocalAws({
    account,
    region: 'eu-west-1',
    nowMs: () => nowMs,
    webIdentityKeys: (asked) =>
      asked === issuer ? [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'one' }] : [],
  })
})
afterAll(() => aws.close())

function clients(credentials: LocalCredentials) {
  const config = {
    endpoint: aws.endpoint,
    region: 'eu-west-1',
    credentials,
    maxAttempts: 1,
    systemClockOffset: nowMs - Date.now(),
  }
  return { iam: new IAM(config), sts: new STS(config) }
}

function issued(
  given:
    | {
        AccessKeyId?: string | undefined
        SecretAccessKey?: string | undefined
        SessionToken?: string | undefined
      }
    | undefined,
) {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given ?? {}
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

function document(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

async function makeUser(name: string, ...statements: readonly object[]): Promise<LocalCredentials> {
  const { iam } = clients(aws.root)
  await iam.createUser({ UserName: name })
  await iam.putUserPolicy({ UserName: name, PolicyName: 'own', PolicyDocument: document(...statements) })
  return aws.issueUserKey(name)
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** A signed JSON Web Token. */
function token(claims: object, key = keys.privateKey): string {
  const signed = `${part({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${part(claims)}`
  return `${signed}.${createSign('sha256').update(signed).sign(key).toString('base64url')}`
}

describe('multi-factor authentication', () => {
  const needsMfa = {
    Effect: 'Allow',
    Action: 'iam:ListUsers',
    Resource: '*',
    Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
  }

  test('a code makes a session with MFA, is taken once, and opens a role that asks for it', async () => {
    const root = clients(aws.root)
    const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }
    const ada = await makeUser('ada', needsMfa, assume)
    const { VirtualMFADevice } = await root.iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
    const SerialNumber = VirtualMFADevice?.SerialNumber ?? ''
    const seed = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString()
    const counter = () => Math.floor(nowMs / 30_000)
    await root.iam.enableMFADevice({
      UserName: 'ada',
      SerialNumber,
      AuthenticationCode1: mfaCode(seed, counter() - 1),
      AuthenticationCode2: mfaCode(seed, counter()),
    })
    nowMs += 30_000
    await expect(clients(ada).iam.listUsers({})).rejects.toMatchObject({ name: 'AccessDenied' })
    const wrong = clients(ada).sts.getSessionToken({ SerialNumber, TokenCode: mfaCode(seed, counter() + 50) })
    await expect(wrong).rejects.toThrow('MultiFactorAuthentication failed')
    const TokenCode = mfaCode(seed, counter())
    const { Credentials } = await clients(ada).sts.getSessionToken({ SerialNumber, TokenCode })
    expect((await clients(issued(Credentials)).iam.listUsers({})).Users).toHaveLength(1)
    await expect(clients(ada).sts.getSessionToken({ SerialNumber, TokenCode })).rejects.toThrow('failed')

    const trust = {
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: 'sts:AssumeRole',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    }
    await root.iam.createRole({ RoleName: 'careful', AssumeRolePolicyDocument: document(trust) })
    const asked = { RoleArn: `arn:aws:iam::${account}:role/careful`, RoleSessionName: 'ada' }
    await expect(clients(ada).sts.assumeRole(asked)).rejects.toMatchObject({ name: 'AccessDenied' })
    nowMs += 30_000
    const next = { ...asked, SerialNumber, TokenCode: mfaCode(seed, counter()) }
    expect((await clients(ada).sts.assumeRole(next)).AssumedRoleUser?.Arn).toContain('careful/ada')
    await expect(root.iam.deleteUser({ UserName: 'ada' })).rejects.toMatchObject({
      name: 'DeleteConflictException',
    })
  })
})

describe('federation', () => {
  test('a federated user has what its user and its session policy both allow', async () => {
    const eve = await makeUser('eve', { Effect: 'Allow', Action: ['sts:*', 's3:*', 'iam:*'], Resource: '*' })
    const Policy = document({ Effect: 'Allow', Action: 'sts:GetCallerIdentity', Resource: '*' })
    const { Credentials, FederatedUser } = await clients(eve).sts.getFederationToken({
      Name: 'guest',
      Policy,
    })
    expect(FederatedUser?.Arn).toBe(`arn:aws:sts::${account}:federated-user/guest`)
    const guest = clients(issued(Credentials))
    expect((await guest.sts.getCallerIdentity({})).UserId).toBe(`${account}:guest`)
    await expect(guest.iam.listUsers({})).rejects.toMatchObject({ name: 'AccessDenied' })
    await expect(guest.sts.getSessionToken({})).rejects.toMatchObject({ name: 'AccessDenied' })
  })

  test('a token of a registered issuer opens what its claims open, and no other token does', async () => {
    const { iam } = clients(aws.root)
    const provider = `arn:aws:iam::${account}:oidc-provider/token.example`
    await iam.createOpenIDConnectProvider({ Url: issuer, ClientIDList: ['ringfence'] })
    const trust = {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'token.example:aud': 'ringfence', 'token.example:sub': 'repo:main' } },
    }
    await iam.createRole({ RoleName: 'deployer', AssumeRolePolicyDocument: document(trust) })
    const { sts } = clients(aws.root)
    const assume = (WebIdentityToken: string) =>
      sts.assumeRoleWithWebIdentity({
        RoleArn: `arn:aws:iam::${account}:role/deployer`,
        RoleSessionName: 'ci',
        WebIdentityToken,
      })
    const exp = Math.floor(nowMs / 1000) + 600
    const claims = { iss: issuer, aud: 'ringfence', sub: 'repo:main', exp }
    const { Credentials, SubjectFromWebIdentityToken } = await assume(token(claims))
    expect(SubjectFromWebIdentityToken).toBe('repo:main')
    const { Arn } = await clients(issued(Credentials)).sts.getCallerIdentity({})
    expect(Arn).toBe(`arn:aws:sts::${account}:assumed-role/deployer/ci`)
    // What the token said of who it is, each request of the session says.
    const list = () => clients(issued(Credentials)).iam.listUsers({})
    const allow = (subject: string) =>
      iam.putRolePolicy({
        RoleName: 'deployer',
        PolicyName: 'own',
        PolicyDocument: document({
          Effect: 'Allow',
          Action: 'iam:ListUsers',
          Resource: '*',
          Condition: { StringEquals: { 'token.example:sub': subject, 'token.example:aud': 'ringfence' } },
        }),
      })
    await allow('repo:fork')
    await expect(list()).rejects.toMatchObject({ name: 'AccessDenied' })
    await allow('repo:main')
    expect((await list()).Users).toBeInstanceOf(Array)
    const refused = [
      [token({ ...claims, sub: 'repo:fork' }), 'AccessDenied'],
      [token({ ...claims, aud: 'somebody' }), 'InvalidIdentityTokenException'],
      [token({ ...claims, iss: 'https://evil.example' }), 'InvalidIdentityTokenException'],
      [token({ ...claims, exp: exp - 601 }), 'ExpiredTokenException'],
      [token(claims, others.privateKey), 'InvalidIdentityTokenException'],
      [`${token(claims).split('.').slice(0, 2).join('.')}.`, 'InvalidIdentityTokenException'],
      ['no.token', 'InvalidIdentityTokenException'],
    ] as const
    for (const [given, name] of refused) await expect(assume(given)).rejects.toMatchObject({ name })
  })
})

describe('the policy simulator', () => {
  test('answers for a user as enforcement does', async () => {
    await makeUser('sim', {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::data/*',
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    })
    const { iam } = clients(aws.root)
    const ask = (secure: string) =>
      iam.simulatePrincipalPolicy({
        PolicySourceArn: `arn:aws:iam::${account}:user/sim`,
        ActionNames: ['s3:GetObject', 's3:PutObject'],
        ResourceArns: ['arn:aws:s3:::data/x'],
        ContextEntries: [
          { ContextKeyName: 'aws:SecureTransport', ContextKeyValues: [secure], ContextKeyType: 'boolean' },
        ],
      })
    const decisions = async (secure: string) =>
      (await ask(secure)).EvaluationResults?.map(({ EvalDecision }) => EvalDecision)
    expect(await decisions('true')).toEqual(['allowed', 'implicitDeny'])
    expect(await decisions('false')).toEqual(['implicitDeny', 'implicitDeny'])
  })
})
