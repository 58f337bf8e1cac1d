import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AccessKey } from '@pulumi/aws/iam/accessKey.js'
import { Group } from '@pulumi/aws/iam/group.js'
import { GroupPolicyAttachmentsExclusive } from '@pulumi/aws/iam/groupPolicyAttachmentsExclusive.js'
import { Policy } from '@pulumi/aws/iam/policy.js'
import { Role } from '@pulumi/aws/iam/role.js'
import { User } from '@pulumi/aws/iam/user.js'
import { Key } from '@pulumi/aws/kms/key.js'
import { Provider } from '@pulumi/aws/provider.js'
import type { LocalCredentials } from '@ringfence/local'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'
import { startEngineRun, type EngineRun } from './engine-run.js'
import { findSecrets } from './find-secrets.js'

// What the real provider does beyond the plain life of a resource, and what components have to reckon with.
let run: EngineRun
let deployer: LocalCredentials
beforeAll(async () => {
  run = await startEngineRun({
    deployAs: async (aws) => {
      const iam = await clientsOf(aws, aws.root).iam()
      await iam.createUser({ UserName: 'deployer' })
      await allow(iam, '*')
      deployer = await aws.issueUserKey('deployer')
      return deployer
    },
  })
})
afterAll(async () => {
  await run?.close()
})

type Iam = Awaited<ReturnType<ReturnType<typeof clientsOf>['iam']>>
const iamOf = () => clientsOf(run.aws, run.aws.root).iam()
const provider = () => new Provider('aws', run.providerArgs)
const document = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  })
async function allow(iam: Iam, action: string): Promise<void> {
  const PolicyDocument = document(action)
  await iam.putUserPolicy({ UserName: 'deployer', PolicyName: 'all', PolicyDocument })
}

test('the secret of an access key is nowhere in the clear', async () => {
  const stack = await run.stack(async () => {
    const options = { provider: provider() }
    const user = new User('ada', { name: 'ada' }, options)
    return { secret: new AccessKey('key', { user: user.name }, options).secret }
  }, 'secrets')
  const { outputs } = await stack.up()
  await stack.refresh()
  await stack.up()
  const secret = String(outputs['secret'])
  expect(secret).toMatch(/^[\w/+]{40}$/)
  const { found, files } = await findSecrets(run.folder, [secret, deployer.secretAccessKey])
  expect(found).toEqual([])
  expect(files).toBeGreaterThan(10)
  await stack.destroy()
})

test('a secret for an OpenPGP key is encrypted to it and kept in no other form', async () => {
  const home = await mkdtemp(join(tmpdir(), 'ringfence-pgp-'))
  const gpg = (args: readonly string[], input = '') =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', ...args], {
      input: Buffer.from(input, 'base64'),
    })
  try {
    gpg(['--passphrase', '', '--quick-generate-key', 'ada@lab.example', 'default', 'default', 'never'])
    const pgpKey = gpg(['--export', 'ada@lab.example']).toString('base64')
    const stack = await run.stack(async () => {
      const options = { provider: provider() }
      const user = new User('grace', { name: 'grace' }, options)
      const key = new AccessKey('key', { user: user.name, pgpKey }, options)
      return { encrypted: key.encryptedSecret, fingerprint: key.keyFingerprint, secret: key.secret }
    }, 'pgp')
    const { outputs } = await stack.up()
    expect(outputs).toMatchObject({ fingerprint: expect.stringMatching(/^[0-9a-f]{40}$/) as string })
    expect(outputs['secret']).toBeUndefined()
    const secret = gpg(['--decrypt'], String(outputs['encrypted'])).toString('utf8')
    expect(secret).toMatch(/^[\w/+]{40}$/)
    expect((await findSecrets(run.folder, [secret])).found).toEqual([])
    await stack.destroy()
  } finally {
    await rm(home, { recursive: true, force: true })
  }
})

test('a key that is none is refused, and leaves no access key behind', async () => {
  const stack = await run.stack(async () => {
    const options = { provider: provider() }
    const user = new User('noether', { name: 'noether' }, options)
    return new AccessKey('key', { user: user.name, pgpKey: 'bm8ga2V5' }, options)
  }, 'no-pgp')
  await expect(stack.up()).rejects.toThrow(/pgpKey: gpg failed/)
  expect((await accountState(run.aws)).users['noether']?.accessKeys).toEqual([])
  await stack.destroy()
})

const userProgram = (forceDestroy: boolean) => async () =>
  new User('leaver', { name: 'leaver', forceDestroy }, { provider: provider() })

