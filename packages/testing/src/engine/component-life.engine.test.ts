import {
  DeleteAccessKeyCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListAccessKeysCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { GetBucketPolicyCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { Provider } from '@pulumi/aws/provider.js'
import * as pulumi from '@pulumi/pulumi'
import type { LocalCredentials } from '@ringfence/local'
import { type KeyRecipient, type Plan, buildPlan, readDeclaration } from '@ringfence/plan'
import { PrivateDataset, ProvisionedMember, registerPlan } from '@ringfence/pulumi'
import { Decrypter, armor, generateX25519Identity, identityToRecipient } from 'age-encryption'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeAdministrator } from './administrator.js'
import { type EngineRun, startEngineRun } from './engine-run.js'

const place = { account: '111122223333', region: 'eu-west-1', administrators: ['user/deployer'] }
let run: EngineRun
let deployerKeys: LocalCredentials
beforeAll(async () => {
  run = await startEngineRun({
    deployAs: async (aws) => (deployerKeys = await makeAdministrator(aws, 'deployer')),
  })
})
afterAll(async () => {
  await run?.close()
})

/** The secret access key that a program gave out, read with an identity of age. */
async function secretOf(outputs: Readonly<Record<string, unknown>>, identity: string): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(armor.decode(String(outputs['encrypted'])), 'text')
}

test('a secret that is encrypted with age stays as it was first, and follows its key', async () => {
  const identity = await generateX25519Identity()
  const other = await generateX25519Identity()
  let age = await identityToRecipient(identity)
  const stack = await run.stack(async () => {
    const aws = new Provider('aws', run.providerArgs)
    const parent = new pulumi.ComponentResource('test:index:Organization', 'tiny', {}, { providers: { aws } })
    const { accessKeyIds, encryptedSecretAccessKeys } = registerPlan(planFor({ kind: 'age', key: age }), {
      name: 'tiny',
      parent,
    })
    return {
      id: accessKeyIds.apply(({ bot }) => bot),
      encrypted: encryptedSecretAccessKeys.apply(({ bot }) => bot),
    }
  }, 'age')
  const first = (await stack.up()).outputs
  const secret = await secretOf(first, identity)
  expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/)
  const again = await stack.up()
  expect(Object.keys(again.changes)).toEqual(['same'])
  expect(again.outputs).toEqual(first)

  // The key is lost: another one is made, and its own secret is given out.
  const iam = new IAMClient({ ...at(), credentials: deployerKeys })
  await iam.send(new DeleteAccessKeyCommand({ UserName: 'bot', AccessKeyId: String(first['id']) }))
  await stack.refresh()
  const renewed = (await stack.up()).outputs
  expect(renewed['id']).not.toBe(first['id'])
  const newSecret = await secretOf(renewed, identity)
  expect(newSecret).not.toBe(secret)
  expect(newSecret).toMatch(/^[A-Za-z0-9+/]{40}$/)

  // Another recipient: the same key, for them.
  age = await identityToRecipient(other)
  const handed = (await stack.up()).outputs
  expect(handed['id']).toBe(renewed['id'])
  expect(await secretOf(handed, other)).toBe(newSecret)
  await stack.destroy()
})

test('a key that is encrypted with PGP to one after the other is one key, wherever an update stops', async () => {
  const home = mkdtempSync(join(tmpdir(), 'ringfence-pgp-'))
  const gpg = (args: readonly string[], input = '') =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      input: Buffer.from(input, 'base64'),
    })
  const makeKey = (owner: string): string => {
    gpg(['--passphrase', '', '--quick-generate-key', owner, 'default', 'default', 'never'])
    return gpg(['--export', owner]).toString('base64')
  }
  const iam = new IAMClient({ ...at(), credentials: { ...run.aws.root } })
  const keys = async () => {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName: 'bot' }))
    return AccessKeyMetadata.map(({ AccessKeyId }) => AccessKeyId)
  }
  const denial = { UserName: 'deployer', PolicyName: 'denial' }
  const deny = (action: string) => {
    const Statement = [{ Effect: 'Deny', Action: action, Resource: '*' }]
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
    return iam.send(new PutUserPolicyCommand({ ...denial, PolicyDocument }))
  }
  try {
    let pgp = makeKey('first@lab.example')
    const stack = await run.stack(async () => {
      const aws = new Provider('aws', run.providerArgs)
      const parent = new pulumi.ComponentResource(
        'test:index:Organization',
        'tiny',
        {},
        { providers: { aws } },
      )
      const plan = planFor({ kind: 'pgp', key: pgp })
      const { accessKeyIds, encryptedSecretAccessKeys } = registerPlan(plan, { name: 'tiny', parent })
      return {
        id: accessKeyIds.apply(({ bot }) => bot),
        encrypted: encryptedSecretAccessKeys.apply(({ bot }) => bot),
      }
    }, 'pgp')
    const first = (await stack.up()).outputs
    pgp = makeKey('second@lab.example')
    await deny('iam:DeleteAccessKey')
    await expect(stack.up()).rejects.toThrow(/AccessDenied/)
    expect(await keys()).toEqual([first['id']])
    pgp = makeKey('third@lab.example')
    await deny('iam:CreateAccessKey')
    await expect(stack.up()).rejects.toThrow(/AccessDenied/)
    expect(await keys()).toEqual([])
    await iam.send(new DeleteUserPolicyCommand(denial))
    const { outputs } = await stack.up()
    expect(await keys()).toEqual([outputs['id']])
    const listed = gpg(['--list-packets', '--list-only'], String(outputs['encrypted'])).toString('utf8')
    const secret = gpg(['--decrypt'], String(outputs['encrypted'])).toString('utf8')
    expect(secret).toMatch(/^[A-Za-z0-9+/]{40}$/)
    expect(listed.match(/^:pubkey enc packet/gm)).toHaveLength(1)
    await stack.destroy()
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
})

