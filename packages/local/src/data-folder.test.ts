import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openDataFolder } from './data-folder.js'

const base = mkdtempSync(join(tmpdir(), 'ringfence-folder-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

test('makes a folder with the ones above it, for its owner alone', () => {
  const folder = openDataFolder(join(base, 'a', 'b'))
  expect(statSync(folder.objects).mode & 0o777).toBe(0o700)
  expect(openDataFolder(join(base, 'a', 'b'))).toMatchObject({ objects: folder.objects, durable: true })
})

test('refuses a path where a file stands', () => {
  writeFileSync(join(base, 'file'), '')
  expect(() => openDataFolder(join(base, 'file'))).toThrow('EEXIST')
  expect(() => openDataFolder(join(base, 'file', 'x'))).toThrow(/EEXIST|ENOTDIR/)
})

test.runIf(process.platform === 'linux')(
  'refuses a path that the system never makes, and does not hang',
  () => {
    expect(() => openDataFolder('/proc/nope')).toThrow('ENOENT')
  },
)
