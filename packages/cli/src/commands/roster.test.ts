import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'
import { runRoster } from './roster.js'

const example = join(import.meta.dirname, '../../../../examples/roster')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-roster-'))
  cpSync(example, folder, { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = () => readFileSync(join(folder, 'roster.csv'), 'utf8')
const write = (name: string, text: string) => writeFileSync(join(folder, name), text)
const roster = async (...args: string[]) => {
  const io = memoryIo({ cwd: folder })
  const code = await run(['roster', ...args], io)
  return { code, ...io.written }
}

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
    cwd: folder,
    stdio: 'ignore',
  })

/** A month in the personnel office: one joins, one is in another team, one has another name, one leaves. */
const moved = (text: string) =>
  text
    .replace(/^grace,.*\n/m, '')
    .replace('alan,alan@', 'alan.turing,a.turing@')
    .replace(/^ada,(.*),research$/m, 'ada,$1,labelling')
    .concat('mary,mary@acme.example,p-1007,person,,,,,labelling\n')

describe('roster', () => {
  it('shows joiners, movers and leavers as a change of access, and writes after that', async () => {
    write('new.csv', `\uFEFF${moved(read()).replaceAll('\n', '\r\n')}`)
    const shown = await roster('diff', 'ringfence.yaml', 'new.csv')
    expect([shown.code, shown.stderr]).toEqual([0, ''])
    const before = read()
    const asked = await roster('import', 'ringfence.yaml', 'new.csv')
    expect(asked).toMatchObject({ code: exitCode.usage, stdout: '' })
    expect(asked.stderr).toContain('CONFIRMATION_MISSING')
    expect(asked.stderr).toContain('`ringfence roster diff ringfence.yaml new.csv`')
    expect(read()).toBe(before)
    const done = await roster('import', 'ringfence.yaml', 'new.csv', '--yes')
    expect([done.code, done.stdout]).toEqual([0, shown.stdout])
    expect(read()).toBe(moved(before))
    const json = await roster('diff', 'ringfence.yaml', 'new.csv', '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({
      formatVersion: 1,
      joiners: [],
      access: [],
      result: 'compared',
    })
    const told = `$ ringfence roster import ringfence.yaml new.csv --yes\n${done.stdout}${done.stderr}`
    expect(told).toBe(golden('roster-import.txt', told))
  })

  it('says of a roster that cannot be read what to do about that one', async () => {
    const missing = await roster('diff', 'ringfence.yaml', 'new.csv')
    expect(missing.stderr).toMatch(/FILE_NOT_FOUND.*new\.csv\n  Try: check the path\n/)
    writeFileSync(join(folder, 'new.csv'), `\uFEFF${read()}`, 'utf16le')
    const unicode = await roster('import', 'ringfence.yaml', 'new.csv', '--yes')
    expect(unicode).toMatchObject({ code: exitCode.usage, stdout: '' })
    expect(unicode.stderr).toMatch(/FILE_NOT_UTF8.*UTF-16.*\n  Try: save it as "CSV UTF-8"/)
    rmSync(join(folder, 'roster.csv'))
    const declared = memoryIo({ cwd: folder })
    expect(await run(['plan', 'ringfence.yaml'], declared)).toBe(exitCode.usage)
    expect(declared.written.stderr).toContain('Try: check "members.from" of the declared file')
  })

  it('tells programs the same', async () => {
    write('new.csv', moved(read()))
    const { code, stdout } = await roster('import', 'ringfence.yaml', 'new.csv', '--yes', '--json')
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: 1,
      joiners: [{ name: 'mary', teams: ['labelling'] }],
      movers: [
        { name: 'ada', joins: ['labelling'], leaves: ['research'] },
        { name: 'alan.turing', nameBefore: 'alan', email: 'a.turing@acme.example', joins: [], leaves: [] },
      ],
      leavers: [{ name: 'grace', teams: ['labelling'] }],
      removals: { members: ['alan', 'grace'], teams: [] },
      result: 'written',
    })
  })

  it('writes nothing after a no', async () => {
    write('new.csv', moved(read()))
    const before = read()
    const io = memoryIo({ cwd: folder, isTTY: true })
    const options = {
      action: 'import',
      file: 'ringfence.yaml',
      roster: 'new.csv',
      yes: false,
      json: false,
    } as const
    expect(await runRoster(options, io, async () => false)).toBe(exitCode.cancelled)
    expect(read()).toBe(before)
  })

  it('refuses what would take access away by mistake', async () => {
    const [header = '', ...rows] = read().trimEnd().split('\n')
    const before = read()
    const attempt = async (text: string, ...args: string[]) => {
      write('new.csv', text)
      const { code, stderr } = await roster('import', 'ringfence.yaml', 'new.csv', '--yes', ...args)
      if (code !== 0) expect(read()).toBe(before)
      return [code, /error\[([A-Z_]+)\]/.exec(stderr)?.[1]]
    }
    expect(await attempt('')).toEqual([exitCode.usage, 'ROSTER_EMPTY'])
    expect(await attempt(`${header}\n`)).toEqual([exitCode.usage, 'ROSTER_EMPTY'])
    expect(await attempt(before.slice(0, before.lastIndexOf(',')))).toEqual([
      exitCode.usage,
      'ROSTER_CUT_OFF',
    ])
    // Four of seven go.
    const few = `${[header, ...rows.slice(0, 1), rows.at(4)].join('\n')}\n`
    expect(await attempt(few)).toEqual([exitCode.unexpectedChanges, 'REMOVALS_REFUSED'])
    const declared = readFileSync(join(folder, 'ringfence.yaml'), 'utf8')
    write('ringfence.yaml', `${declared}rosterRemovals: 60%\n`)
    const shown = await roster('diff', 'ringfence.yaml', 'new.csv')
    expect([shown.code, shown.stderr]).toEqual([exitCode.ok, expect.not.stringContaining('REMOVALS_REFUSED')])
    write('ringfence.yaml', declared)
    expect(await attempt(few, '--allow-removals', '3')).toEqual([
      exitCode.unexpectedChanges,
      'REMOVALS_REFUSED',
    ])
    const other = before.replace('p-1001', 'p-2001')
    expect(await attempt(other)).toEqual([exitCode.usage, 'NAME_TAKEN_OVER'])
    expect((await attempt(few, '--allow-removals', '4'))[0]).toBe(exitCode.ok)
  })

  it('compares with what git has where no roster is named', async () => {
    git('init', '-q')
    git('add', 'ringfence.yaml', 'roster.csv')
    git('commit', '-q', '-m', 'one')
    write('roster.csv', moved(read()))
    const { code, stdout } = await roster('diff', 'ringfence.yaml')
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('1 joiner, 2 movers, 1 leaver')
  })

  it('takes a first roster, and none for a file without', async () => {
    const text = read()
    write('new.csv', read())
    rmSync(join(folder, 'roster.csv'))
    write('new.csv', text)
    expect((await roster('import', 'ringfence.yaml', 'new.csv', '--yes')).code).toBe(exitCode.ok)
    expect(read()).toBe(text)
    const declared = readFileSync(join(folder, 'ringfence.yaml'), 'utf8')
    write('own.yaml', declared.replace(/^ {2}from: .*$/m, '  ada: {}').replace(/^ {2}joy: .*\n/m, ''))
    write('scim.yaml', declared.replace('from: roster.csv', 'from: scim'))
    for (const args of [
      ['diff', 'own.yaml', 'new.csv'],
      ['import', 'scim.yaml', 'new.csv', '--yes'],
      ['import', 'ringfence.yaml'],
    ])
      expect((await roster(...args)).code).toBe(exitCode.usage)
  })
})
