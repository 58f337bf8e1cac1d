import { MOST_LENGTH } from '@ringfence/policy'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const Version = '2012-10-17'
const allow = (Action: string | string[], Resource: string, rest: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
})
const policy = (...Statement: object[]) => ({ Version, Statement })
const reads = allow('s3:GetObject', 'arn:aws:s3:::data/raw/*')
const fromOffice = { Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } }

const documents: Readonly<Record<string, unknown>> = {
  'raw.json': policy(reads),
  'all.json': policy(allow('s3:GetObject', 'arn:aws:s3:::data/*')),
  'office.json': policy(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::data/*', fromOffice)),
  'bucket.json': policy({ ...reads, Principal: '*' }),
  'listing.json': policy(allow('s3:ListBucket', 'arn:aws:s3:::data/*')),
  'nothing.json': policy({ ...allow('*', '*'), Effect: 'Deny' }),
  'blob.json': policy(
    allow('*', '*', {
      Condition: { StringLike: { 'test:Key': 'a*' }, NumericLessThan: { 'test:Key': 3 } },
    }),
  ),
  'own.json': policy(allow('s3:GetObject', 'arn:aws:s3:::data/${aws:username}/*')),
  'wrong.json': policy({ ...reads, Effect: 'Permit' }),
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-compare-'))
  for (const [name, document] of Object.entries(documents))
    writeFileSync(join(folder, name), JSON.stringify(document))
})
afterAll(() => rmSync(folder, { recursive: true }))

const compare = async (...args: string[]) => {
  const io = memoryIo({ cwd: folder })
  const code = await run(['compare', ...args], io)
  return { code, ...io.written }
}

describe('compare', () => {
  it('tells the verdict and a request for each difference', async () => {
    const pairs = [
      ['raw.json', 'all.json'],
      ['all.json', 'raw.json'],
      ['raw.json', 'raw.json'],
      ['all.json', 'office.json'],
      ['listing.json', 'nothing.json'],
      ['blob.json', 'all.json'],
      ['own.json', 'all.json'],
    ]
    let told = ''
    for (const pair of pairs) {
      const { code, stderr, stdout } = await compare(...pair)
      expect([code, stderr]).toEqual([exitCode.ok, ''])
      told += `$ ringfence compare ${pair.join(' ')}\n${stdout}`
    }
    expect(told).toBe(golden('compare.txt', told))
  })

  it('prints both worlds as JSON', async () => {
    const { code, stdout } = await compare('raw.json', 'all.json', '--json')
    expect(code).toBe(exitCode.ok)
    const answer = JSON.parse(stdout) as Record<string, unknown>
    expect(answer).toMatchObject({
      formatVersion: 1,
      kind: 'identity',
      open: { relation: 'less', firstInSecond: { proof: 'proved' }, secondInFirst: { proof: 'refuted' } },
      known: {
        relation: 'less',
        secondInFirst: { counterexample: { action: 's3:GetObject' } },
      },
    })
  })

  it('counts requests of a length, in full as JSON', async () => {
    const { stdout } = await compare('nothing.json', 'all.json', '--length', '19', '--json')
    expect((JSON.parse(stdout) as { counts: unknown }).counts).toEqual({
      length: 19,
      open: {
        first: { count: 'exact', requests: '0', log2: null },
        // One for `data/` itself and one for each printable character behind it.
        second: { count: 'exact', requests: '96', log2: 6.58 },
      },
      // `data/` itself is no object.
      known: {
        first: { count: 'exact', requests: '0', log2: null },
        second: { count: 'exact', requests: '95', log2: 6.57 },
      },
    })
    const longest = await compare('all.json', 'all.json', '--length', String(MOST_LENGTH))
    expect(longest.code).toBe(exitCode.ok)
  })

  it.each([
    [['bucket.json', 'bucket.json'], exitCode.ok, 'equivalent'],
    [['bucket.json', 'bucket.json', '--kind', 'resource'], exitCode.ok, 'equivalent'],
    [['bucket.json', 'bucket.json', '--kind', 'identity'], exitCode.usage, 'error[ELEMENT_NOT_ADMITTED]'],
    [['raw.json', 'bucket.json'], exitCode.usage, 'error[ELEMENT_MISSING]'],
    [['raw.json', 'bucket.json', '--kind', 'trust'], exitCode.usage, 'Allowed choices'],
    [['raw.json', 'all.json', '--length', '0'], exitCode.usage, 'from 1 to 2048'],
    [['raw.json', 'all.json', '--length', String(MOST_LENGTH + 1)], exitCode.usage, 'from 1 to 2048'],
    [['raw.json', 'wrong.json'], exitCode.usage, 'wrong.json:1:'],
    [['raw.json', 'gone.json'], exitCode.usage, 'error[FILE_NOT_FOUND]: there is no file gone.json'],
  ])('takes %j with %i', async (args, expected, message) => {
    const { code, stderr, stdout } = await compare(...args)
    expect([code, stdout + stderr]).toEqual([expected, expect.stringContaining(message)])
  })
})
