import { openDirectory } from '@ringfence/scim'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CliError } from '../cli-error.js'
import { fakeWorld } from '../deploy/fake-world.fixture.js'
import { exitCode, type ExitCode } from '../exit-code.js'
import type { Io } from '../io.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'
import type { RunUp } from '../scim/apply-by-up.js'
import { runServe, type ServeOptions } from './serve.js'
import { runUp } from './up.js'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ringfence-serve-'))
  writeFileSync(
    join(cwd, 'acme.yaml'),
    `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { from: scim }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }, { to: held, can: read, on: raw }]
`,
  )
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

const defaults: ServeOptions = {
  file: 'acme.yaml',
  stack: 'dev',
  target: 'local',
  json: false,
  port: 0,
  host: '127.0.0.1',
  allowRemovals: 0,
}

/** Serves with an `up` that does as told, and stops when `whileServing` is done. */
async function serve(
  options: Partial<ServeOptions>,
  up: RunUp,
  whileServing: (url: string) => Promise<void> = async () => undefined,
  isTTY = true,
  world = fakeWorld(),
) {
  const stop = new AbortController()
  const io = memoryIo({ cwd, isTTY, signal: stop.signal, nowMs: Date.now })
  const running = runServe({ ...defaults, ...options }, io, world, up)
  const watched = (async () => {
    while (io.written.stdout === '' && !stop.signal.aborted) await sleep(10)
    try {
      await whileServing(io.written.stdout.trim())
    } finally {
      stop.abort()
    }
  })()
  try {
    return { code: await running, io }
  } finally {
    stop.abort()
    await watched
  }
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
const never: RunUp = () => Promise.reject(new Error('nothing is to be deployed'))

const post = (url: string, token: string, userName: string): Promise<Response> =>
  fetch(`${url}/Users`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/scim+json',
      connection: 'close',
    },
    body: JSON.stringify({ userName }),
  })

async function command(...args: string[]) {
  const io = memoryIo({ cwd, nowMs: Date.now })
  return { code: await run(args, io), io }
}

