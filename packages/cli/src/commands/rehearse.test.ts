import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import { run } from '../run.js'

const root = join(import.meta.dirname, '../../../..')
const nowMs = () => Date.UTC(2026, 0, 1)
const small = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { ada: {}, grace: {} }
teams: { research: [ada] }
datasets: { corpus: {} }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/ }
  - { to: grace, can: delete, on: corpus }
`

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-rehearse-'))
  writeFileSync(join(folder, 'ringfence.yaml'), small)
  mkdirSync(join(folder, 'data/corpus/raw'), { recursive: true })
  writeFileSync(join(folder, 'data/corpus/raw/a b.txt'), 'from the folder')
  mkdirSync(join(folder, 'other/corpsu'), { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

async function ringfence(argv: readonly string[], options: MemoryIoOptions = {}) {
  const io = memoryIo({ cwd: folder, nowMs, ...options })
  return { code: await run(['rehearse', ...argv], io), ...io.written }
}

describe('rehearse of the examples', () => {
  it.each([
    'acme-ai',
    'seed-1-user-data-segregation',
    'seed-2-automated-user-provisioning',
    'seed-3-training-platform-access',
    'seed-4-data-leakage-prevention',
    'seed-5-centralized-policies',
    'roster',
  ])(
    '%s goes as declared and shows who can do what',
    async (name) => {
      const result = await ringfence([`examples/${name}/ringfence.yaml`], { cwd: root })
      expect(result.stdout).toBe(golden(`rehearse-${name}.txt`, result.stdout))
      expect(result.code).toBe(exitCode.ok)
      expect(result.stdout).toMatch(/\nok: \d+ probes, all as declared\n$/)
    },
    180_000,
  )
})

describe('rehearse', () => {
  it('tells what it does on stderr, and nothing else', async () => {
    const { stderr } = await ringfence(['ringfence.yaml'])
    expect(stderr.replaceAll(/\d+/g, 'N')).toBe(`checked: N guarantees proved, for every request
Starting a local AWS
Loading the plan: N resources
Preparing N probes
Objects: list, get, put, delete, copy
Attempts to change the fence
`)
  })

  it('prints one JSON document with --json, and only the member of --as', async () => {
    const { code, stdout } = await ringfence(['ringfence.yaml', '--json', '--as', 'ada'])
    expect(code).toBe(exitCode.ok)
    const document = JSON.parse(stdout) as {
      readonly formatVersion: number
      readonly organization: string
      readonly probes: { readonly total: number; readonly asDeclared: number; readonly surprises: number }
      readonly matrix: { readonly rows: readonly { readonly name: string }[] }
      readonly surprises: readonly unknown[]
      readonly notes: readonly string[]
    }
    expect(document).toMatchObject({ formatVersion: 1, organization: 'acme', surprises: [] })
    expect(document.probes.total).toBeGreaterThan(30)
    expect(document.probes).toEqual({
      total: document.probes.total,
      asDeclared: document.probes.total,
      surprises: 0,
    })
    // The team has no other member, so what ada can do is what all of it can.
    expect(document.matrix.rows.map(({ name }) => name)).toEqual(['research', 'ada'])
    expect(document.notes.join()).toContain('guardrail')
  })

  it.each([
    ['an unknown member', ['ringfence.yaml', '--as', 'adda'], 'did you mean --as ada?'],
    ['a folder of no dataset', ['ringfence.yaml', '--data', 'other'], 'did you mean corpus?'],
    ['a folder that is not there', ['ringfence.yaml', '--data', 'nowhere'], 'name an existing folder'],
    ['a file that is not there', ['nowhere.yaml'], 'FILE_NOT_FOUND'],
  ])('refuses %s before anything is started', async (_, argv, hint) => {
    const { code, stdout, stderr } = await ringfence(argv)
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toContain(hint)
    expect(stderr).not.toContain('Starting')
  })

  it('ends early when it is cancelled, and says so', async () => {
    const controller = new AbortController()
    const io = memoryIo({ cwd: folder, nowMs, signal: controller.signal })
    const stderr = {
      ...io.stderr,
      write: (text: string) => {
        if (text.startsWith('Objects')) controller.abort()
      },
    }
    expect(await run(['rehearse', 'ringfence.yaml'], { ...io, stderr })).toBe(exitCode.cancelled)
    expect(io.written.stdout).toMatch(/cancelled after \d probes?, 0 surprises\n$/)
  })
})

/** Runs `rehearse --keep` until it has told how to reach the local AWS, hands that to `use`, and stops it. */
async function whileKept(argv: readonly string[], use: (env: ReadonlyMap<string, string>) => Promise<void>) {
  const controller = new AbortController()
  const io = memoryIo({ cwd: folder, nowMs: Date.now, signal: controller.signal })
  const code = run(['rehearse', 'ringfence.yaml', '--keep', ...argv], io)
  try {
    await expect.poll(() => io.written.stderr, { timeout: 60_000 }).toContain('runs until Ctrl-C')
    const lines = io.written.stdout.matchAll(/^export (\w+)=(.*)$/gm)
    await use(new Map([...lines].map(([, name = '', value = '']) => [name, value])))
  } finally {
    controller.abort()
  }
  return { code: await code, stdout: io.written.stdout }
}

function clientOf(env: ReadonlyMap<string, string>): S3Client {
  return new S3Client({
    endpoint: env.get('AWS_ENDPOINT_URL') ?? '',
    region: env.get('AWS_REGION') ?? '',
    credentials: {
      accessKeyId: env.get('AWS_ACCESS_KEY_ID') ?? '',
      secretAccessKey: env.get('AWS_SECRET_ACCESS_KEY') ?? '',
    },
    forcePathStyle: true,
    maxAttempts: 1,
  })
}

describe('rehearse --keep', () => {
  const Bucket = 'acme-corpus-111122223333'

  it('lets a member use what they may, with the files of --data', async () => {
    const { code, stdout } = await whileKept(['--as', 'ada', '--data', 'data'], async (env) => {
      const s3 = clientOf(env)
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'raw/a b.txt' }))
      expect(await got.Body?.transformToString()).toBe('from the folder')
      await s3.send(new PutObjectCommand({ Bucket, Key: 'raw/b', Body: 'b' }))
      const denied = s3.send(new PutObjectCommand({ Bucket, Key: 'b', Body: 'b' }))
      await expect(denied).rejects.toThrow(/not authorized to perform: s3:PutObject/)
      s3.destroy()
    })
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain(`# Try: aws s3 ls s3://${Bucket}/raw/\n`)
  })

  it('lets the root user list the buckets, but not read them', async () => {
    const { stdout } = await whileKept([], async (env) => {
      const s3 = clientOf(env)
      await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toThrow(/explicit deny/)
      s3.destroy()
    })
    expect(stdout).toContain('# Try: aws s3 ls\n')
  })
})
