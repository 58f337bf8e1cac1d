import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const folder = mkdtempSync(join(tmpdir(), 'ringfence-edit-'))
const path = join(folder, 'ringfence.yaml')
const text = `# acme
organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
members:
  ada: {} # the first
  grace: {}
teams:
  research: [ada, grace]
datasets: { corpus: {}, logs: {} }
grants:
  - { to: research, can: [read, write], on: corpus, under: raw/ } # Q1
`
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => writeFileSync(path, text))

const ringfence = async (...args: string[]) => {
  const io = memoryIo({ cwd: folder })
  const code = await run(args, io)
  return { code, ...io.written, text: readFileSync(path, 'utf8') }
}

describe('grant and revoke', () => {
  it('warn of a grant that has ended before it began, or that adds nothing', async () => {
    const ended = await ringfence('grant', 'ada', 'read', 'logs', '--until', '2020-02-29', 'ringfence.yaml')
    expect(ended).toMatchObject({ code: exitCode.ok })
    expect(ended.stderr).toMatch(/warning\[GRANT_EXPIRED\]: .* ended at 2020-03-01T00:00:00Z and is left out/)
    // What was there before is not told again.
    const narrow = await ringfence('grant', 'ada', 'read', 'corpus', '--under', 'raw/a/', 'ringfence.yaml')
    expect(narrow.stderr).not.toContain('GRANT_EXPIRED')
  })

  it('say why no change of access is told where the grant mends what was wrong', async () => {
    writeFileSync(path, text.replace('  grace: {}', '  grace: {}\n  bob: {}'))
    const { code, stdout } = await ringfence('grant', 'bob', 'read', 'logs', 'ringfence.yaml')
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('Access: no change can be told, because the file had a mistake before')
    expect((await ringfence('plan', 'ringfence.yaml')).code).toBe(exitCode.ok)
  })

  it('write what they print, and undo each other', async () => {
    const granted = await ringfence(
      'grant',
      'ada',
      'read',
      'logs',
      '--until',
      '2035-03-31',
      '--because',
      'Q1 study',
      'ringfence.yaml',
    )
    expect(granted).toMatchObject({ code: exitCode.ok, stderr: '' })
    expect(granted.text).toBe(
      `${text}  - { to: ada, can: read, on: logs, until: 2035-03-31, because: "Q1 study" }\n`,
    )
    expect(granted.stdout).toContain('+  - { to: ada, can: read, on: logs')
    expect(granted.stdout).toContain('+ read  dataset logs  until 2035-04-01T00:00:00Z')
    const revoked = await ringfence('revoke', 'ada', 'read', 'logs', 'ringfence.yaml')
    expect(revoked).toMatchObject({ code: exitCode.ok, text })
    expect(revoked.stdout).toContain('- read  dataset logs')
    expect(readdirSync(folder)).toEqual(['ringfence.yaml'])
  })

  it('write nothing with --dry-run, and nothing that is a new mistake', async () => {
    const dry = await ringfence('revoke', 'research', 'write', 'corpus', 'ringfence.yaml', '--dry-run')
    expect(dry).toMatchObject({ code: exitCode.ok, text })
    expect(dry.stdout).toContain('can: [read], on: corpus')
    const wrong = await ringfence('grant', 'ada', 'raed', 'corpus', 'ringfence.yaml')
    expect(wrong).toMatchObject({ code: exitCode.usage, stdout: '', text })
    expect(wrong.stderr).toContain('VALUE_UNKNOWN')
    const twice = await ringfence('grant', 'research', 'read', 'corpus', '--under', 'raw/', 'ringfence.yaml')
    expect(twice).toMatchObject({ code: exitCode.usage, text })
    expect(twice.stderr).toContain('GRANT_DUPLICATE')
    const missing = await ringfence('revoke', 'ada', 'read', 'corpus', 'ringfence.yaml')
    expect(missing).toMatchObject({ code: exitCode.usage, text })
    expect(missing.stderr).toContain('research may read, write on corpus under raw/')
  })

  it('edit a file that has mistakes already, unless they make more of them', async () => {
    writeFileSync(path, text.replace('datasets: { corpus', 'datasets: { x: { owner: nobody }, corpus'))
    const granted = await ringfence('grant', 'ada', 'read', 'logs', 'ringfence.yaml')
    expect(granted.code).toBe(exitCode.ok)
    expect(granted.stdout).toContain('Access: not known')
    expect(granted.text).toContain('{ to: ada, can: read, on: logs }')
  })

  it('print JSON', async () => {
    const { stdout } = await ringfence('grant', 'ada', 'read', 'logs', 'ringfence.yaml', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      file: 'ringfence.yaml',
      changed: true,
      written: true,
      access: [{ who: 'member/ada', change: 'gains', can: 'read', on: 'dataset/logs' }],
    })
  })

  it('keep links, permissions and byte order marks', async () => {
    mkdirSync(join(folder, 'real'), { recursive: true })
    const real = join(folder, 'real', 'file.yaml')
    writeFileSync(real, `\uFEFF${text}`)
    chmodSync(real, 0o600)
    rmSync(path)
    symlinkSync(real, path)
    expect((await ringfence('grant', 'ada', 'read', 'logs', 'ringfence.yaml')).code).toBe(exitCode.ok)
    expect(lstatSync(path).isSymbolicLink()).toBe(true)
    expect(statSync(real).mode & 0o777).toBe(0o600)
    expect(readFileSync(real, 'utf8')).toBe(`\uFEFF${text}  - { to: ada, can: read, on: logs }\n`)
    rmSync(path)
    rmSync(join(folder, 'real'), { recursive: true })
  })

  it('leave programs to people', async () => {
    const { code, stderr } = await ringfence('grant', 'ada', 'read', 'logs', 'ringfence.ts')
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain('MODULE_NOT_EDITABLE')
    expect(stderr).toContain('add {"to":"ada","can":["read"],"on":"logs"} to its "grants"')
  })
})

