import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'

// The built command as a process, and a client that is configured by what it prints.
const bin = join(import.meta.dirname, '../../bin/ringfence.js')

let folder: string
let child: ChildProcess
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-local-'))
})
afterEach(() => {
  child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** Starts `local` and waits for its credentials. */
async function start(...flags: readonly string[]) {
  child = spawn(process.execPath, [bin, 'local', '--port', '0', '--data', join(folder, 'data'), ...flags])
  const log = { stderr: '' }
  child.stderr?.on('data', (chunk: Buffer) => (log.stderr += chunk.toString()))
  const stdout = await new Promise<string>((done, fail) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.includes('unset ')) done(text)
    })
    child.on('exit', () => fail(new Error(log.stderr)))
  })
  const exports = new Map(
    [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map((match) => [match[1], match[2] ?? '']),
  )
  const client = new S3Client({
    endpoint: exports.get('AWS_ENDPOINT_URL') ?? '',
    region: exports.get('AWS_REGION') ?? '',
    credentials: {
      accessKeyId: exports.get('AWS_ACCESS_KEY_ID') ?? '',
      secretAccessKey: exports.get('AWS_SECRET_ACCESS_KEY') ?? '',
    },
    forcePathStyle: true,
  })
  return { client, log, exports }
}

async function stop(signal: 'SIGINT' | 'SIGTERM'): Promise<number | null> {
  const ended = new Promise<number | null>((done) => child.on('exit', (code) => done(code)))
  child.kill(signal)
  return ended
}

describe('local as a process', () => {
  it('serves clients that take what it prints, logs them, and keeps what they made', async () => {
    const first = await start()
    await first.client.send(new CreateBucketCommand({ Bucket: 'kept-bucket' }))
    expect(await stop('SIGINT')).toBe(exitCode.ok)
    expect(first.log.stderr).toMatch(/ ok +arn:aws:iam::111122223333:root {2}s3:CreateBucket\n/)
    expect(first.log.stderr).not.toContain(first.exports.get('AWS_SECRET_ACCESS_KEY'))
    const second = await start()
    const { Buckets } = await second.client.send(new ListBucketsCommand({}))
    expect(Buckets?.map(({ Name }) => Name)).toEqual(['kept-bucket'])
    expect(await stop('SIGTERM')).toBe(exitCode.ok)
  })

  it('logs whom it refused and why', async () => {
    const { log, exports } = await start()
    expect((await fetch(exports.get('AWS_ENDPOINT_URL') ?? '')).status).toBe(403)
    expect(await stop('SIGINT')).toBe(exitCode.ok)
    expect(log.stderr).toMatch(/ AccessDenied +anonymous {2}s3:ListBuckets {2}\S/)
  })
})
