import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryIo } from './memory-io.js'
import { displayPath, readTextFile } from './text-file.js'

const mebibyte = 1024 * 1024
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-text-'))
  mkdirSync(join(folder, 'folder'))
  const files: Record<string, string | Uint8Array> = {
    'fine.yaml': 'größe: 1\n',
    'bom.yaml': '\ufeffa: 1\n',
    'empty.yaml': '',
    'full.yaml': 'a'.repeat(mebibyte),
    'large.yaml': 'a'.repeat(mebibyte + 1),
    'binary.yaml': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]),
    'nul.yaml': 'a: \0\n',
    'utf16.yaml': Uint8Array.from([0xff, 0xfe, 0x61, 0x00]),
    'cut.yaml': Uint8Array.from([0x61, 0xc3]),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('readTextFile', () => {
  it.each([
    ['fine.yaml', 'größe: 1\n'],
    ['bom.yaml', 'a: 1\n'],
    ['empty.yaml', ''],
    ['full.yaml', 'a'.repeat(mebibyte)],
  ])('reads %s', async (name, text) => {
    expect(await readTextFile(name, memoryIo({ cwd: folder }), mebibyte)).toEqual({ ok: true, text })
  })

  it.each([
    ['large.yaml', 'FILE_TOO_LARGE', 'large.yaml is larger than 1 MiB'],
    ['binary.yaml', 'FILE_NOT_UTF8', 'binary.yaml is not UTF-8 text'],
    ['nul.yaml', 'FILE_NOT_TEXT', 'nul.yaml is not a text file: it has NUL bytes'],
    ['utf16.yaml', 'FILE_NOT_UTF8', 'utf16.yaml is UTF-16, not UTF-8'],
    ['cut.yaml', 'FILE_NOT_UTF8', 'cut.yaml is not UTF-8 text'],
    ['nowhere.yaml', 'FILE_NOT_FOUND', 'there is no file nowhere.yaml'],
    ['fine.yaml/x.yaml', 'FILE_NOT_FOUND', 'there is no file fine.yaml/x.yaml'],
    ['folder', 'FILE_IS_DIRECTORY', 'folder is a directory'],
    [`${'x'.repeat(300)}.yaml`, 'FILE_NOT_READABLE', 'name too long'],
    ['nul\0name.yaml', 'FILE_NOT_READABLE', 'cannot be read'],
  ])('refuses %s', async (name, code, message) => {
    const result = await readTextFile(name, memoryIo({ cwd: folder }), mebibyte)
    expect(result).toMatchObject({ ok: false, finding: { code, severity: 'error' } })
    expect(result.ok ? '' : result.finding.message).toContain(message)
  })

  it('says that a file may not be read', async () => {
    const io = memoryIo({ cwd: folder })
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    const files = { ...io.files, read: () => Promise.reject(denied) }
    expect(await readTextFile('fine.yaml', { ...io, files }, mebibyte)).toMatchObject({
      finding: { code: 'FILE_NOT_READABLE', message: 'fine.yaml may not be read' },
    })
  })

  it('reads what has no size, but not for ever', async () => {
    expect(await readTextFile('/dev/zero', memoryIo(), mebibyte)).toMatchObject({
      finding: { code: 'FILE_TOO_LARGE' },
    })
  })
})

describe('displayPath', () => {
  it.each([
    ['/a/b/c.yaml', 'c.yaml'],
    ['c.yaml', 'c.yaml'],
    ['./d/../c.yaml', 'c.yaml'],
    ['/x/c.yaml', '/x/c.yaml'],
    ['../c.yaml', '../c.yaml'],
  ])('shows %s as %s', (path, shown) => {
    expect(displayPath(path, { cwd: '/a/b' })).toBe(shown)
  })
})
