import { createSign, generateKeyPairSync } from 'node:crypto'
import { IAM } from '@aws-sdk/client-iam'
import type { AssumeRoleRequest, Credentials } from '@aws-sdk/client-sts'
import { STS } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const issuer = 'https://token.example'
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const team = 'ringfence:team:research'
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`
const mallory = { AWS: arn('user/mallory') }
const anyTag = ['sts:AssumeRole', 'sts:TagSession']

const webIdentityKeys = (asked: string) =>
  asked === issuer ? [{ ...keys.publicKey.export({ format: 'jwk' }) }] : []
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

let aws: LocalAws
let credentials: LocalCredentials
let root: IAM
beforeAll(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1', webIdentityKeys })
  root = iam(aws.root)
  await root.createUser({ UserName: 'mallory' })
  await allow('putUserPolicy', 'mallory', { Effect: 'Allow', Action: 'sts:*', Resource: '*' }, members)
  credentials = await aws.issueUserKey('mallory')
})
afterAll(() => aws.close())

const config = (used: LocalCredentials) => ({
  endpoint: aws.endpoint,
  region: 'eu-west-1',
  credentials: used,
  maxAttempts: 1,
})
const iam = (used: LocalCredentials) => new IAM(config(used))
const sts = (used: LocalCredentials) => new STS(config(used))

/** What only members of the team may do. */
const members = {
  Effect: 'Allow',
  Action: 'iam:ListUsers',
  Resource: '*',
  Condition: { StringEquals: { [`aws:PrincipalTag/${team}`]: 'yes' } },
}

function document(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

async function allow(
  how: 'putUserPolicy' | 'putRolePolicy',
  name: string,
  ...statements: readonly object[]
): Promise<void> {
  const policy = { PolicyName: 'own', PolicyDocument: document(...statements) }
  if (how === 'putUserPolicy') await root.putUserPolicy({ UserName: name, ...policy })
  else await root.putRolePolicy({ RoleName: name, ...policy })
}

async function makeRole(RoleName: string, trust: object, more: object = {}): Promise<string> {
  await root.createRole({
    RoleName,
    AssumeRolePolicyDocument: document({ Effect: 'Allow', ...trust }),
    ...more,
  })
  await allow('putRolePolicy', RoleName, members, { Effect: 'Allow', Action: 'sts:*', Resource: '*' })
  return arn(`role/${RoleName}`)
}

function usable({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}) {
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

async function assume(
  used: LocalCredentials,
  RoleArn: string,
  tags: Readonly<Record<string, string>> = {},
  more: Partial<AssumeRoleRequest> = {},
): Promise<LocalCredentials> {
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  const asked = { RoleArn, RoleSessionName: 'session', ...(Tags.length > 0 ? { Tags } : {}), ...more }
  return usable((await sts(used).assumeRole(asked)).Credentials)
}

async function isMember(used: LocalCredentials): Promise<boolean> {
  try {
    await iam(used).listUsers({})
    return true
  } catch (error) {
    expect((error as Error).name).toBe('AccessDenied')
    return false
  }
}

const denied = { name: 'AccessDenied' }

test('a role whose trust policy says nothing of tags takes none', async () => {
  const role = await makeRole('plain', { Principal: mallory, Action: 'sts:AssumeRole' })
  expect(await isMember(await assume(credentials, role))).toBe(false)
  await expect(assume(credentials, role, { [team]: 'yes' })).rejects.toMatchObject(denied)
})

test('a trust policy that names the keys admits those alone, however they are written', async () => {
  const Condition = { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['project'] } }
  const role = await makeRole('listed', { Principal: mallory, Action: anyTag, Condition })
  expect(await isMember(await assume(credentials, role, { project: 'x' }))).toBe(false)
  for (const tags of [
    { [team]: 'yes' },
    { project: 'x', [team]: 'yes' },
    { [team.toUpperCase()]: 'yes' },
    { 'Ringfence:Team:Research': 'yes' },
  ] as Record<string, string>[])
    await expect(assume(credentials, role, tags)).rejects.toMatchObject(denied)
  const twice = {
    Tags: ['project', 'PROJECT'].map((Key) => ({ Key, Value: 'x' })),
  }
  await expect(assume(credentials, role, {}, twice)).rejects.toThrow()
  const unnamed = { TransitiveTagKeys: [team] }
  await expect(assume(credentials, role, { project: 'x' }, unnamed)).rejects.toMatchObject({
    name: 'ValidationError',
  })
})

test('a trust policy may bind the value, and the allowed tag makes a member', async () => {
  const Condition = { StringEquals: { [`aws:RequestTag/${team}`]: 'yes' } }
  const role = await makeRole('bound', { Principal: mallory, Action: anyTag, Condition })
  await expect(assume(credentials, role, { [team]: 'no' })).rejects.toMatchObject(denied)
  await expect(assume(credentials, role)).rejects.toMatchObject(denied)
  expect(await isMember(await assume(credentials, role, { [team]: 'yes' }))).toBe(true)
})

test('a tag of the role itself counts until a session may write over it', async () => {
  const Tags = [{ Key: team, Value: 'yes' }]
  const closed = await makeRole('tagged', { Principal: mallory, Action: 'sts:AssumeRole' }, { Tags })
  expect(await isMember(await assume(credentials, closed))).toBe(true)
  const open = await makeRole('tagged-open', { Principal: mallory, Action: anyTag }, { Tags })
  expect(await isMember(await assume(credentials, open, { [team.toUpperCase()]: 'no' }))).toBe(false)
})

test('along a chain only transitive tags go on, unchanged, and only where tags may be set', async () => {
  const first = await makeRole('first', { Principal: mallory, Action: anyTag })
  const Principal = { AWS: first }
  const silent = await makeRole('silent', { Principal, Action: 'sts:AssumeRole' })
  const second = await makeRole('second', { Principal, Action: anyTag })
  const lost = await assume(credentials, first, { [team]: 'yes' })
  expect(await isMember(lost)).toBe(true)
  expect(await isMember(await assume(lost, silent))).toBe(false)
  expect(await isMember(await assume(lost, second))).toBe(false)
  const kept = await assume(credentials, first, { [team]: 'yes' }, { TransitiveTagKeys: [team] })
  await expect(assume(kept, silent)).rejects.toMatchObject(denied)
  expect(await isMember(await assume(kept, second))).toBe(true)
  const marked = await assume(credentials, first, { [team]: 'no' }, { TransitiveTagKeys: [team] })
  expect(await isMember(await assume(marked, second))).toBe(false)
  for (const key of [team, team.toUpperCase()])
    await expect(assume(marked, second, { [key]: 'yes' })).rejects.toMatchObject({ name: 'ValidationError' })
})

test('credentials of GetSessionToken have the user’s tags and set none', async () => {
  const session = usable((await sts(credentials).getSessionToken({})).Credentials)
  const plain = await makeRole('from-session', { Principal: mallory, Action: 'sts:AssumeRole' })
  await expect(assume(session, plain, { [team]: 'yes' })).rejects.toMatchObject(denied)
  expect(await isMember(await assume(session, plain))).toBe(false)
})

test('a federated user takes a tag only with the permission to set it', async () => {
  const Policy = document({ Effect: 'Allow', Action: 'sts:*', Resource: '*' })
  const Tags = [{ Key: team, Value: 'yes' }]
  await allow('putUserPolicy', 'mallory', { Effect: 'Allow', NotAction: 'sts:TagSession', Resource: '*' })
  const asked = { Name: 'guest', Policy }
  await expect(sts(credentials).getFederationToken({ ...asked, Tags })).rejects.toMatchObject(denied)
  await sts(credentials).getFederationToken(asked)
})

test('a federated user ends with its user, even if another takes the name', async () => {
  await root.createUser({ UserName: 'passing' })
  const everything = { Effect: 'Allow', Action: '*', Resource: '*' }
  await allow('putUserPolicy', 'passing', everything)
  const key = await aws.issueUserKey('passing')
  const asked = { Name: 'guest', Policy: document(everything) }
  const guest = usable((await sts(key).getFederationToken(asked)).Credentials)
  const caller = async () => (await sts(guest).getCallerIdentity({})).Arn
  expect(await caller()).toBe(`arn:aws:sts::${account}:federated-user/guest`)
  const s3 = async () => {
    const { S3 } = await import('@aws-sdk/client-s3')
    return new S3({ ...config(guest), forcePathStyle: true }).listBuckets({})
  }
  await s3()
  await root.deleteAccessKey({ UserName: 'passing', AccessKeyId: key.accessKeyId })
  await root.deleteUserPolicy({ UserName: 'passing', PolicyName: 'own' })
  await root.deleteUser({ UserName: 'passing' })
  await expect(s3()).rejects.toMatchObject(denied)
  await root.createUser({ UserName: 'passing' })
  await allow('putUserPolicy', 'passing', everything)
  await expect(s3()).rejects.toMatchObject(denied)
})

test('tags in a token are under the same rules', async () => {
  const provider = arn('oidc-provider/token.example')
  await root.createOpenIDConnectProvider({ Url: issuer, ClientIDList: ['ringfence'] })
  const role = await makeRole('from-token', {
    Principal: { Federated: provider },
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: { StringEquals: { 'token.example:aud': 'ringfence' } },
  })
  const take = async (tags: unknown) => {
    const exp = Math.floor(Date.now() / 1000) + 600
    const claims = { iss: issuer, aud: 'ringfence', sub: 'a', exp, 'https://aws.amazon.com/tags': tags }
    const signed = `${part({ alg: 'RS256' })}.${part(claims)}`
    const signature = createSign('sha256').update(signed).sign(keys.privateKey).toString('base64url')
    const asked = { RoleArn: role, RoleSessionName: 'ci', WebIdentityToken: `${signed}.${signature}` }
    return usable((await sts(aws.root).assumeRoleWithWebIdentity(asked)).Credentials)
  }
  expect(await isMember(await take({ principal_tags: { [team]: ['yes'] } }))).toBe(true)
  expect(await isMember(await take({ principal_tags: { other: ['yes'] } }))).toBe(false)
  for (const tags of [
    null,
    'yes',
    { principal_tags: [], transitive_tag_keys: team },
    { principal_tags: { [team]: ['no'], [team.toUpperCase()]: ['yes'] } },
    { principal_tags: { [team]: ['no', 'yes'] } },
    { principal_tags: { [team]: { nested: 'yes' } } },
    { principal_tags: { 'aws:team': ['yes'] } },
    { principal_tags: { a: ['b'] }, transitive_tag_keys: [team] },
    { principal_tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ['v']])) },
  ])
    await expect(take(tags), JSON.stringify(tags)).rejects.toMatchObject({
      name: 'InvalidIdentityTokenException',
    })
})
