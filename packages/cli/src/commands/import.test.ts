import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const fixture = join(import.meta.dirname, '../../../check/fixtures/existing-account')

let cwd: string
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'ringfence-import-'))
  // Names of folders outside of the account say nothing about it.
  cpSync(fixture, join(cwd, 'keys/acme'), { recursive: true })
  write('keys/acme/README.md', 'how this was exported')
  write('keys/acme/.git/config.json', 'not read')
  write('alone.json', JSON.stringify({ UserDetailList: [], RoleDetailList: [], GroupDetailList: [] }))
  write('broken/buckets/a.json', '{\n  "Version": }\n')
  write('other/package.json', '{"name": "site"}')
  write('linked/a.json', '{}')
  symlinkSync('a.json', join(cwd, 'linked/b.json'))
  mkdirSync(join(cwd, 'nothing'))
})
afterAll(() => rmSync(cwd, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true })
  writeFileSync(join(cwd, path), text)
}

const importFrom = async (...args: string[]) => {
  const io = memoryIo({ cwd })
  const code = await run(['import', ...args], io)
  return { code, ...io.written }
}

describe('import', () => {
  it('tells how much there is, and all that is not known', async () => {
    const { code, stderr, stdout } = await importFrom('keys/acme')
    expect(code).toBe(exitCode.ok)
    expect(stderr).toBe(
      'warning[FILE_LEFT_OUT]: keys/acme/README.md is neither JSON nor YAML: it is not read\n\n1 warning\n',
    )
    expect(stdout).toBe(golden('import.txt', stdout))
  })

  it('prints the account as JSON', async () => {
    const { code, stdout } = await importFrom('alone.json', '--account', '111122223333', '--json')
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(stdout)).toMatchObject({ formatVersion: 1, account: '111122223333', users: [] })
  })

  it.each([
    [['gone'], 'error[FILE_NOT_FOUND]: there is no file gone'],
    [['nothing'], 'error[IMPORT_NOTHING]'],
    [['broken', '--account', '111122223333'], 'broken/buckets/a.json:2:14: error[IMPORT_FILE_SYNTAX]'],
    [['other', '--account', '111122223333'], 'other/package.json:1:1: error[IMPORT_FILE_UNKNOWN]'],
    [['linked', '--account', '111122223333'], 'error[FILE_NOT_READABLE]: linked/b.json is a link'],
    [['alone.json'], 'error[IMPORT_ACCOUNT_MISSING]'],
    [['keys/acme', '--account', '999988887777'], 'is about account 111122223333, not 999988887777'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr, stdout } = await importFrom(...args)
    expect([code, stdout]).toEqual([exitCode.usage, ''])
    expect(stderr).toContain(message)
  })
})
