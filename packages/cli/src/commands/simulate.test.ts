import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const request = {
  principal: 'arn:aws:iam::111122223333:user/ada',
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::raw/a.txt',
}
const policy = (effect: string, rest: object = {}) => ({
  Version: '2012-10-17',
  Statement: [
    { Sid: 'One', Effect: effect, Action: 's3:GetObject', Resource: 'arn:aws:s3:::raw/*', ...rest },
  ],
})
const allowed = { request, identityPolicies: [policy('Allow')] }
const denied = {
  request,
  identityPolicies: [policy('Allow'), { name: 'no', policy: policy('Deny') }],
}
const missed = {
  request,
  identityPolicies: [
    {
      name: 'tls',
      policy: policy('Allow', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
    },
  ],
}

const simulate = async (text: string | Uint8Array, ...flags: string[]) => {
  const io = memoryIo({ stdin: text })
  const code = await run(['simulate', '-', ...flags], io)
  return { code, ...io.written }
}
const simulateJson = async (value: unknown) => {
  const { code, stdout, stderr } = await simulate(JSON.stringify(value), '--json')
  return { code, stderr, answers: JSON.parse(stdout) as Record<string, unknown>[] }
}

describe('simulate --json', () => {
  it('answers one case with a list of one, with decision and reasons', async () => {
    const { code, stderr, answers } = await simulateJson(allowed)
    expect([code, stderr, answers.length]).toEqual([exitCode.ok, '', 1])
    expect(answers[0]).toMatchObject({
      decision: 'allow',
      because: [expect.stringContaining('One')],
      statements: [
        { layer: 'identity', policy: 'identityPolicies[0]', index: 0, sid: 'One', effect: 'Allow' },
      ],
    })
  })

  it('answers a list in its order; whatever is decided is no failure', async () => {
    const { code, answers } = await simulateJson([allowed, denied, missed, { request }])
    expect(code).toBe(exitCode.ok)
    expect(answers.map(({ decision }) => decision)).toEqual([
      'allow',
      'explicitDeny',
      'implicitDeny',
      'implicitDeny',
    ])
    expect(answers[2]).toMatchObject({ missing: 'identity', nearest: { policy: 'tls', sid: 'One' } })
    for (const { because } of answers)
      expect(because).toEqual([expect.any(String), ...(because as unknown[]).slice(1)])
  })

  it('answers what it cannot understand in its place, and decides the others', async () => {
    const { code, answers, stderr } = await simulateJson([
      allowed,
      { request: { ...request, acton: 1 } },
      3,
      { request: { ...request, principal: 'ada' } },
      { request, identityPolicies: [policy('Permit')] },
      {
        request,
        identityPolicies: [policy('Allow', { Condition: { StringEquls: { 'aws:username': 'a' } } })],
      },
      denied,
    ])
    expect(code).toBe(exitCode.usage)
    expect(answers.map(({ decision }) => decision)).toEqual([
      'allow',
      'error',
      'error',
      'error',
      'error',
      'error',
      'explicitDeny',
    ])
    const named = ['acton', 'object', 'ada', 'Permit', 'StringEquls']
    named.forEach((name, index) => expect(JSON.stringify(answers[index + 1]?.['because'])).toContain(name))
    const { diagnostics } = JSON.parse(stderr) as { diagnostics: { span: object }[] }
    expect(diagnostics.length).toBeGreaterThanOrEqual(5)
    for (const { span } of diagnostics) expect(span).toMatchObject({ file: 'stdin', line: 1 })
  })

  it('gives an empty list for no cases', async () => {
    expect(await simulate('[]', '--json')).toEqual({ code: exitCode.ok, stdout: '[]\n', stderr: '' })
  })

  it('refuses a case with a key that is there twice, and only that', async () => {
    const twice = JSON.stringify(denied).replace('"Effect":"Deny"', '"Effect":"Deny","Effect":"Allow"')
    const { code, stdout } = await simulate(`[${JSON.stringify(allowed)},${twice}]`, '--json')
    expect(code).toBe(exitCode.usage)
    expect(JSON.parse(stdout)).toMatchObject([
      { decision: 'allow' },
      { decision: 'error', because: ['the key "Effect" is there twice (DUPLICATE_KEY)'] },
    ])
  })

  it.each([
    ['', 'is empty'],
    ['{', 'is not JSON'],
    ['{"request":}', 'is not JSON'],
    ['nonsense', 'is not JSON'],
  ])('answers the text %j by an error', async (text, message) => {
    const { code, stdout } = await simulate(text, '--json')
    expect(code).toBe(exitCode.usage)
    expect(JSON.parse(stdout)).toEqual([{ decision: 'error', because: [expect.stringContaining(message)] }])
  })
})

describe('simulate', () => {
  it('tells people decision, request and reasons of each case', async () => {
    const { code, stdout, stderr } = await simulate(JSON.stringify([allowed, denied, missed, { request }]))
    expect([code, stderr]).toEqual([exitCode.ok, ''])
    expect(stdout).toBe(golden('simulate.txt', stdout))
  })

  it('points to the mistakes in the file', async () => {
    const cases = [
      { request: { ...request, acton: 's3:GetObject' } },
      { request: { ...request, resourceAccount: 12 } },
      {
        request,
        identityPolicies: [policy('Permit'), policy('Allow', { Condition: { StringEquls: { a: 'a' } } })],
      },
      { request, serviceControlPolicies: [[{ name: 'fence', policy: policy('Deny', { Principal: '*' }) }]] },
      { request: { ...request, resource: 'raw/a.txt' } },
    ]
    const { code, stdout, stderr } = await simulate(JSON.stringify(cases, null, 2))
    expect(code).toBe(exitCode.usage)
    const told = `${stdout}---\n${stderr}`
    expect(told).toBe(golden('simulate-mistakes.txt', told))
  })

  it.each([
    ['{"request": tru}', 'stdin:1:16'],
    ['{"request": {},\n  x}', 'stdin:2:3'],
    ['[1,\n2', 'stdin:2:2'],
    ['\n abc', 'stdin:2:2'],
  ])('points to the place in %j that is no JSON', async (text, place) => {
    expect((await simulate(text)).stderr).toMatch(`${place}: error[JSON_SYNTAX]: stdin is not JSON`)
  })

  it('lets nothing of a case move the cursor', async () => {
    const { stdout } = await simulate(
      JSON.stringify({ request: { ...request, resource: 'arn:aws:s3:::a/\u001b[2J' } }),
    )
    expect(stdout).not.toContain('\u001b')
    expect(stdout).toContain('\\u{1b}')
  })

  describe('with a file', () => {
    let folder: string
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'ringfence-simulate-'))
      writeFileSync(join(folder, 'case.json'), JSON.stringify(allowed))
      writeFileSync(join(folder, 'binary.json'), Uint8Array.from([0, 255, 1]))
      writeFileSync(join(folder, 'deep.json'), '['.repeat(1_000_000))
      writeFileSync(join(folder, 'deeper.json'), `${'['.repeat(100_000)}${']'.repeat(100_000)}`)
      writeFileSync(join(folder, 'large.json'), JSON.stringify(Array.from({ length: 20_000 }, () => allowed)))
    })
    afterAll(() => rmSync(folder, { recursive: true }))

    it.each([
      ['case.json', exitCode.ok, ''],
      ['large.json', exitCode.ok, ''],
      ['gone.json', exitCode.usage, 'error[FILE_NOT_FOUND]: there is no file gone.json'],
      ['.', exitCode.usage, 'error[FILE_IS_DIRECTORY]'],
      ['binary.json', exitCode.usage, 'error[FILE_NOT_UTF8]'],
      ['deep.json', exitCode.usage, 'deep.json:1:1000001: error[JSON_SYNTAX]'],
      ['deeper.json', exitCode.usage, 'error[CASE_VALUE_MALFORMED]'],
    ])('takes %s with %i', async (name, code, message) => {
      const io = memoryIo({ cwd: folder })
      expect(await run(['simulate', name], io)).toBe(code)
      if (message === '') expect(io.written.stderr).toBe('')
      else expect(io.written.stderr).toContain(message)
    })
  })
})
