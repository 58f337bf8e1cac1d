import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeFileSystem } from './node-file-system.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('write', () => {
  it('writes a file and leaves nothing else', async () => {
    await nodeFileSystem.write(join(folder, 'a'), 'text', { overwrite: false })
    expect(readdirSync(folder)).toEqual(['a'])
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('text')
  })

  it('refuses to replace a file without overwrite, and leaves it and nothing else', async () => {
    writeFileSync(join(folder, 'a'), 'mine')
    await expect(nodeFileSystem.write(join(folder, 'a'), 'x', { overwrite: false })).rejects.toMatchObject({
      code: 'EEXIST',
    })
    expect(readdirSync(folder)).toEqual(['a'])
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('mine')
  })

  it('replaces a file with overwrite', async () => {
    writeFileSync(join(folder, 'a'), 'old and longer')
    await nodeFileSystem.write(join(folder, 'a'), 'new', { overwrite: true })
    expect(readdirSync(folder)).toEqual(['a'])
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new')
  })

  it('leaves nothing behind where it fails', async () => {
    await expect(nodeFileSystem.write(folder, 'x', { overwrite: true })).rejects.toThrow()
    expect(
      readdirSync(join(folder, '..')).filter((name) => name.startsWith(`${folder.split('/').pop()}.`)),
    ).toEqual([])
  })
})
