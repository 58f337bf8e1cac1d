import { parseDeclaration } from '@ringfence/plan'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listDataFolder } from './data-folder.js'

const parsed = parseDeclaration({
  file: 'ringfence.yaml',
  nowMs: 0,
  text: `
organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/admin]
members: { ada: {} }
datasets: { corpus: {}, shared: {} }
models: { chat: {}, shared: { bucket: acme-shared-model } }
grants: [{ to: ada, can: read, on: corpus }]
`,
})
if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics))
const declaration = parsed.value

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-data-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function write(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(join(folder, dirname(path)), { recursive: true })
    await writeFile(join(folder, path), path)
  }
}

async function listed(): Promise<readonly string[]> {
  const files = await listDataFolder(folder, declaration, '/')
  return files.map(({ bucket, key }) => `${bucket} ${key}`).toSorted()
}

async function refusal(): Promise<{ code: string; hint: string; exitCode: number }> {
  const error = await listDataFolder(folder, declaration, '/').then(
    () => new Error('it was taken'),
    (reason: unknown) => reason,
  )
  return error as { code: string; hint: string; exitCode: number; options: { hint: string } }
}

describe('listDataFolder', () => {
  it('makes keys of the paths below the folder of a store', async () => {
    await write('corpus/a.txt', 'corpus/raw/2025/b c.txt', 'chat/weights.bin')
    expect(await listed()).toEqual([
      'acme-chat-111122223333 weights.bin',
      'acme-corpus-111122223333 a.txt',
      'acme-corpus-111122223333 raw/2025/b c.txt',
    ])
  })

  it('tells datasets and models of one name apart by a folder above', async () => {
    await write('datasets/shared/a', 'models/shared/b')
    expect(await listed()).toEqual(['acme-shared-111122223333 a', 'acme-shared-model b'])
  })

  it.each([
    ['a folder that is no store', 'corpsu/a', 'did you mean corpus?'],
    ['a folder under models that is none', 'models/corpus/a', 'did you mean corpus?'],
    ['a file beside the folders', 'readme.txt', 'lay the data out as'],
    ['a name of two stores', 'shared/a', 'name the folder datasets/shared or models/shared'],
  ])('refuses %s', async (_, path, hint) => {
    await write(path)
    const error = (await refusal()) as unknown as { options: { hint: string; exitCode: number } }
    expect(error.options.hint).toContain(hint)
    expect(error.options.exitCode).toBe(2)
  })

  it('follows no links', async () => {
    await write('corpus/a')
    await symlink('/etc/passwd', join(folder, 'corpus', 'passwd'))
    expect((await refusal()).code).toBe('DATA_FOLDER_INVALID')
  })

  it('says when there is no such folder', async () => {
    await rm(folder, { recursive: true })
    expect((await refusal()).code).toBe('DATA_FOLDER_NOT_READABLE')
    await mkdir(folder)
  })
})