test('a member has the key that Secrets Manager keeps, and the program gives none of it out', async () => {
  const stack = await run.stack(async () => {
    const aws = new Provider('aws', run.providerArgs)
    const datasets = [{ dataset: 'corpus', bucket: 'the-corpus', can: ['read'] }]
    const key = { kind: 'service', keysUntil: '2035-01-31', deliver: 'secretsManager' }
    return { ...new ProvisionedMember('kept', { ...place, ...key, datasets }, { provider: aws }) }
  }, 'kept')
  const { outputs } = await stack.up()
  expect(outputs['secretAccessKey']).toBeUndefined()
  const SecretId = String(outputs['keySecretName'])
  const fetchKey = async (credentials: LocalCredentials): Promise<LocalCredentials> => {
    const client = new SecretsManagerClient({ ...at(), credentials })
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }))
    const { AccessKeyId = '', SecretAccessKey = '' } = JSON.parse(SecretString) as Record<string, string>
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey }
  }
  const key = await fetchKey(deployerKeys)
  expect(key.accessKeyId).toBe(outputs['accessKeyId'])
  expect(await fetchKey({ ...key })).toEqual(key)
  await expect(fetchKey(await makeAdministrator(run.aws, 'another'))).rejects.toThrow(/explicit deny/)
  expect(Object.keys((await stack.up()).changes)).toEqual(['same'])
  await stack.destroy()
})

test('a bucket with objects keeps its fence when it cannot be deleted', async () => {
  let bucket = 'the-first-name'
  const stack = await run.stack(async () => {
    const aws = new Provider('aws', run.providerArgs)
    const principals = ['arn:aws:iam::111122223333:user/writer']
    const access = [{ principals, can: ['write'] }]
    return { name: new PrivateDataset('data', { ...place, bucket, access }, { provider: aws }).bucketName }
  }, 'fence')
  await stack.up()
  await putAsWriter(bucket)
  const s3 = new S3Client({ ...at(), credentials: deployerKeys, forcePathStyle: true })
  const fence = async () => (await s3.send(new GetBucketPolicyCommand({ Bucket: 'the-first-name' }))).Policy
  const before = await fence()
  expect(before).toContain('WritersOnly')
  await expect(stack.destroy()).rejects.toThrow(/BucketNotEmpty/)
  expect(await fence()).toBe(before)
  await stack.up()
  bucket = 'the-second-name'
  await expect(stack.up()).rejects.toThrow(/BucketNotEmpty/)
  expect(await fence()).toBe(before)
})

/** An organization of one service whose key is encrypted to somebody. */
function planFor(encryptTo: KeyRecipient): Plan {
  const value = {
    organization: 'tiny',
    ...place,
    members: { bot: { kind: 'service', keys: { until: '2035-01-31' } } },
    datasets: { corpus: {} },
    grants: [{ to: 'bot', can: 'read', on: 'corpus' }],
  }
  const declared = readDeclaration({ file: 'test', value, nowMs: Date.now() })
  const built = declared.ok ? buildPlan(declared.value) : declared
  if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
  const resources = built.value.resources.map((one) =>
    one.type === 'iam.AccessKey' ? Object.assign({}, one, { encryptTo }) : one,
  )
  return { ...built.value, resources }
}

function at() {
  return { endpoint: run.aws.endpoint, region: 'eu-west-1' }
}

async function putAsWriter(Bucket: string): Promise<void> {
  const credentials = await makeAdministrator(run.aws, 'writer')
  const s3 = new S3Client({ ...at(), credentials, forcePathStyle: true })
  await s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'a' }))
}
