import { IAM } from '@aws-sdk/client-iam'
import { SecretsManager } from '@aws-sdk/client-secrets-manager'
import { type LocalAws, startLocalAws } from '@ringfence/local'
import { buildPlan, parseDeclaration } from '@ringfence/plan'
import type { StateResource } from '@ringfence/pulumi/deploy'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findPhysicalId, type Interrupted } from './find-physical-id.js'

const plan = buildPlanOf(`
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } } }
datasets: { raw: {} }
grants: [{ to: bot, can: read, on: raw }]
`)

function buildPlanOf(text: string) {
  const declaration = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: Date.UTC(2026, 0, 1) })
  const built = declaration.ok ? buildPlan(declaration.value) : declaration
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  return built.value
}

let aws: LocalAws
let secrets: SecretsManager
let interrupted: Pick<Interrupted, 'plan' | 'target'>
/** The ARN of a secret of its own for each test, and names of its versions by their ids. */
let SecretId: string
let named: Map<string, string>
beforeAll(async () => {
  aws = await startLocalAws({ account: plan.account, region: plan.region })
  await aws.load(plan)
  const { endpoint, region } = aws
  const credentials = await aws.issueRoleSession({
    roleArn: `arn:aws:iam::${plan.account}:role/platform-admin`,
    sessionName: 'test',
    principal: `arn:aws:iam::${plan.account}:root`,
    action: 'sts:AssumeRole',
  })
  const account = { endpoint, region, credentials }
  secrets = new SecretsManager(account)
  interrupted = { plan, target: { account, program: {}, env: {}, close: async () => {} } }
})
afterAll(async () => {
  secrets?.destroy()
  await aws?.close()
})

let count = 0
beforeEach(async () => {
  count += 1
  const { ARN = '' } = await secrets.createSecret({ Name: `ringfence/acme/bot-${count}/access-key` })
  SecretId = ARN
  named = new Map()
})

const type = 'aws:secretsmanager/secretVersion:SecretVersion'
const urn = `urn:pulumi:dev::ringfence-acme::${type}::acme/member/bot/secret-version`

/** Writes a value of that name, as Pulumi's provider does. */
async function put(name: string): Promise<string> {
  const { VersionId = '' } = await secrets.putSecretValue({ SecretId, SecretString: name })
  named.set(VersionId, name)
  return `${SecretId}|${VersionId}`
}

/** What clients get: the current value, and the one before. */
async function labels(): Promise<{ readonly current?: string; readonly previous?: string }> {
  const { VersionIdsToStages = {} } = await secrets.describeSecret({ SecretId })
  const of = (label: string) =>
    named.get(Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(label))?.[0] ?? '')
  const [current, previous] = [of('AWSCURRENT'), of('AWSPREVIOUS')]
  return { ...(current && { current }), ...(previous && { previous }) }
}

/** As the next command does it: the write of a version was under way, and the state has the versions of these ids. */
async function repair(...ids: readonly string[]): Promise<void> {
  const resource: StateResource = { urn, type, inputs: { secretId: SecretId } }
  const resources = ids.map((id) => Object.assign({ id }, resource))
  const state = { version: 3, deployment: { resources } }
  expect(await findPhysicalId(resource, { ...interrupted, state })).toBeUndefined()
}

describe('what AWS names itself', () => {
  const nothing = { version: 3, deployment: {} }

  it('is found by the name of a secret, but for one that waits for its deletion', async () => {
    const name = `ringfence/acme/bot-${count}/access-key`
    const secret = { urn: 'secret', type: 'aws:secretsmanager/secret:Secret', inputs: { name } }
    expect(await findPhysicalId(secret, { ...interrupted, state: nothing })).toBe(SecretId)
    await secrets.deleteSecret({ SecretId })
    expect(await findPhysicalId(secret, { ...interrupted, state: nothing })).toBeUndefined()
  })

  it('is deleted where it is a key of which nobody got the secret', async () => {
    const { endpoint, credentials } = interrupted.target.account
    const iam = new IAM({
      region: 'us-east-1',
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    })
    const keys = async () => {
      const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: 'bot' })
      return AccessKeyMetadata.map(({ AccessKeyId = '' }) => AccessKeyId)
    }
    const before = await keys()
    await iam.createAccessKey({ UserName: 'bot' })
    const key = { urn: 'key', type: 'aws:iam/accessKey:AccessKey', inputs: { user: 'bot' } }
    const resources = before.map((id) => Object.assign({ id }, key))
    const state = { version: 3, deployment: { resources } }
    expect(await findPhysicalId(key, { ...interrupted, state })).toBeUndefined()
    expect([before.length, await keys()]).toEqual([1, before])
    iam.destroy()
  })
})

describe('a version of a secret whose write was interrupted', () => {
  it('is taken back if AWS has it, so that to write it again keeps the key before it', async () => {
    const first = await put('key 1')
    await put('key 2')
    await repair(first)
    expect((await labels()).current).toBe('key 1')
    await put('key 2, again')
    expect(await labels()).toEqual({ current: 'key 2, again', previous: 'key 1' })
  })

  it('is taken back once, also where the repair was killed, and again where the next write was', async () => {
    const first = await put('key 1')
    await put('key 2')
    await repair(first)
    await repair(first)
    expect((await labels()).current).toBe('key 1')
    await put('key 2, again')
    await repair(first)
    await put('key 2, a third time')
    expect(await labels()).toEqual({ current: 'key 2, a third time', previous: 'key 1' })
  })

  it('is nothing where AWS does not have it', async () => {
    const first = await put('key 1')
    const second = await put('key 2')
    await repair(second)
    await repair(first, second)
    expect(await labels()).toEqual({ current: 'key 2', previous: 'key 1' })
  })

  it('stays where it is the first one: a secret with a value has a current one', async () => {
    await repair()
    await put('key 1')
    await repair()
    expect(await labels()).toEqual({ current: 'key 1' })
  })

  it('is left to drift where the state does not know the one before it either', async () => {
    const first = await put('key 1')
    await put('of somebody')
    await put('key 2')
    await repair(first)
    expect(await labels()).toEqual({ current: 'key 2', previous: 'of somebody' })
  })

  it('hinders nothing where the secret waits for its deletion, or is gone', async () => {
    const first = await put('key 1')
    await put('key 2')
    await secrets.deleteSecret({ SecretId })
    await repair(first)
    await secrets.deleteSecret({ SecretId, ForceDeleteWithoutRecovery: true })
    await repair(first)
  })
})