describe('serve scim', () => {
  it('shows the first token once, brings changes to the stack by up, and tells of them', async () => {
    const ups: { file: string; env: Io['env'] }[] = []
    const up: RunUp = async (options, io) => {
      expect(options).toMatchObject({ yes: true, stack: 'dev', target: 'local', expectNoChanges: false })
      expect(io.stdout.isTTY).toBe(false)
      ups.push({ file: options.file, env: io.env })
      return exitCode.ok
    }
    let token = ''
    const { code, io } = await serve({}, up, async (url) => {
      const directory = openDirectory(join(cwd, '.ringfence/scim'))
      token = directory.tokens.create('test', Date.now()) ?? ''
      await directory.close()
      expect((await post(url, token, 'ada@acme.example')).status).toBe(201)
      while (ups.length === 0) await sleep(100)
      await sleep(100)
    })
    expect(code).toBe(exitCode.ok)
    expect(ups).toHaveLength(1)
    expect(ups[0]?.env['RINGFENCE_SCIM_DATA']).toBe(join(cwd, '.ringfence/scim'))
    expect(io.written.stderr.match(/rfscim_\S+/g)).toHaveLength(1)
    expect(io.written.stderr).not.toContain(token)
    expect(io.written.stderr).toContain('taking effect: user ada@acme.example created')
    const status = await command('status', 'acme.yaml', '--json')
    expect(JSON.parse(status.io.written.stdout)).toMatchObject({
      position: 1,
      members: 1,
      stacks: [{ stack: 'dev', appliedPosition: 1, pending: 0, lastRun: { result: 'applied' } }],
      changes: [{ client: 'test', what: 'created', name: 'ada@acme.example' }],
    })
    const shown = await command('status', 'acme.yaml')
    expect(shown.io.written.stdout).toMatch(
      /^1 members from scim, 1 changes so far\ndev: changes up to 1 have taken effect; nothing is pending\n/,
    )
  })

  it.each<[string, () => Promise<ExitCode>, object]>([
    [
      'is held beyond the limit on removals',
      () =>
        Promise.reject(
          new CliError('ROSTER_REMOVES_TOO_MANY', 'this removes 4 of 5 members', { hint: 'allow it' }),
        ),
      { result: 'held', message: 'this removes 4 of 5 members', hint: 'allow it' },
    ],
    [
      'fails with what it failed of',
      () => Promise.reject(new CliError('STACK_LOCKED', 'somebody else deploys', { hint: 'wait' })),
      { result: 'failed', message: '[STACK_LOCKED] somebody else deploys', hint: 'wait' },
    ],
    [
      'fails where a guarantee does not hold',
      () => Promise.resolve(exitCode.guaranteeViolated),
      { result: 'failed', message: 'the check refutes a guarantee' },
    ],
  ])('a run %s', async (_, up, expected) => {
    const folder = join(cwd, '.ringfence/scim')
    const directory = openDirectory(folder)
    const token = directory.tokens.create('test', Date.now()) ?? ''
    await serve({}, up, async (url) => {
      await post(url, token, 'ada@acme.example')
      while (directory.applied.read('dev').lastRun?.result === undefined) await sleep(100)
    })
    expect(directory.applied.read('dev')).toMatchObject({ appliedPosition: 0, lastRun: expected })
    await directory.close()
    const status = await command('status', 'acme.yaml')
    expect(status.io.written.stdout).toContain('1 pending: user ada@acme.example created')
    expect(status.io.written.stdout).toContain('next run')
  })

  it('deploys who SCIM says is here, proved first, and holds what takes out too many', async () => {
    const directory = openDirectory(join(cwd, '.ringfence/scim'))
    const token = directory.tokens.create('test', Date.now()) ?? ''
    const people = Array.from({ length: 5 }, (_, index) => `p${index}`)
    const before = {
      members: Object.fromEntries(people.map((name) => [name, { kind: 'person' }])),
      teams: { research: people },
      grants: [],
    }
    const outputs = { access: before }
    const state = {
      version: 3,
      deployment: { resources: [{ urn: 'stack', type: 'pulumi:pulumi:Stack', outputs }] },
    }
    for (const [world, expected] of [
      [fakeWorld({ state }), { result: 'held', hint: expect.stringContaining('--allow-removals 5') }],
      [fakeWorld(), { result: 'applied' }],
    ] as const) {
      let isProved = false
      await serve(
        { target: 'aws' },
        async (options, ...rest) => {
          try {
            return await runUp(options, ...rest)
          } finally {
            isProved = options.proofs?.isUsed ?? false
          }
        },
        async (url) => {
          const made = await post(url, token, `${expected.result}@acme.example`)
          const { id } = (await made.json()) as { id: string }
          const body = JSON.stringify({ displayName: `Research`, members: [{ value: id }] })
          const headers = {
            authorization: `Bearer ${token}`,
            'content-type': 'application/scim+json',
            connection: 'close',
          }
          await fetch(`${url}/Groups`, { method: 'POST', headers, body })
          while (directory.applied.read('dev').lastRun?.result !== expected.result) await sleep(100)
        },
        true,
        world,
      )
      expect(directory.applied.read('dev').lastRun).toMatchObject(expected)
      expect(isProved).toBe(true)
      expect(world.calls.includes('up')).toBe(expected.result === 'applied')
    }
    const plan = await command('plan', 'acme.yaml', '--json')
    expect(plan.io.written.stdout).toContain('user/ringfence/acme/held')
    // Without anybody the team is one still. What the file grants to it, and to who has left, is no mistake.
    const everybody = [...directory.tables.users.page(0, 10)]
    for (const user of everybody)
      directory.transaction(() => directory.users.delete(user, { client: 'test', atMs: Date.now() }))
    await directory.close()
    const emptied = await command('plan', 'acme.yaml', '--json')
    expect([emptied.code, emptied.io.written.stdout.includes('acme/held')]).toEqual([exitCode.ok, false])
  }, 180_000)

  it('takes out who has left where the file has no room for somebody who comes', async () => {
    const ups: string[] = []
    const proofs = new Set<unknown>()
    const up: RunUp = async (options, { scimRoster, stderr }) => {
      proofs.add(options.proofs)
      const names = (scimRoster?.people ?? []).map(({ name }) => name)
      ups.push(names.join())
      if (!names.includes('hedy')) return exitCode.ok
      stderr.write('no room for hedy')
      return exitCode.usage
    }
    const directory = openDirectory(join(cwd, '.ringfence/scim'))
    const token = directory.tokens.create('test', Date.now()) ?? ''
    await serve({}, up, async (url) => {
      await post(url, token, 'grace@acme.example')
      const made = await post(url, token, 'ada@acme.example')
      while (directory.applied.read('dev').lastRun?.result !== 'applied') await sleep(100)
      const { id } = (await made.json()) as { id: string }
      const headers = { authorization: `Bearer ${token}`, connection: 'close' }
      await fetch(`${url}/Users/${id}`, { method: 'DELETE', headers })
      await post(url, token, 'hedy@acme.example')
      while (directory.applied.read('dev').lastRun?.result !== 'failed') await sleep(100)
    })
    await directory.close()
    expect(ups).toEqual(['ada,grace', 'grace,hedy', 'grace'])
    // What has not changed since one run is not proved again in the next.
    expect([...proofs]).toEqual([expect.anything()])
    const status = await command('status', 'acme.yaml')
    expect(status.io.written.stdout).toContain('who has left is out, and nobody has come in')
    expect(status.io.written.stdout).toContain('no room for hedy')
  })

  it('prints no token where there is no terminal, and says how to make one', async () => {
    await expect(serve({}, never, undefined, false)).rejects.toMatchObject({ code: 'SCIM_TOKEN_MISSING' })
  })

  it('follows a file only that takes its members from scim', async () => {
    const text = readFileSync(join(cwd, 'acme.yaml'), 'utf8')
    writeFileSync(join(cwd, 'own.yaml'), text.replace('{ from: scim }', '{}').replace(/^grants.*$/m, ''))
    await expect(serve({ file: 'own.yaml' }, never)).rejects.toMatchObject({ code: 'SCIM_NOT_DECLARED' })
    writeFileSync(join(cwd, 'own.yaml'), 'organization: acme')
    expect((await serve({ file: 'own.yaml' }, never)).code).toBe(exitCode.usage)
  })

  it('serves others than loopback with a certificate only', async () => {
    await expect(serve({ host: '0.0.0.0' }, never)).rejects.toMatchObject({ code: 'TLS_REQUIRED' })
    await expect(serve({ cert: 'cert.pem' }, never)).rejects.toMatchObject({ code: 'TLS_REQUIRED' })
    await expect(serve({ cert: 'cert.pem', key: 'key.pem' }, never)).rejects.toMatchObject({
      code: 'TLS_INVALID',
    })
    const pair = generate([{ name: 'commonName', value: 'localhost' }], { keySize: 2048 })
    writeFileSync(join(cwd, 'cert.pem'), pair.cert)
    writeFileSync(join(cwd, 'key.pem'), 'no key')
    await expect(serve({ cert: 'cert.pem', key: 'key.pem' }, never)).rejects.toMatchObject({
      code: 'TLS_INVALID',
    })
    writeFileSync(join(cwd, 'key.pem'), pair.private)
    const { io } = await serve({ host: '0.0.0.0', cert: 'cert.pem', key: 'key.pem' }, never)
    expect(io.written.stdout).toMatch(/^https:\/\/0\.0\.0\.0:\d+\/scim\/v2\n$/)
  })
})

