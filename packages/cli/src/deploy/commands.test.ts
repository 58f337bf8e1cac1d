import type { ResourceChange, StackState } from '@ringfence/pulumi/deploy'
import { DeployError } from '@ringfence/pulumi/deploy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runDestroy } from '../commands/destroy.js'
import { runDoctor } from '../commands/doctor.js'
import { runOutputs } from '../commands/outputs.js'
import { runPreview } from '../commands/preview.js'
import { runRefresh } from '../commands/refresh.js'
import { runUp } from '../commands/up.js'
import { exitCode } from '../exit-code.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import { fakeWorld, type FakeOptions } from './fake-world.fixture.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-deploy-'))
  writeFileSync(
    join(folder, 'ringfence.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ada: {}, ben: {} }
teams: { research: [ada, ben] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`,
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const common = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const
const upOptions = { ...common, yes: true, expectNoChanges: false }

const change = (
  kind: ResourceChange['change'],
  id: string,
  rest: Partial<ResourceChange> = {},
): ResourceChange => ({
  change: kind,
  id,
  type: 'aws:iam/user:User',
  urn: `urn:${id}`,
  properties: [],
  provider: false,
  ...rest,
})
const provider = change('update', 'aws', { type: 'pulumi:providers:aws', provider: true })
const nothing: StackState = { version: 3, deployment: { resources: [] } }
const deployed = (access: object): StackState => ({
  version: 3,
  deployment: {
    secrets_providers: { type: 'passphrase' },
    resources: [
      {
        urn: 'stack',
        type: 'pulumi:pulumi:Stack',
        outputs: {
          access,
          userNames: { ada: 'ada\u001b[2J' },
          secretAccessKeys: { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' },
        },
      },
    ],
  },
})
const onlyAda = {
  members: { ada: { kind: 'person' } },
  teams: { research: ['ada'] },
  grants: [{ to: 'team/research', can: ['read'], on: 'dataset/raw', under: '' }],
}

function start(options: FakeOptions = {}, io: MemoryIoOptions = {}) {
  const world = fakeWorld(options)
  return { world, io: memoryIo({ cwd: folder, ...io }) }
}

describe('preview', () => {
  it('compares a stack that does not exist in a backend that is thrown away', async () => {
    const { world, io } = start({ changes: [change('create', 'member/ada/user', { name: 'ada' }), provider] })
    expect(await runPreview({ ...common, expectNoChanges: false }, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['scratch.preview', 'scratch.close', 'close'])
    expect(io.written.stdout).toBe(
      [
        'acme in account 111122223333, eu-west-1, stack dev (new)',
        '',
        'Access: 2 members gain',
        '  ada, ben',
        '    + read  dataset raw',
        '',
        'Resources: 1 to create',
        '  + member/ada/user  iam.User ada',
        '',
      ].join('\n'),
    )
  })

  it('tells who joins and what changes; a change of the provider alone is none', async () => {
    const policy = change('update', 'dataset/raw/bucket-policy', { properties: ['policy'] })
    const { version, deployment } = deployed(onlyAda)
    const users = ['member/ada/user', policy.id].map((id) => ({
      urn: `urn:${id}`,
      type: 'aws:iam/user:User',
    }))
    const resources = [...(deployment.resources ?? []), { urn: 'urn:aws', type: provider.type }, ...users]
    const state = { version, deployment: { ...deployment, resources } }
    const { world, io } = start({ state, changes: [policy, provider] })
    await runPreview({ ...common, expectNoChanges: false }, io, world)
    expect(io.written.stdout).toContain('Access: 1 member gains\n  ben (joins)\n    + read  dataset raw\n')
    expect(io.written.stdout).toContain(
      'Resources: 1 to update, 1 unchanged\n  ~ dataset/raw/bucket-policy  iam.User: policy\n',
    )
    const { plan } = await (await import('../plan-file.js')).loadPlan('ringfence.yaml', io).then((loaded) => {
      if (!loaded.ok) throw new Error('the file is right')
      return loaded
    })
    const same = start({ state: deployed(plan.access), changes: [provider] })
    expect(await runPreview({ ...common, expectNoChanges: true }, same.io, same.world)).toBe(exitCode.ok)
    expect(same.io.written.stdout).toContain('Access: nobody gains or loses anything\n')
  })

  it('is one document with --json, and 7 with --expect-no-changes', async () => {
    const { world, io } = start({ state: nothing, changes: [change('delete', 'x'), provider] })
    const code = await runPreview({ ...common, json: true, expectNoChanges: true }, io, world)
    expect(code).toBe(exitCode.unexpectedChanges)
    expect(JSON.parse(io.written.stdout)).toMatchObject({
      formatVersion: 1,
      new: false,
      access: [{ who: 'member/ada', change: 'gains' }, { who: 'member/ben' }],
      resources: [{ change: 'delete', id: 'x' }],
      summary: { create: 0, update: 0, replace: 0, delete: 1 },
      unchanged: 0,
    })
  })
})

const checked = 'checked: 11 guarantees proved, for every request\n'

describe('up', () => {
  it('asks nobody without a terminal, before anything is looked at', async () => {
    const { world, io } = start()
    await expect(runUp({ ...upOptions, yes: false }, io, world)).rejects.toMatchObject({
      code: 'CONFIRMATION_MISSING',
      exitCode: exitCode.usage,
    })
    expect(world.calls).toEqual([])
  })

  it('asks on a terminal, and does nothing without a yes', async () => {
    const { world, io } = start({ changes: [change('create', 'x')] }, { isTTY: true })
    expect(await runUp({ ...upOptions, yes: false }, io, world)).toBe(exitCode.cancelled)
    expect(world.calls).toEqual([
      'scratch.preview',
      'scratch.close',
      'ask Make these changes in account 111122223333?',
      'close',
    ])
    expect(io.written.stderr).toContain('Nothing was changed.\n')
  })

  it('makes a stack that does not exist, tells progress line by line, and what it did', async () => {
    const { world, io } = start({ changes: [change('create', 'member/ada/user', { name: 'ada' }), provider] })
    expect(await runUp(upOptions, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['scratch.preview', 'scratch.close', 'create', 'up', 'close'])
    expect(io.written.stderr).toBe(`${checked}created member/ada/user  iam.User ada\n`)
    expect(io.written.stdout).toMatch(/\nDone: 1 created\n$/)
  })

  it('shows one live line on a terminal, and takes it away', async () => {
    const { world, io } = start(
      { state: nothing, changes: [change('create', 'x')], answer: true },
      { isTTY: true },
    )
    await runUp({ ...upOptions, yes: false }, io, world)
    expect(io.written.stderr).toBe(`${checked}\r\u001b[2K0 of 1  creating x  iam.User\r\u001b[2K`)
  })

  it('mends what an interrupted update left, before it compares', async () => {
    const resource = { urn: 'urn::member/ada/user', type: 'aws:iam/user:User', id: 'ada' }
    const state: StackState = {
      version: 3,
      deployment: { resources: [resource], pending_operations: [{ type: 'updating', resource }] },
    }
    const { world, io } = start({ state })
    await runUp(upOptions, io, world)
    // Of no file that the stack knows: what is there is taken away before anything is given.
    expect(world.calls).toEqual(['writeState', 'refresh', 'preview', 'up', 'up', 'close'])
    expect(io.written.stderr).toContain(
      'note: an earlier update was interrupted in 1 change; comparing with AWS\n  updating member/ada/user\n',
    )
  })

  it('changes nothing where changes are not expected', async () => {
    const { world, io } = start({ state: nothing, changes: [change('create', 'x')] })
    expect(await runUp({ ...upOptions, expectNoChanges: true }, io, world)).toBe(exitCode.unexpectedChanges)
    expect(world.calls).not.toContain('up')
  })

  it.each([
    ['DEPLOYMENT_FAILED', exitCode.deploymentFailed],
    ['DEPLOYMENT_CANCELLED', exitCode.cancelled],
    ['STACK_LOCKED', exitCode.failed],
    ['PASSPHRASE_WRONG', exitCode.usage],
  ] as const)('ends with the code of %s, and closes what it opened', async (code, exit) => {
    const failures = ['a', 'b'].map((id) => ({ id, message: 'no' }))
    const up = new DeployError(code, 'it did not work', { hint: 'do this', failures })
    const { world, io } = start({ state: nothing, fails: { up } })
    await expect(runUp(upOptions, io, world)).rejects.toMatchObject({
      code,
      message: 'it did not work\n  a: no\n  b: no',
      exitCode: exit,
      options: { hint: 'do this' },
    })
    expect(world.calls.at(-1)).toBe('close')
  })

  it.each([
    ['arn:aws:sts::444455556666:assumed-role/platform-admin/x', 'ACCOUNT_OTHER'],
    ['arn:aws:sts::111122223333:assumed-role/somebody/platform-admin', 'ADMINISTRATOR_REQUIRED'],
    ['arn:aws:iam::111122223333:root', 'ADMINISTRATOR_REQUIRED'],
    ['arn:aws:iam::111122223333:user/platform-admin', 'ADMINISTRATOR_REQUIRED'],
  ])('refuses %s before anything happens', async (caller, code) => {
    const { world, io } = start({ caller })
    await expect(runUp(upOptions, io, world)).rejects.toMatchObject({ code, exitCode: exitCode.credentials })
    expect(world.calls).toEqual([])
  })

  it('refuses another secrets provider than that of the stack', async () => {
    const { world, io } = start({ state: deployed(onlyAda) })
    await expect(
      runUp({ ...upOptions, secretsProvider: 'awskms://alias/x' }, io, world),
    ).rejects.toMatchObject({ code: 'SECRETS_PROVIDER_OTHER' })
  })
})

describe('refresh', () => {
  it('tells drift, resource by resource', async () => {
    const drift = [
      change('delete', 'member/ben/user'),
      change('update', 'boundary', { properties: ['policy'] }),
    ]
    const { world, io } = start({ state: nothing, changes: [...drift, provider] })
    expect(await runRefresh(common, io, world)).toBe(exitCode.ok)
    expect(io.written.stdout).toContain(
      'Drift: 2 resources, changed (~) or gone (-)\n  ~ boundary  iam.User: policy\n  - member/ben/user  iam.User\n',
    )
    const none = start({ state: nothing })
    await runRefresh(common, none.io, none.world)
    expect(none.io.written.stdout).toContain('No drift: AWS has what was deployed.\n')
  })
})

describe('destroy', () => {
  const bucket = { urn: 'urn:b', type: 'aws:s3/bucket:Bucket', id: 'b', inputs: { bucket: 'b' } }
  const state: StackState = { version: 3, deployment: { resources: [bucket] } }

  it('refuses datasets that hold objects, by name, before anything happens', async () => {
    const { world, io } = start({ state, stored: { filled: ['dataset/raw', 'model/x'], unseen: [] } })
    await expect(runDestroy({ ...common, yes: true }, io, world)).rejects.toMatchObject({
      code: 'STORE_NOT_EMPTY',
      message: 'dataset/raw, model/x: there are objects in it, or old versions of some',
    })
    expect(world.calls).toEqual(['close'])
  })

  it('takes down first the buckets that must be empty, then the rest, then the stack', async () => {
    const { world, io } = start({ state, stored: { filled: [], unseen: ['dataset/raw'] } })
    expect(await runDestroy({ ...common, yes: true }, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['destroy', 'destroy', 'remove', 'close'])
    expect(io.written.stdout).toContain('AWS does not let you see whether dataset/raw is empty')
  })

  it('asks, and does nothing without a yes', async () => {
    const { world, io } = start({ state }, { isTTY: true })
    expect(await runDestroy({ ...common, yes: false }, io, world)).toBe(exitCode.cancelled)
    expect(world.calls).toEqual(['ask Destroy all of this in account 111122223333?', 'close'])
  })
})

describe('outputs', () => {
  it('hide secrets, and print what others wrote without what moves a cursor', async () => {
    const { world, io } = start({ state: deployed(onlyAda) })
    await runOutputs({ ...common, showSecrets: false }, io, world)
    expect(io.written.stdout).toBe('secretAccessKeys: [secret]\nuserNames:\n  ada: ada\\u{1b}[2J\n')
  })

  it('show secrets when asked on a terminal', async () => {
    const { world, io } = start({ state: deployed(onlyAda) }, { isTTY: true })
    await runOutputs({ ...common, json: true, showSecrets: true }, io, world)
    expect(JSON.parse(io.written.stdout)).toMatchObject({
      formatVersion: 1,
      outputs: { secretAccessKeys: { bot: 'in the clear' }, userNames: { ada: 'ada\u001b[2J' } },
    })
  })

  it.each([true, false])('show no secret where there is no terminal (--json: %s)', async (json) => {
    const { world, io } = start({ state: deployed(onlyAda) })
    await expect(runOutputs({ ...common, json, showSecrets: true }, io, world)).rejects.toMatchObject({
      code: 'TERMINAL_MISSING',
      message: 'the value of secretAccessKeys is in the clear, and shown on a terminal alone',
      exitCode: exitCode.usage,
    })
    expect(io.written.stdout).toBe('')
  })

  it('need no terminal where the stack has no secret', async () => {
    const outputs = { userNames: { ada: 'ada' } }
    const state = {
      version: 3,
      deployment: { resources: [{ urn: 'stack', type: 'pulumi:pulumi:Stack', outputs }] },
    }
    const { world, io } = start({ state })
    await runOutputs({ ...common, showSecrets: true }, io, world)
    expect(io.written.stdout).toBe('userNames:\n  ada: ada\n')
  })

  it.each([runOutputs, runRefresh, runDestroy])('%o of a stack that does not exist is 6', async (command) => {
    const { world, io } = start()
    const options = { ...common, showSecrets: false, yes: true }
    await expect(command(options, io, world)).rejects.toMatchObject({
      code: 'STACK_NOT_FOUND',
      exitCode: exitCode.noSuchStack,
    })
  })
})

describe('doctor', () => {
  it('tells each thing on a line, and what to do about problems', async () => {
    const { world, io } = start()
    expect(await runDoctor({ file: 'ringfence.yaml', json: false }, io, world)).toBe(exitCode.usage)
    expect(io.written.stdout).toMatch(/^ok {7}Node {11}\d+\./m)
    expect(io.written.stdout).toMatch(/^ok {7}administrator {2}is among those of the file$/m)
    expect(io.written.stdout).toMatch(/^problem {2}secrets {8}no passphrase is set\n {24}Try: set /m)
  })
})
