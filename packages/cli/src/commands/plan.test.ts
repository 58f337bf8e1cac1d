import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import { run } from '../run.js'
import { printStartingFile } from '../starting-file.js'

const nowMs = () => Date.UTC(2026, 0, 1)
const full = printStartingFile(nowMs()).replace(
  'region: eu-west-1\n',
  `region: eu-west-1
suffix: demo
guardrail: serviceControlPolicy
identityProvider: { saml: sign-in }
`,
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-plan-'))
  writeFileSync(join(folder, 'ringfence.yaml'), full)
  writeFileSync(join(folder, 'wrong.yaml'), full.replace('read, write]', 'raed]').replace('[ada]', '[adda]'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const ringfence = async (argv: readonly string[], options: MemoryIoOptions = {}) => {
  const io = memoryIo({ cwd: folder, nowMs, ...options })
  return { code: await run(argv, io), ...io.written }
}

describe('plan', () => {
  it('shows resources by what asked for them', async () => {
    const { code, stdout, stderr } = await ringfence(['plan', 'ringfence.yaml'])
    expect([code, stderr]).toEqual([exitCode.ok, ''])
    expect(stdout).toMatch(/^acme in account 111122223333, eu-west-1: \d+ resources, \d+ policy statements\n/)
    for (const title of [
      'dataset user-data',
      'platform training',
      'team research',
      'member ada',
      'guardrail',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${title}  ringfence\\.yaml:\\d+:\\d+$`, 'm'))
    }
  })

  it('shows what Identity Center has to have', async () => {
    const center = `{ identityCenter: { instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef', identityStore: d-0123456789 } }`
    const text = full
      .replace('{ saml: sign-in }', center)
      .replace(/^ {2}ada: .*$/m, '  ada: { email: ada@acme.example, signIn: federation }')
    writeFileSync(join(folder, 'center.yaml'), text)
    const told = await ringfence(['plan', 'center.yaml', '--identity-center'])
    expect(told.code).toBe(exitCode.ok)
    expect(told.stdout).toContain('AWSReservedSSO_acme-research_????????????????')
    const { stdout } = await ringfence(['plan', 'center.yaml', '--identity-center', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      identityCenter: { targetAccount: '111122223333', external: [{ displayName: 'research' }] },
    })
    const none = await ringfence(['plan', 'ringfence.yaml', '--identity-center'])
    expect([none.code, none.stderr]).toEqual([
      exitCode.usage,
      expect.stringContaining('IDENTITY_CENTER_MISSING'),
    ])
  })

  it('shows whole policy documents with --policies', async () => {
    const { stdout } = await ringfence(['plan', 'ringfence.yaml', '--policies'])
    const documents = stdout.matchAll(/^ {4}\{\n[^]*?^ {4}\}$/gm)
    const statements = [...documents].flatMap(
      ([text]) => (JSON.parse(text) as { Statement: object[] }).Statement,
    )
    expect(stdout).toContain(`, ${statements.length} policy statements\n`)
  })

  it('prints the plan with --json, a line a resource, the same each time', async () => {
    const { code, stdout, stderr } = await ringfence(['plan', 'ringfence.yaml', '--json'])
    expect([code, stderr]).toEqual([exitCode.ok, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      plan: { formatVersion: 1, organization: 'acme', account: '111122223333' },
    })
    expect((await ringfence(['plan', 'ringfence.yaml', '--json'])).stdout).toBe(stdout)
  })

  it('names every resource and every statement of the plan', async () => {
    const { stdout } = await ringfence(['plan', 'ringfence.yaml', '--json'])
    const { plan } = JSON.parse(stdout) as {
      plan: { resources: { type: string }[]; statements: { sid: string }[] }
    }
    const text = (await ringfence(['plan', 'ringfence.yaml'])).stdout
    for (const { type } of plan.resources) expect(text).toContain(`\n  ${type} `)
    for (const { sid } of plan.statements) expect(text).toContain(` ${sid} `)
  })

  it('colours only where it is wanted, and nothing else changes', async () => {
    const { stdout } = await ringfence(['plan', 'ringfence.yaml'])
    const colored = (await ringfence(['plan', 'ringfence.yaml'], { color: true })).stdout
    // oxlint-disable-next-line no-control-regex -- colours are control characters
    const controls = /\u001b\[\d+m/g
    expect(stdout).not.toMatch(controls)
    expect(colored).toMatch(controls)
    expect(colored.replace(controls, '')).toBe(stdout)
  })

  it('tells mistakes on stderr, and prints nothing', async () => {
    const { code, stdout, stderr } = await ringfence(['plan', 'wrong.yaml'])
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toMatch(/^wrong\.yaml:\d+:\d+: error\[NAME_UNKNOWN\]: /m)
    expect(stderr).toMatch(/^wrong\.yaml:\d+:\d+: error\[VALUE_UNKNOWN\]: /m)
    expect(stderr).toMatch(/\n\d errors\n$/)
  })

  it('tells mistakes as JSON with --json', async () => {
    const { code, stdout, stderr } = await ringfence(['plan', 'wrong.yaml', '--json'])
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(JSON.parse(stderr)).toMatchObject({
      formatVersion: 1,
      diagnostics: expect.arrayContaining([
        expect.objectContaining({
          code: 'NAME_UNKNOWN',
          span: expect.objectContaining({ file: 'wrong.yaml' }),
        }),
      ]),
    })
  })

  it('tells warnings without failing', async () => {
    writeFileSync(join(folder, 'warning.yaml'), full.replace('teams:', 'teams:\n  idle: []'))
    const { code, stdout, stderr } = await ringfence(['plan', 'warning.yaml'])
    expect(stderr).toMatch(/^warning\.yaml:\d+:\d+: warning\[TEAM_EMPTY\]: /)
    expect(stderr).toMatch(/\n1 warning\n$/)
    expect([code, stdout === '']).toEqual([exitCode.ok, false])
  })

  it('names files by their path from here', async () => {
    const { stderr } = await ringfence(['plan', join(folder, 'wrong.yaml')])
    expect(stderr).not.toContain(folder)
  })
})
