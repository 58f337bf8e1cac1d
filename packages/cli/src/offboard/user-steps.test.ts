import { IAM } from '@aws-sdk/client-iam'
import { S3 } from '@aws-sdk/client-s3'
import { STS } from '@aws-sdk/client-sts'
import { sessionLock, type Step, userSteps } from '@ringfence/lifecycle'
import { type LocalAws, type LocalCredentials, startLocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration, type Plan } from '@ringfence/plan'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { revocationInstant } from '../deploy/revoke-leavers.js'
import { giveCredentials } from './credentials.fixture.js'
import { readUser } from './read-user.js'
import { runSteps } from './run-steps.js'

const text = `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: corp }
members:
  bot: { kind: service, keys: { until: 2035-01-31 } }
  fred: { signIn: federation, email: fred@acme.example }
teams:
  research: [bot, fred]
datasets:
  raw: {}
grants:
  - { to: research, can: [read, write], on: raw }
`
const plan = planOf(text)
const bucket = plan.resources.flatMap((one) => (one.type === 's3.Bucket' ? [one.bucket] : []))[0] ?? ''
const path = '/ringfence/acme/'

function planOf(declared: string): Plan {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text: declared, nowMs: Date.now() })
  const built = declaration.ok ? buildPlan(declaration.value) : declaration
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

let aws: LocalAws
let iam: IAM
let keys: readonly LocalCredentials[]
let now: number
beforeEach(async () => {
  now = Date.now()
  aws = await startLocalAws({ account: plan.account, region: plan.region, nowMs: () => now })
  await aws.load(plan)
  const administrator = await aws.issueRoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/platform-admin',
    sessionName: 'boss',
    principal: 'arn:aws:iam::111122223333:root',
    action: 'sts:AssumeRole',
  })
  iam = new IAM({ endpoint: aws.endpoint, region: 'us-east-1', credentials: administrator })
  const declared = await aws.issueUserKey('bot')
  const UserName = 'bot'
  const session = await new STS({
    endpoint: aws.endpoint,
    region: 'us-east-1',
    credentials: declared,
  }).getSessionToken({})
  keys = [declared, await aws.issueUserKey('bot'), credentialsOf(session.Credentials)]
  await iam.createLoginProfile({ UserName, Password: 'Correct-Horse-1' })
  await giveCredentials(iam, UserName)
  await iam.attachUserPolicy({ UserName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  })
  await iam.putUserPolicy({ UserName, PolicyName: 'mine', PolicyDocument })
})
afterEach(async () => {
  iam?.destroy()
  await aws?.close()
})

function credentialsOf(
  made: {
    AccessKeyId?: string | undefined
    SecretAccessKey?: string | undefined
    SessionToken?: string | undefined
  } = {},
): LocalCredentials {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = made
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
}

/** Whether somebody may write to the dataset, by a real request. */
async function works(credentials: LocalCredentials): Promise<boolean> {
  const s3 = new S3({ endpoint: aws.endpoint, region: plan.region, credentials, forcePathStyle: true })
  try {
    await s3.putObject({ Bucket: bucket, Key: 'a', Body: 'x' })
    return true
  } catch (error) {
    expect((error as Error).name).toMatch(
      /^(AccessDenied|InvalidAccessKeyId|InvalidToken|InvalidClientTokenId)$/,
    )
    return false
  } finally {
    s3.destroy()
  }
}

const signIn = () =>
  aws.issueRoleSession({
    roleArn: 'arn:aws:iam::111122223333:role/ringfence/acme/acme-research',
    sessionName: 'fred',
    principal: 'arn:aws:iam::111122223333:saml-provider/corp',
    action: 'sts:AssumeRoleWithSAML',
    context: { 'SAML:aud': 'https://signin.aws.amazon.com/saml', 'SAML:sub': 'fred@acme.example' },
  })

const worksFor = () => Promise.all(keys.map(works))

async function steps(): Promise<readonly Step[]> {
  const held = await readUser(iam, 'bot', path)
  return held === undefined ? [] : userSteps(held)
}

test('keys are refused from the first calls on, then everything, and nothing works again on the way', async () => {
  expect(await worksFor()).toEqual([true, true, true])
  const planned = await steps()
  expect(planned.slice(0, 3).map(({ operation }) => operation)).toEqual([
    'UpdateAccessKey',
    'UpdateAccessKey',
    'PutUserPolicy',
  ])
  const seen: string[] = []
  for (const step of planned) {
    await runSteps(iam, [step], () => {})
    seen.push((await worksFor()).map((one) => (one ? 'y' : 'n')).join(''))
  }
  // A session outlives its key, and so is stopped by the lock.
  expect(seen[1]?.slice(0, 2)).toBe('nn')
  expect(new Set(seen.slice(2))).toEqual(new Set(['nnn']))
  expect(await readUser(iam, 'bot', path)).toBeUndefined()
  expect(await steps()).toEqual([])
})

test('SSH keys, service-specific credentials and signing certificates go with the user', async () => {
  const held = await readUser(iam, 'bot', path)
  expect(held).toMatchObject({
    sshKeys: [expect.stringMatching(/^APKA/)],
    serviceCredentials: [expect.stringMatching(/^ACCA/)],
    signingCertificates: [expect.stringMatching(/^[A-Z2-7]{32}$/)],
  })
  await runSteps(iam, await steps(), () => {})
  // Whoever is called so next begins with nothing.
  await iam.createUser({ UserName: 'bot', Path: path })
  expect(await readUser(iam, 'bot', path)).toMatchObject({
    sshKeys: [],
    serviceCredentials: [],
    signingCertificates: [],
  })
})

test('a run that is killed after any step is continued by reading again', async () => {
  const left: number[] = []
  for (let done = 0; done < 30; done += 1) {
    const planned = await steps()
    if (planned.length === 0) break
    left.push(planned.length)
    // As much as a run that is killed after its first three calls.
    await runSteps(iam, planned.slice(0, 3), () => {})
    if (done > 0) expect(await worksFor()).toEqual([false, false, false])
    // The lock, of which the rest is made again each time, is never what keeps a run from its end.
    const rest = (await steps()).filter(({ operation }) => operation !== 'PutUserPolicy')
    await runSteps(iam, rest.slice(0, 2), () => {})
  }
  expect(left.length).toBeGreaterThan(1)
  expect(left.length).toBeLessThan(30)
  expect(await readUser(iam, 'bot', path)).toBeUndefined()
})

test('sessions of a role that were issued before the revocation are refused, and later ones are not', async () => {
  const old = await signIn()
  expect(await works(old)).toBe(true)
  await runSteps(iam, [sessionLock('acme-research', revocationInstant(now))], () => {})
  expect(await works(old)).toBe(false)
  now += 2000
  expect(await works(await signIn())).toBe(true)
})

test("another one's user of the same name is left alone", async () => {
  await iam.createUser({ UserName: 'zoe' })
  expect(await readUser(iam, 'zoe', path)).toBeUndefined()
})