test('forceDestroy takes the credentials of a user along, and no attachment', async () => {
  await (await run.stack(userProgram(false), 'user')).up()
  const iam = await iamOf()
  const leaver = { UserName: 'leaver' }
  await iam.createAccessKey(leaver)
  await iam.createLoginProfile({ ...leaver, Password: 'Correct-Horse-1' })
  await enableMfa(iam, 'leaver')
  await iam.createGroup({ GroupName: 'friends' })
  await iam.addUserToGroup({ ...leaver, GroupName: 'friends' })
  await expect((await run.stack(userProgram(false), 'user')).destroy()).rejects.toThrow(/DeleteConflict/)
  const stack = await run.stack(userProgram(true), 'user')
  await stack.up()
  const attachment = { ...leaver, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }
  await iam.attachUserPolicy(attachment)
  await expect(stack.destroy()).rejects.toThrow(/DeleteConflict/)
  await iam.detachUserPolicy(attachment)
  await stack.destroy()
  expect((await accountState(run.aws)).users['leaver']).toBeUndefined()
  expect((await iam.listVirtualMFADevices({})).VirtualMFADevices).toEqual([])
})

/** Gives a user an authenticator app, which shows two codes that follow each other. */
async function enableMfa(iam: Iam, UserName: string): Promise<void> {
  const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
  const step = Math.floor(Date.now() / 30_000)
  const codes = [step - 1, step].map((count) => {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(BigInt(count))
    const seed = fromBase32(Buffer.from(device?.Base32StringSeed ?? []).toString('ascii'))
    const digest = createHmac('sha1', seed).update(counter).digest()
    const offset = (digest.at(-1) ?? 0) & 15
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0')
  })
  await iam.enableMFADevice({
    UserName,
    SerialNumber: device?.SerialNumber,
    AuthenticationCode1: codes[0],
    AuthenticationCode2: codes[1],
  })
}

function fromBase32(text: string): Buffer {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text.replaceAll('=', '')].map((letter) =>
    alphabet.indexOf(letter).toString(2).padStart(5, '0'),
  )
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}

test('the end of an exclusive resource detaches nothing, so that a group of it alone cannot be deleted', async () => {
  const stack = await run.stack(async () => {
    const options = { provider: provider() }
    const policy = new Policy('read', { name: 'read', policy: document('s3:Get*') }, options)
    const group = new Group('lab', { name: 'lab' }, options)
    return new GroupPolicyAttachmentsExclusive(
      'all',
      { groupName: group.name, policyArns: [policy.arn] },
      options,
    )
  }, 'exclusive')
  await stack.up()
  await expect(stack.destroy()).rejects.toThrow(/DeleteConflict/)
  const PolicyArn = 'arn:aws:iam::111122223333:policy/read'
  await (await iamOf()).detachGroupPolicy({ GroupName: 'lab', PolicyArn })
  await stack.destroy()
})

const policyProgram = (action: string) => async () =>
  new Policy('often', { name: 'often', policy: document(action) }, { provider: provider() })

test('a sixth version of a policy makes room for itself, and all go with the policy', async () => {
  await (await run.stack(policyProgram('s3:Get*'), 'often')).up()
  const PolicyArn = 'arn:aws:iam::111122223333:policy/often'
  const iam = await iamOf()
  for (const action of ['s3:Put*', 's3:List*', 's3:Delete*', 's3:*'])
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument: document(action) })
  const stack = await run.stack(policyProgram('s3:GetObject'), 'often')
  expect((await stack.up()).steps).toEqual({ often: 'update: policy' })
  const { Versions = [] } = await iam.listPolicyVersions({ PolicyArn })
  // v1 was the default one when room was made, so v2 was the oldest that could go.
  expect(Versions.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v5', 'v4', 'v3', 'v1'])
  expect(JSON.stringify((await accountState(run.aws)).policies[PolicyArn])).toContain('s3:GetObject')
  await stack.destroy()
  expect((await accountState(run.aws)).policies).toEqual({})
})

test('what has a name of its own is deleted before it is made again', async () => {
  const assumeRolePolicy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  })
  const program = (path: string) => async () => {
    const role = new Role('runner', { name: 'runner', path, assumeRolePolicy }, { provider: provider() })
    return { arn: role.arn }
  }
  await (await run.stack(program('/old/'), 'role')).up()
  const stack = await run.stack(program('/new/'), 'role')
  const { outputs, steps } = await stack.up()
  expect(outputs).toEqual({ arn: 'arn:aws:iam::111122223333:role/new/runner' })
  expect(steps).toEqual({ runner: 'replace: path' })
  await stack.destroy()
})

const keyProgram = async () =>
  new Key('key', { description: 'half', enableKeyRotation: true }, { provider: provider() })

test('what was made and could not be finished is finished by the next up', async () => {
  const iam = await iamOf()
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'kms:EnableKeyRotation', Resource: '*' }],
  })
  await iam.putUserPolicy({ UserName: 'deployer', PolicyName: 'no-rotation', PolicyDocument })
  const stack = await run.stack(keyProgram, 'half')
  await expect(stack.up()).rejects.toThrow(/AccessDenied\S*: .*kms:EnableKeyRotation/)
  await iam.deleteUserPolicy({ UserName: 'deployer', PolicyName: 'no-rotation' })
  const { steps } = await (await run.stack(keyProgram, 'half')).up()
  expect(steps).toEqual({ key: 'update: enableKeyRotation' })
  const { keys } = await accountState(run.aws)
  expect(Object.values(keys)).toMatchObject([{ description: 'half', rotation: true }])
  await stack.destroy()
})
