import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exitCode } from '../exit-code.js'
import { memoryIo, type MemoryIoOptions } from '../memory-io.js'
import { run } from '../run.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ringfence = async (argv: readonly string[], options: MemoryIoOptions = {}) => {
  const io = memoryIo({ cwd: folder, ...options })
  return { code: await run(argv, io), ...io.written }
}
const read = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('init', () => {
  it('writes a file and its schema, tells so on stderr, and asks nothing', async () => {
    expect(await ringfence(['init'])).toEqual({
      code: exitCode.ok,
      stdout: '',
      stderr: 'wrote ringfence.yaml\nwrote ringfence.schema.json\nNext: ringfence rehearse ringfence.yaml\n',
    })
    expect(readdirSync(folder).toSorted()).toEqual(['ringfence.schema.json', 'ringfence.yaml'])
  })

  it('writes a schema line that resolves without a network', async () => {
    await ringfence(['init'])
    const [, name] = /^# yaml-language-server: \$schema=\.\/(\S+)\n/.exec(read('ringfence.yaml')) ?? []
    expect(JSON.parse(read(name ?? ''))).toMatchObject({ $schema: expect.stringContaining('draft-07') })
  })

  it.each([[Date.UTC(2026, 0, 1)], [Date.UTC(2040, 11, 31)]])(
    'writes at %i what plans without a finding at that time',
    async (timeMs) => {
      const nowMs = () => timeMs
      await ringfence(['init'], { nowMs })
      expect(await ringfence(['plan', 'ringfence.yaml'], { nowMs })).toMatchObject({
        code: exitCode.ok,
        stderr: '',
      })
    },
  )

  it('explains every part that a declared file can have', async () => {
    await ringfence(['init'])
    const { properties } = JSON.parse(read('ringfence.schema.json')) as { properties: object }
    const optional = ['$schema', 'suffix', 'guardrail', 'identityProvider', 'rosterRemovals']
    const text = read('ringfence.yaml')
    expect(Object.keys(properties).filter((key) => !text.includes(`\n${key}:`))).toEqual(optional)
  })

  it('takes another name in another folder, and puts the schema beside it', async () => {
    mkdirSync(join(folder, 'deep'))
    expect((await ringfence(['init', 'deep/org.yml'])).code).toBe(exitCode.ok)
    expect(readdirSync(join(folder, 'deep')).toSorted()).toEqual(['org.yml', 'ringfence.schema.json'])
  })

  it('replaces nothing without --force', async () => {
    writeFileSync(join(folder, 'ringfence.yaml'), 'mine')
    const { code, stderr } = await ringfence(['init'])
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain('error[FILE_EXISTS]: ringfence.yaml is there already')
    expect(readdirSync(folder)).toEqual(['ringfence.yaml'])
    expect(read('ringfence.yaml')).toBe('mine')
    expect((await ringfence(['init', '--force'])).code).toBe(exitCode.ok)
    expect(read('ringfence.yaml')).toContain('organization: acme')
  })

  it('keeps a schema that is there, and says so', async () => {
    writeFileSync(join(folder, 'ringfence.schema.json'), 'mine')
    const { code, stderr } = await ringfence(['init'])
    expect([code, read('ringfence.schema.json')]).toEqual([exitCode.ok, 'mine'])
    expect(stderr).toContain('kept ringfence.schema.json, which was there already')
  })

  it.each([
    ['ringfence.json', 'FILE_TYPE_UNKNOWN'],
    ['nowhere/ringfence.yaml', 'FILE_NOT_WRITABLE'],
  ])('refuses %s', async (name, code) => {
    const result = await ringfence(['init', name])
    expect(result.code).toBe(exitCode.usage)
    expect(result.stderr).toContain(`error[${code}]`)
    expect(readdirSync(folder)).toEqual([])
  })

  it('says that a folder may not be written to', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    const { files } = memoryIo()
    const result = await ringfence(['init'], { files: { ...files, write: () => Promise.reject(denied) } })
    expect(result.code).toBe(exitCode.usage)
    expect(result.stderr).toContain('error[FILE_NOT_WRITABLE]: ringfence.yaml cannot be written')
  })
})

describe('schema', () => {
  it('prints the schema that init writes', async () => {
    await ringfence(['init'])
    expect(await ringfence(['schema'])).toEqual({
      code: exitCode.ok,
      stdout: read('ringfence.schema.json'),
      stderr: '',
    })
  })
})