describe('extend', () => {
  it.each([
    [['member', 'ada'], 'ada: { until: 2036-01-31 } # the first'],
    [['team', 'research'], 'research: { members: [ada, grace], until: 2036-01-31 }'],
    [['grant', 'research', 'read', 'corpus'], 'under: raw/, until: 2036-01-31 } # Q1'],
  ])('%s', async (what, expected) => {
    const edited = await ringfence('extend', ...what, 'ringfence.yaml', '--until', '2036-01-31')
    expect(edited.code).toBe(exitCode.ok)
    expect(edited.text).toContain(expected)
    expect(edited.stdout).toContain('until 2036-02-01T00:00:00Z kept')
  })

  it('needs to know what, and until when', async () => {
    for (const args of [
      ['member', 'ada', 'ringfence.yaml'],
      ['ada', 'ringfence.yaml', '--for', '30d'],
      ['member', 'ada', 'ringfence.yaml', '--for', 'long'],
      ['member', 'ada', 'ringfence.yaml', '--for', '30d', '--until', '2035-01-31'],
    ])
      expect((await ringfence('extend', ...args)).code).toBe(exitCode.usage)
  })
})

describe('fmt', () => {
  it('does not pass over an end that it cannot write', async () => {
    const relative = text.replace('ada: {}', 'ada: { for: 1mo }').replace('grace: {}', 'grace: { for: 30d }')
    writeFileSync(path, relative)
    for (const args of [['--check'], ['--json', '--check'], []]) {
      const told = await ringfence('fmt', ...args, 'ringfence.yaml')
      expect(told.code).toBe(exitCode.usage)
      expect(told.stderr).toContain('DURATION_INVALID')
    }
    const written = readFileSync(path, 'utf8')
    expect(written).toMatch(/ada: \{ for: 1mo \}[^]*grace: \{ until: /)
    const again = await ringfence('fmt', 'ringfence.yaml')
    expect(again).toMatchObject({ code: exitCode.usage, stdout: '', text: written })
  })

  it('writes relative ends by the clock, which nothing else takes', async () => {
    writeFileSync(path, text.replace('ada: {}', 'ada: { for: 30d }'))
    const refused = await ringfence('plan', 'ringfence.yaml')
    expect(refused.code).toBe(exitCode.usage)
    expect(refused.stderr).toContain('Run "ringfence fmt FILE"')
    expect((await ringfence('fmt', '--check', 'ringfence.yaml')).code).toBe(exitCode.unexpectedChanges)
    const written = await ringfence('fmt', 'ringfence.yaml')
    expect(written).toMatchObject({
      code: exitCode.ok,
      text: text.replace('ada: {}', 'ada: { until: 2026-01-31T00:00:00Z }'),
    })
    expect((await ringfence('fmt', '--check', 'ringfence.yaml')).code).toBe(exitCode.ok)
  })
})

describe('expiring', () => {
  it('lists what ends soon or has ended, and fails then', async () => {
    writeFileSync(
      path,
      text
        .replace('ada: {}', 'ada: { until: 2026-01-10 }')
        .replace('grace: {}', 'grace: { keys: { until: 2026-01-02 } }')
        .replace('[ada, grace]', '{ members: [ada, grace], until: 2026-03-31 }')
        .replace('under: raw/ }', 'under: raw/, until: 2025-12-31 }'),
    )
    const soon = await ringfence('expiring', 'ringfence.yaml')
    expect(soon.code).toBe(exitCode.unexpectedChanges)
    expect(soon.stdout.split('\n')).toEqual([
      '2026-01-01T00:00:00Z  has ended   grant research may read, write on corpus under raw/  (ringfence.yaml:13:5)',
      '2026-01-03T00:00:00Z  in 2 days   key grace  (ringfence.yaml:8:3)',
      '2026-01-11T00:00:00Z  in 10 days  member ada  (ringfence.yaml:7:3)',
      '',
    ])
    const later = await ringfence('expiring', 'ringfence.yaml', '--within', '52w', '--json')
    const { expiring } = JSON.parse(later.stdout) as { expiring: { kind: string }[] }
    expect(expiring.map(({ kind }) => kind)).toEqual(['grant', 'key', 'member', 'team'])
    expect((await ringfence('expiring', 'ringfence.yaml', '--within', 'soon')).code).toBe(exitCode.usage)
  })

  it('finds nothing where nothing ends', async () => {
    expect(await ringfence('expiring', 'ringfence.yaml')).toMatchObject({
      code: exitCode.ok,
      stdout: 'nothing ends within 14d\n',
    })
  })
})
