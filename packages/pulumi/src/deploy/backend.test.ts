import { mkdtempSync, rmSync, writeFileSync, mkdirSync, existsSync } from 'node:fs'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { currentBackend, fileBackend, pulumiEnvironment } from './backend.js'
import { readFileLocks, removeFileLock } from './file-locks.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-backend-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('pulumiEnvironment', () => {
  it("makes absolute what Pulumi's own folder would change the meaning of", () => {
    const env = pulumiEnvironment(
      {
        PULUMI_BACKEND_URL: 'file://state',
        PULUMI_CONFIG_PASSPHRASE_FILE: 'pass',
        AWS_CONFIG_FILE: '~/.aws/config',
        PATH: '/bin',
        GONE: undefined,
      },
      '/home/ada',
    )
    expect(env).toEqual({
      PULUMI_BACKEND_URL: 'file:///home/ada/state',
      PULUMI_CONFIG_PASSPHRASE_FILE: '/home/ada/pass',
      AWS_CONFIG_FILE: '~/.aws/config',
      PATH: '/bin',
      PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: 'true',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
    })
  })

  it.each([
    ['file:///a/b?no_tmp_dir=true', '/a/b'],
    ['file://~', homedir()],
    ['file://~/x', join(homedir(), 'x')],
    ['file://.', '/here'],
    ['s3://bucket', undefined],
    ['https://api.pulumi.com', undefined],
  ])('%s is the folder %s', (url, path) => {
    expect(fileBackend(url, '/here')).toBe(path)
  })
})

describe('currentBackend', () => {
  it('is of the environment, else of the last login, else none', async () => {
    const home = join(folder, 'home')
    expect(await currentBackend({ PULUMI_HOME: home })).toBeUndefined()
    mkdirSync(home)
    writeFileSync(join(home, 'credentials.json'), '{"current":"s3://states"}')
    expect(await currentBackend({ PULUMI_HOME: home, PULUMI_BACKEND_URL: '' })).toBe('s3://states')
    expect(await currentBackend({ PULUMI_HOME: home, PULUMI_BACKEND_URL: 'file://x' })).toBe('file://x')
  })
})

describe('locks of a file backend', () => {
  it('tell whether their holder is alive, dead, or of another machine, and go with what Pulumi puts beside', async () => {
    const locks = join(folder, '.pulumi/locks/organization/ringfence-acme/dev')
    mkdirSync(locks, { recursive: true })
    const write = (name: string, pid: number, host: string) =>
      writeFileSync(
        join(locks, name),
        JSON.stringify({ pid, username: 'ada', hostname: host, timestamp: '2026-01-01T00:00:00Z' }),
      )
    // No process has a number this high: Linux allows 2^22.
    write('a.json', 2 ** 30, hostname())
    writeFileSync(join(locks, 'a.json.attrs'), '{}')
    write('b.json', process.pid, hostname())
    write('c.json', process.pid, 'elsewhere.example')
    writeFileSync(join(locks, 'd.json'), 'what')
    const read = await readFileLocks(folder, 'ringfence-acme', 'dev')
    expect(read.map(({ holder }) => holder)).toEqual(['dead', 'alive', 'elsewhere'])
    for (const lock of read.filter(({ holder }) => holder === 'dead')) await removeFileLock(lock)
    expect(existsSync(join(locks, 'a.json.attrs'))).toBe(false)
    expect(await readFileLocks(folder, 'ringfence-acme', 'dev')).toHaveLength(2)
    expect(await readFileLocks(folder, 'ringfence-acme', 'other')).toEqual([])
  })
})