describe('scim token', () => {
  it('is made, listed and revoked; it is shown once', async () => {
    const made = await command('scim', 'token', 'create', 'acme.yaml', '--name', 'okta', '--days', '30')
    expect(made.io.written.stdout).toMatch(/^rfscim_[\w-]{43}\n$/)
    const listed = await command('scim', 'token', 'list', 'acme.yaml')
    expect(listed.io.written.stdout).toMatch(/^okta {2}created \S+, ends \S+, never used\n$/)
    const again = await command('scim', 'token', 'create', 'acme.yaml', '--name', 'okta')
    expect([again.code, again.io.written.stderr]).toEqual([
      exitCode.usage,
      expect.stringContaining('SCIM_TOKEN_EXISTS'),
    ])
    expect((await command('scim', 'token', 'revoke', 'acme.yaml', '--name', 'okta')).code).toBe(exitCode.ok)
    const gone = await command('scim', 'token', 'revoke', 'acme.yaml', '--name', 'okta')
    expect(gone.io.written.stderr).toContain('SCIM_TOKEN_UNKNOWN')
    const none = await command('scim', 'token', 'list', 'acme.yaml')
    expect(none.io.written).toMatchObject({ stdout: '', stderr: 'there are no tokens\n' })
    // In a folder that is not there no token is found, and none is ended.
    for (const args of [['list'], ['revoke', '--name', 'okta']]) {
      const elsewhere = await command('scim', 'token', ...args, 'acme.yaml', '--scim-data', join(cwd, 'no'))
      expect(elsewhere.code).toBe(exitCode.usage)
      expect(elsewhere.io.written.stderr).toContain('SCIM_DATA_NOT_FOUND')
      expect(existsSync(join(cwd, 'no'))).toBe(false)
    }
    expect((await command('scim', 'token', 'create', 'acme.yaml')).io.written.stderr).toContain('--name')
  })
})

describe('status', () => {
  it('says where there is no directory', async () => {
    const { code, io } = await command('status', 'acme.yaml')
    expect([code, io.written.stderr]).toEqual([
      exitCode.usage,
      expect.stringContaining('SCIM_DATA_NOT_FOUND'),
    ])
  })
})

it('an update by hand is about the stack that it is for, however far others have come', async () => {
  const directory = openDirectory(join(cwd, '.ringfence/scim'))
  const by = { client: 'okta', atMs: 0 }
  directory.transaction(() => {
    const join1 = () => directory.users.create({ core: { userName: 'ada' }, extensions: {} }, by)
    directory.users.delete(join1(), by)
    const ids = [join1().id]
    for (const displayName of ['research', 'held'])
      directory.groups.create({ core: { displayName }, extensions: {} }, [{ kind: 'set', ids }], by)
  })
  const appliedPosition = directory.journal.position()
  directory.applied.write('dev', { appliedPosition, failures: 0 })
  directory.applied.write('tried', { appliedPosition: 1, failures: 0 })
  await directory.close()
  for (const [stack, joins] of [
    ['dev', true],
    ['tried', false],
  ] as const) {
    const io = memoryIo({ cwd })
    const options = { file: 'acme.yaml', stack, target: 'aws', json: false } as const
    expect(await runUp({ ...options, yes: true, expectNoChanges: false }, io, fakeWorld())).toBe(exitCode.ok)
    expect(io.written.stdout.includes('1 member gains')).toBe(joins)
  }
})
