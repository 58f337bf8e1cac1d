import { buildPlan, type KeptKey, parseDeclaration } from '@ringfence/plan'
import type { ResourceChange, StackState } from '@ringfence/pulumi/deploy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FakeOptions, fakeWorld } from '../deploy/fake-world.fixture.js'
import { exitCode } from '../exit-code.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import type { AccountKey } from '@ringfence/lifecycle'
import { runKeysList } from './list.js'
import { runKeysRevoke } from './revoke.js'
import { runKeysRotate } from './rotate.js'
import { runKeysShow } from './show.js'

const text = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members:
  ada: {}
  bot: { kind: service, keys: { until: 2035-01-31, rotateAfter: 90d } }
teams: { research: [ada, bot] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`
const parsed = parseDeclaration({ file: 'ringfence.yaml', text, nowMs: 0 })
const built = parsed.ok ? buildPlan(parsed.value) : parsed
if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
/** Who may do what by the file, as a stack of it has noted. */
const { access } = built.value

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-keys-'))
  writeFileSync(join(folder, 'ringfence.yaml'), text)
})
afterAll(() => rmSync(folder, { recursive: true }))

const dayMs = 86_400_000
const madeMs = Date.UTC(2030, 0, 1)
const common = { file: 'ringfence.yaml', stack: 'dev', target: 'aws', json: false } as const
const rotateOptions = { ...common, members: [], due: false, force: false, yes: true }

const onAws = (user: string, id: string, rest: Partial<AccountKey> = {}): AccountKey => ({
  user,
  id,
  status: 'active',
  createdMs: madeMs,
  ...rest,
})

/** A stack that has the keys of `bot` under these ids, by generation. */
function stateWith(
  ids: Readonly<Record<number, string>>,
  kept?: readonly KeptKey[],
  outputs = {},
): StackState {
  const keys = Object.entries(ids).map(([generation, id]) => ({
    urn: `urn::acme/member/bot/access-key${generation === '1' ? '' : `-${generation}`}`,
    type: 'aws:iam/accessKey:AccessKey',
    id,
  }))
  const input = { accessKeys: { bot: kept }, revocations: {} }
  const stash = { urn: 'urn::acme/kept', type: 'pulumi:index:Stash', inputs: { input } }
  return {
    version: 3,
    deployment: {
      resources: [
        { urn: 'stack', type: 'pulumi:pulumi:Stack', outputs: { access, ...outputs } },
        ...(kept === undefined ? [] : [stash]),
        ...keys,
      ],
    },
  }
}

function start(day: number, options: FakeOptions, io: MemoryIoOptions = {}) {
  const world = fakeWorld(options)
  return { world, io: memoryIo({ cwd: folder, nowMs: () => madeMs + day * dayMs, ...io }) }
}

const changed = (id: string): ResourceChange => ({
  change: 'update',
  id,
  type: 'aws:iam/accessKey:AccessKey',
  urn: `urn:${id}`,
  properties: ['status'],
  provider: false,
})

describe('keys list', () => {
  const lastUse = { atMs: madeMs + dayMs, service: 's3', region: 'eu-west-1' }
  const accountKeys = [
    onAws('bot', 'AKIA1', { lastUse }),
    onAws('eve\u001b[2J', 'AKIA9', { status: 'inactive' }),
  ]

  it('tells age, last use and what nobody declared; 7 if one is over its limit', async () => {
    const early = start(89, { state: stateWith({ 1: 'AKIA1' }), accountKeys })
    expect(await runKeysList(common, early.io, early.world)).toBe(exitCode.ok)
    const late = start(90, { state: stateWith({ 1: 'AKIA1' }), accountKeys })
    expect(await runKeysList(common, late.io, late.world)).toBe(exitCode.unexpectedChanges)
    expect(late.io.written.stdout).toBe(
      [
        'acme in account 111122223333, eu-west-1, stack dev',
        '',
        'bot: to rotate after 90 days, end at 2035-02-01T00:00:00Z',
        '  1  AKIA1  active, 90 days old, over its limit, last used at 2030-01-02T00:00:00Z for s3 in eu-west-1',
        '',
        'Declared by nobody: 1 key',
        '  eve\\u{1b}[2J  AKIA9  inactive, 90 days old, never used',
        '',
      ].join('\n'),
    )
    expect(late.world.calls).toEqual(['close'])
  })

  it('as JSON', async () => {
    const { io, world } = start(90, { state: stateWith({ 1: 'AKIA1' }), accountKeys })
    expect(await runKeysList({ ...common, json: true }, io, world)).toBe(exitCode.unexpectedChanges)
    expect(JSON.parse(io.written.stdout)).toMatchObject({
      formatVersion: 1,
      overLimit: 1,
      members: [
        {
          member: 'bot',
          until: '2035-02-01T00:00:00Z',
          rotateAfterMs: 90 * dayMs,
          overlapMs: 7 * dayMs,
          keys: [{ generation: 1, id: 'AKIA1', status: 'active', ageMs: 90 * dayMs, overLimit: true }],
        },
      ],
      undeclared: [{ user: 'eve\u001b[2J', id: 'AKIA9', status: 'inactive' }],
    })
  })
})

describe('keys rotate', () => {
  const state = stateWith({ 1: 'AKIA1' })
  const accountKeys = [onAws('bot', 'AKIA1')]

  it('begins nothing unasked', async () => {
    const { io, world } = start(400, { state, accountKeys })
    expect(await runKeysRotate(rotateOptions, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['close'])
    expect(io.written.stdout).toContain('bot: its key is over its limit; --due rotates it\n')
  })

  it.each([
    ['whose limit is passed', 90, { due: true }],
    ['who is named', 1, { members: ['bot'] }],
  ])('makes a key for the member %s, by one update', async (_, day, options) => {
    const changes = [changed('member/bot/access-key-2')]
    const { io, world } = start(day, { state, accountKeys, changes })
    expect(await runKeysRotate({ ...rotateOptions, ...options }, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['preview', 'up', 'close'])
    expect(io.written.stdout).toContain('member/bot/access-key-2')
    expect(io.written.stdout).toContain(
      'bot: key 2 is made\n`ringfence keys show ringfence.yaml bot --stack dev` hands it out; both work for now.\n',
    )
  })

  it('tells who still uses the old key, with 1', async () => {
    const both = stateWith({ 1: 'AKIA1', 2: 'AKIA2' }, [
      { generation: 1, status: 'active' },
      { generation: 2, status: 'active' },
    ])
    const used = onAws('bot', 'AKIA1', { lastUse: { atMs: madeMs + 9 * dayMs, service: 'sts' } })
    const { io, world } = start(9, { state: both, accountKeys: [used, onAws('bot', 'AKIA2')] })
    expect(await runKeysRotate(rotateOptions, io, world)).toBe(exitCode.failed)
    expect(io.written.stdout).toContain(
      'bot: key 1 is still in use (last used at 2030-01-10T00:00:00Z for sts); --force deactivates it all the same\n',
    )
    const forced = start(9, { state: both, accountKeys: [used, onAws('bot', 'AKIA2')] })
    expect(await runKeysRotate({ ...rotateOptions, force: true, json: true }, forced.io, forced.world)).toBe(
      0,
    )
    expect(JSON.parse(forced.io.written.stdout)).toMatchObject({
      rotations: [{ member: 'bot', step: 'deactivate', generation: 1 }],
      result: 'succeeded',
    })
  })

  it('makes no third key beside one that nobody declared', async () => {
    const { io, world } = start(90, { state, accountKeys: [...accountKeys, onAws('bot', 'AKIA9')] })
    expect(await runKeysRotate({ ...rotateOptions, due: true }, io, world)).toBe(exitCode.failed)
    expect(io.written.stdout).toContain('the user has 1 key that nobody declared')
    expect(world.calls).toEqual(['close'])
  })

  it('compares with AWS again where an earlier update was killed', async () => {
    const killed = stateWith({ 1: 'AKIA1' }, [
      { generation: 1, status: 'active' },
      { generation: 2, status: 'active' },
    ])
    const { io, world } = start(90, { state: killed, accountKeys })
    expect(await runKeysRotate(rotateOptions, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['refresh', 'preview', 'up', 'close'])
  })

  it('changes nothing without a yes, and for nobody who has no key', async () => {
    const asked = start(90, { state, accountKeys }, { isTTY: true })
    expect(await runKeysRotate({ ...rotateOptions, due: true, yes: false }, asked.io, asked.world)).toBe(
      exitCode.cancelled,
    )
    expect(asked.world.calls).not.toContain('up')
    const { io, world } = start(90, { state, accountKeys })
    await expect(runKeysRotate({ ...rotateOptions, members: ['ada'] }, io, world)).rejects.toMatchObject({
      code: 'MEMBER_UNKNOWN',
    })
  })
})

describe('keys revoke', () => {
  const state = stateWith({ 1: 'AKIA1' })
  const accountKeys = [onAws('bot', 'AKIA1'), onAws('bot', 'AKIA9'), onAws('ada', 'AKIA8')]
  const options = { ...common, member: 'bot', yes: true }

  it('deactivates by IAM first, and then has the stack note it', async () => {
    const { io, world } = start(1, { state, accountKeys, changes: [changed('member/bot/access-key')] })
    expect(await runKeysRevoke(options, io, world)).toBe(exitCode.ok)
    expect(world.calls).toEqual(['deactivate bot AKIA1', 'deactivate bot AKIA9', 'preview', 'up', 'close'])
  })

  it('one key, and one of a member to whom the file gives none', async () => {
    const one = start(1, { state, accountKeys })
    expect(await runKeysRevoke({ ...options, key: 'AKIA9' }, one.io, one.world)).toBe(exitCode.ok)
    expect(one.world.calls).toContain('deactivate bot AKIA9')
    expect(one.world.calls).not.toContain('deactivate bot AKIA1')
    const other = start(1, { state, accountKeys })
    expect(await runKeysRevoke({ ...options, member: 'ada', json: true }, other.io, other.world)).toBe(0)
    expect(JSON.parse(other.io.written.stdout)).toMatchObject({ member: 'ada', revoked: ['AKIA8'] })
    expect(other.world.calls).toEqual(['deactivate ada AKIA8', 'close'])
  })

  it('asks again before an update that changes more than the keys', async () => {
    const { io, world } = start(
      1,
      { state, accountKeys, changes: [changed('dataset/raw/bucket')], answer: true },
      { isTTY: true, stdin: '' },
    )
    const tty = { ...io, stdin: { ...io.stdin, isTTY: true } }
    expect(await runKeysRevoke({ ...options, yes: false }, tty, world)).toBe(exitCode.ok)
    expect(world.calls.filter((call) => call.startsWith('ask'))).toEqual([
      'ask Deactivate them now, in account 111122223333?',
      'ask Make all of these changes?',
    ])
  })

  it.each([
    [{ member: 'zoe' }, 'MEMBER_UNKNOWN'],
    [{ key: 'AKIA8' }, 'KEY_UNKNOWN'],
  ])('refuses %o', async (wrong, code) => {
    const { io, world } = start(1, { state, accountKeys })
    await expect(runKeysRevoke({ ...options, ...wrong }, io, world)).rejects.toMatchObject({ code })
    expect(world.calls.some((call) => call.startsWith('deactivate'))).toBe(false)
  })
})

describe('keys show', () => {
  const options = { ...common, member: 'bot' }
  const ids = { accessKeyIds: { bot: 'AKIA2', 'bot/1': 'AKIA1', bottom: 'AKIA7' } }
  const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' }

  it('prints what is encrypted to the member anywhere, and reveals nothing for it', async () => {
    const encryptedSecretAccessKeys = { bot: 'age2', 'bot/1': 'age1' }
    const state = stateWith({}, undefined, { ...ids, encryptedSecretAccessKeys, secretAccessKeys: secret })
    const { io, world } = start(1, { state })
    expect(await runKeysShow(options, io, world)).toBe(exitCode.ok)
    expect(io.written.stdout).toBe(
      'bot\naws_access_key_id = AKIA2\nencrypted to the member:\nage2\n\n' +
        'bot (key 1, on its way out)\naws_access_key_id = AKIA1\nencrypted to the member:\nage1\n',
    )
  })

  it('prints a secret in the clear on a terminal alone', async () => {
    const accessKeyIds = { bot: 'AKIA1', constructor: 'AKIA3' }
    const state = stateWith({}, undefined, { accessKeyIds, secretAccessKeys: secret })
    const pipe = start(1, { state })
    for (const member of Object.keys(accessKeyIds))
      await expect(runKeysShow({ ...options, member }, pipe.io, pipe.world)).rejects.toMatchObject({
        code: 'TERMINAL_MISSING',
      })
    expect(pipe.io.written.stdout).toBe('')
    const terminal = start(1, { state }, { isTTY: true })
    expect(await runKeysShow(options, terminal.io, terminal.world)).toBe(exitCode.ok)
    expect(terminal.io.written.stdout).toContain('aws_secret_access_key = in the clear\n')
  })

  it('says where Secrets Manager keeps it, and reveals nothing', async () => {
    const state = stateWith({}, undefined, { ...ids, secretAccessKeys: secret })
    const kept = {
      urn: 'urn:pulumi:dev::ringfence-acme::aws:secretsmanager/secret:Secret::acme/member/bot/secret',
      type: 'aws:secretsmanager/secret:Secret',
      inputs: { name: 'ringfence/acme/bot/access-key' },
    }
    const { deployment } = state
    const withSecret = {
      ...state,
      deployment: { ...deployment, resources: [...(deployment.resources ?? []), kept] },
    }
    const { io, world } = start(1, { state: withSecret })
    expect(await runKeysShow(options, io, world)).toBe(exitCode.ok)
    const get = 'aws secretsmanager get-secret-value --secret-id ringfence/acme/bot/access-key'
    const shown = '--query SecretString --output text'
    expect(io.written.stdout).toBe(
      `bot\naws_access_key_id = AKIA2\nin Secrets Manager:\n${get} ${shown}\n\n` +
        `bot (key 1, on its way out)\naws_access_key_id = AKIA1\nin Secrets Manager:\n${get} --version-stage AWSPREVIOUS ${shown}\n`,
    )
    const json = start(1, { state: withSecret })
    await runKeysShow({ ...options, json: true }, json.io, json.world)
    expect(JSON.parse(json.io.written.stdout)).toMatchObject({
      keys: [
        { id: 'AKIA2', versionStage: 'AWSCURRENT' },
        { id: 'AKIA1', versionStage: 'AWSPREVIOUS' },
      ],
    })
  })

  it('knows no key of others', async () => {
    const { io, world } = start(1, { state: stateWith({}, undefined, ids) })
    await expect(runKeysShow({ ...options, member: 'bo' }, io, world)).rejects.toMatchObject({
      code: 'KEY_UNKNOWN',
    })
  })
})
