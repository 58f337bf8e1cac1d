import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, expect, test } from 'vitest'
import { testKeys, testRegion } from '../test-server/start-static-server.js'

const folder = mkdtempSync(join(tmpdir(), 'ringfence-killed-'))
const children: ChildProcess[] = []
afterAll(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})
const inTestServer = (name: string) => fileURLToPath(new URL(`../test-server/${name}`, import.meta.url))

interface Served {
  readonly child: ChildProcess
  readonly s3: S3Client
  /** Files that were removed at start, because no record named them. */
  readonly swept: number
}

/** Starts a server of its own process over the folder. */
async function serve(): Promise<Served> {
  const child = spawn(
    process.execPath,
    [
      '--conditions=ringfence-source',
      '--import',
      inTestServer('load-typescript.mjs'),
      inTestServer('run-until-killed.ts'),
      folder,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(child)
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const { endpoint, swept } = JSON.parse(line.toString()) as { endpoint: string; swept: number }
  const s3 = new S3Client({
    endpoint,
    region: testRegion,
    credentials: testKeys,
    forcePathStyle: true,
    maxAttempts: 1,
  })
  return { child, s3, swept }
}

async function kill({ child }: Served): Promise<void> {
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

const Bucket = 'killed'
const bodyOf = (index: number) => (index % 4 === 0 ? `large ${index} `.repeat(4000) : `small ${index}`)

test('a server that is killed while it writes has everything that it acknowledged, and nothing half', async () => {
  const first = await serve()
  await first.s3.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  )
  const acknowledged: number[] = []
  const stop = new AbortController()
  const writers = [0, 1, 2, 3].map(async (writer) => {
    for (let index = writer; !stop.signal.aborted; index += 4) {
      await first.s3.send(new PutObjectCommand({ Bucket, Key: `k${index}`, Body: bodyOf(index) }))
      acknowledged.push(index)
    }
  })
  const settled = Promise.allSettled(writers)
  while (acknowledged.length < 60) await new Promise((resolve) => setTimeout(resolve, 20))
  await kill(first)
  stop.abort()
  await settled

  // What an upload leaves that was on its way: a file that no record names.
  writeFileSync(join(folder, 'objects', 'left-over'), 'half')
  const second = await serve()
  expect(second.swept).toBeGreaterThanOrEqual(1)
  for (const index of acknowledged) {
    const got = await second.s3.send(new GetObjectCommand({ Bucket, Key: `k${index}` }))
    expect(await got.Body?.transformToString()).toBe(bodyOf(index))
  }
  const listed = (await second.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []
  for (const { Key = '', Size } of listed) expect(Size).toBe(bodyOf(Number(Key.slice(1))).length)
  const large = listed.filter((one) => (one.Size ?? 0) > 16_384).length
  expect(readdirSync(join(folder, 'objects'))).toHaveLength(large)
  await kill(second)
})

test('a large upload is not held in memory', async () => {
  const server = await serve()
  const piece = Buffer.alloc(2 ** 20, 'x')
  const total = 384 * 2 ** 20
  const beforeKibibytes = memoryOf(server.child.pid, 'VmRSS')
  async function* pieces() {
    for (let sent = 0; sent < total; sent += piece.length) yield piece
  }
  const { Readable } = await import('node:stream')
  await server.s3.send(
    new PutObjectCommand({ Bucket, Key: 'huge', Body: Readable.from(pieces()), ContentLength: total }),
  )
  // What the server takes by itself depends on the machine; what it keeps of a body must not depend on its size.
  const grownKibibytes = memoryOf(server.child.pid, 'VmHWM') - beforeKibibytes
  expect(grownKibibytes).toBeGreaterThan(0)
  expect(grownKibibytes * 1024).toBeLessThan(total / 2)
  await kill(server)
})

function memoryOf(pid: number | undefined, line: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1])
}
