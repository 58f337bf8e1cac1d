import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-answers-'))
  copyFileSync(
    join(import.meta.dirname, '../../../../examples/acme-ai/ringfence.yaml'),
    join(folder, 'ringfence.yaml'),
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = async (...args: string[]) => {
  const io = memoryIo({ cwd: folder })
  const code = await run(args, io)
  return { code, ...io.written }
}

const transcript = async (lines: readonly (readonly string[])[]) => {
  let told = ''
  for (const args of lines) {
    const { code, stderr, stdout } = await ask(...args)
    expect([code, stderr], args.join(' ')).toEqual([exitCode.ok, ''])
    told += `$ ringfence ${args.join(' ')}\n${stdout}\n`
  }
  return told
}

describe('who-can, can and access', () => {
  it('tell who can, and under which conditions', async () => {
    const told = await transcript([
      ['who-can', 'read', 'user-data-a/consented/x'],
      ['who-can', 's3:PutBucketPolicy', 'user-data-a'],
      ['who-can', 'kms:Decrypt', 'user-data-a'],
    ])
    expect(told).toBe(golden('who-can.txt', told))
  }, 120_000)

  it('tell whether somebody can: when, or why not', async () => {
    const told = await transcript([
      ['can', 'ada', 'read', 'user-data-a'],
      ['can', 'ada', 'write', 'user-data-a'],
      ['can', 'alan', 'write', 'models/chat-tuned/weights/'],
      ['can', 'susan', 'read', 'feedback/requests/'],
      ['can', 'platform/training', 's3:ListBucket', 'user-data-a/raw/'],
      ['can', 'ada', 'train', 'training'],
      ['can', 'role/platform-admin', 'read', 'user-data-a'],
    ])
    expect(told).toBe(golden('can.txt', told))
  }, 120_000)

  it('tell all that somebody can', async () => {
    const told = await transcript([
      ['access', 'mary'],
      ['access', 'ada'],
      ['access', 'platform/serving'],
    ])
    expect(told).toBe(golden('access.txt', told))
  }, 120_000)

  it('have all conditions in JSON, with statements and lines', async () => {
    const { code, stdout } = await ask('can', 'ada', 'read', 'user-data-a', '--json')
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      member: 'ada',
      answer: 'yes',
      answers: [
        {
          answer: 'yes',
          ways: [
            {
              limits: ['under consented/', 'over TLS', 'until 2035-03-31'],
              request: { principal: 'arn:aws:iam::111122223333:user/ringfence/acme/ada' },
              statements: [
                {
                  sid: 'ReadUserDataAUnderConsented',
                  effect: 'Allow',
                  declaredAt: { file: 'ringfence.yaml', line: 78 },
                  statement: { Condition: { DateLessThan: { 'aws:CurrentTime': '2035-04-01T00:00:00Z' } } },
                },
                { sid: 'TlsOnly', effect: 'Deny' },
              ],
            },
          ],
        },
      ],
    })
    const who = JSON.parse((await ask('who-can', 'read', 'ranker', '--json')).stderr) as object
    expect(who).toMatchObject({ diagnostics: [{ code: 'RESOURCE_UNKNOWN', hint: 'models/ranker' }] })
    const access = JSON.parse((await ask('access', 'mary', '--json')).stdout) as object
    expect(access).toMatchObject({
      member: 'mary',
      access: expect.arrayContaining([expect.objectContaining({ can: 'read', on: 'annotations' })]),
    })
  }, 120_000)

  it.each([
    [['can', 'adda', 'read', 'user-data-a'], 'error[MEMBER_UNKNOWN]: there is no member'],
    [['can', 'ada', 'raed', 'user-data-a'], 'error[ACTION_UNKNOWN]'],
    [['can', 'ada', 's3:GetObjct', 'user-data-a'], 'Try: s3:GetObject'],
    [['can', 'ada', 'read', 'user-data-c'], 'error[RESOURCE_UNKNOWN]'],
    [['access', 'ada', 'gone.yaml'], 'error[FILE_NOT_FOUND]'],
    [['who-can', 'read', 'user-data-a', '.'], 'or put --account before it'],
    [['access', 'ada', 'ringfence.yaml', '--account', '.'], 'error[FILE_AND_ACCOUNT]'],
    [['who-can', 'read'], "missing required argument 'resource'"],
  ])('refuse %j', async (args, message) => {
    const { code, stderr, stdout } = await ask(...args)
    expect([code, stdout, stderr]).toEqual([exitCode.usage, '', expect.stringContaining(message)])
  })
})

it('tell who fetches a key from Secrets Manager', async () => {
  const text = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members:
  bot: { kind: service, keys: { until: 2035-01-31, deliver: secretsManager } }
  eve: {}
teams: { research: [bot, eve] }
datasets: { corpus: {} }
grants: [{ to: research, can: read, on: corpus }]
`
  writeFileSync(join(folder, 'kept.yaml'), text)
  const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:ringfence/acme/bot/access-key'
  const told = await transcript([
    ['who-can', 'secretsmanager:GetSecretValue', 'ringfence/acme/bot/access-key', 'kept.yaml'],
    ['who-can', 'secretsmanager:PutSecretValue', `${arn}-Ab12Cd`, 'kept.yaml'],
    ['can', 'eve', 'secretsmanager:GetSecretValue', arn, 'kept.yaml'],
    ['access', 'bot', 'kept.yaml'],
  ])
  expect(told).toBe(golden('who-can-secret.txt', told))
}, 120_000)
