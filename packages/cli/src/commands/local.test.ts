import type { CloudTrailEvent, LocalAws, LocalAwsOptions } from '@ringfence/local'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'
import { type LocalOptions, runLocal } from './local.js'

const defaults: LocalOptions = {
  account: '111122223333',
  region: 'us-east-1',
  port: 4566,
  tls: false,
  json: false,
}
const event: CloudTrailEvent = {
  eventVersion: '1.11',
  eventTime: '2026-01-01T12:34:56Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'us-east-1',
  sourceIPAddress: '127.0.0.1',
  userAgent: 'test',
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/eve\u001b[2J' },
  requestParameters: null,
  responseElements: null,
  requestID: 'r',
  eventID: 'e',
  readOnly: true,
  recipientAccountId: '111122223333',
}

/** Runs `local` with a server that answers one request, and stops it when `whileRunning` is done. */
async function runWith(
  options: Partial<LocalOptions>,
  server: Partial<LocalAws> = {},
  events: readonly CloudTrailEvent[] = [],
  whileRunning: (stdout: string) => void = () => undefined,
) {
  const stop = new AbortController()
  const io = memoryIo({ signal: stop.signal })
  const seen: { options?: LocalAwsOptions; closed: boolean } = { closed: false }
  const code = runLocal({ ...defaults, ...options }, io, async (given) => {
    seen.options = given
    for (const one of events) given.onEvent?.(one)
    setTimeout(() => {
      whileRunning(io.written.stdout)
      stop.abort()
    }, 50)
    return {
      account: given.account,
      region: given.region,
      endpoint: 'http://127.0.0.1:4566',
      plainEndpoint: 'http://127.0.0.1:4567',
      root: { accessKeyId: 'AKIAROOT', secretAccessKey: "se/cr+et'" },
      close: async () => {
        seen.closed = true
      },
      ...server,
    } as LocalAws
  })
  return { code: await code, io, seen }
}

describe('local', () => {
  it('prints root credentials for a shell, closes when stopped, and that is no failure', async () => {
    const { code, io, seen } = await runWith({})
    expect(code).toBe(exitCode.ok)
    expect(seen.closed).toBe(true)
    expect(io.written.stdout).toBe(`export AWS_ENDPOINT_URL=http://127.0.0.1:4566
export AWS_ACCESS_KEY_ID=AKIAROOT
export AWS_SECRET_ACCESS_KEY='se/cr+et'\\'''
export AWS_REGION=us-east-1
export AWS_DEFAULT_REGION=us-east-1
unset AWS_PROFILE AWS_SESSION_TOKEN
`)
    expect(io.written.stderr).not.toContain('cr+et')
  })

  it.each([
    [{}, { port: 4566, plainPort: 4567 }],
    [{ port: 0 }, { port: 0, plainPort: 0 }],
    [{ port: 65_535 }, { port: 65_535, plainPort: 0 }],
    [
      { port: 9, plainPort: 7 },
      { port: 9, plainPort: 7 },
    ],
    [{ data: '/tmp/here' }, { dataDir: '/tmp/here' }],
    [{ tls: true }, { tls: true }],
  ])('%j starts with %j', async (options, expected) => {
    expect((await runWith(options)).seen.options).toMatchObject(expected)
  })

  it('tells each request in a line, with the reason of a denial and nothing that moves the cursor', async () => {
    const decision = {
      decision: 'explicitDeny',
      statements: [{ layer: 'resource', policy: 'arn:aws:s3:::b', index: 0, sid: 'TlsOnly', effect: 'Deny' }],
    } as const
    const denied: CloudTrailEvent = {
      ...event,
      errorCode: 'AccessDenied',
      errorMessage: 'no',
      additionalEventData: {
        authorization: [{ principal: 'eve', action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', decision }],
      },
    }
    const { io } = await runWith({}, {}, [event, denied])
    const lines = io.written.stderr.split('\n').filter((line) => line.startsWith('12:34'))
    expect(lines).toEqual([
      '12:34:56  ok            arn:aws:iam::111122223333:user/eve\\u{1b}[2J  s3:GetObject',
      '12:34:56  AccessDenied  arn:aws:iam::111122223333:user/eve\\u{1b}[2J  s3:GetObject  because of an explicit deny: statement TlsOnly of the resource policy arn:aws:s3:::b denies s3:GetObject',
    ])
  })

  it('with --json prints one object on stdout and only events on stderr', async () => {
    const { io } = await runWith({ json: true }, {}, [event, event])
    expect(JSON.parse(io.written.stdout)).toEqual({
      formatVersion: 1,
      account: '111122223333',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:4566',
      plainEndpoint: 'http://127.0.0.1:4567',
      credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: "se/cr+et'" },
    })
    const lines = io.written.stderr.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([event, event])
  })

  it('keeps the certificate of TLS in a file as long as it runs', async () => {
    let file = ''
    await runWith({ tls: true }, { certificate: 'PEM' }, [], (stdout) => {
      file = /^export AWS_CA_BUNDLE=(.*)$/m.exec(stdout)?.[1] ?? ''
      expect(readFileSync(file, 'utf8')).toBe('PEM')
    })
    expect(file).not.toBe('')
    expect(existsSync(file)).toBe(false)
  })

  it.each([
    ['EADDRINUSE', 'port 4567 is in use'],
    ['EACCES', 'port 4567 may not be used'],
  ])('says of %s which port it is', async (code, message) => {
    const failing = () =>
      Promise.reject(Object.assign(new Error('listen'), { code, syscall: 'listen', port: 4567 }))
    await expect(runLocal(defaults, memoryIo(), failing)).rejects.toMatchObject({
      code: 'PORT_NOT_AVAILABLE',
      message,
    })
  })

  it.each(['EEXIST', 'EACCES'])('says of %s which folder it is', async (code) => {
    const failing = () => Promise.reject(Object.assign(new Error(`${code}: no`), { code, syscall: 'mkdir' }))
    await expect(runLocal({ ...defaults, data: 'here' }, memoryIo(), failing)).rejects.toMatchObject({
      code: 'FILE_NOT_WRITABLE',
      message: `the folder here cannot be used: ${code}: no`,
    })
  })

  it.each([
    [['--port', '65536']],
    [['--port', '-1']],
    [['--port', '4566x']],
    [['--account', '1234']],
    [['--region', 'nowhere']],
    [['extra']],
  ])('%j is a usage error', async (argv) => {
    const io = memoryIo()
    expect(await run(['local', ...argv], io)).toBe(exitCode.usage)
    expect(io.written.stderr).toMatch(/^error: /)
  })
})
