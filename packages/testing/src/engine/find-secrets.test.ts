import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findSecrets } from './find-secrets.js'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYzzzzzzzzzz'
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringfence-secrets-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

test.each([
  ['in the clear', `key=${secret}\n`, 'clear'],
  ['in base64', `before ${Buffer.from(secret).toString('base64')} after`, 'base64'],
  ['in base64 of more', Buffer.from(`{"a":"${secret}","b":1}`).toString('base64'), 'base64'],
  ['in base64 of more, one further', Buffer.from(`{"ab":"${secret}","b":1}`).toString('base64'), 'base64'],
  ['in base64 of more, two further', Buffer.from(`{"abc":"${secret}","b":1}`).toString('base64'), 'base64'],
  ['in a URL', `?key=${encodeURIComponent(secret)}`, 'percent-encoded'],
  ['in JSON with escapes', secret.replaceAll('/', String.raw`\/`), 'JSON'],
  ['compressed', gzipSync(`x ${secret} y`), 'clear'],
])('finds a secret %s', async (name, content, spelling) => {
  const inner = join(folder, name.replaceAll(/\W+/g, '-'), 'deep')
  await mkdir(inner, { recursive: true })
  await writeFile(join(inner, 'file'), content)
  const { found, files } = await findSecrets(join(inner, '..'), ['another-secret', secret])
  expect({ found, files }).toEqual({ found: [{ file: 'deep/file', secret: 1, spelling }], files: 1 })
})

test('finds nothing where nothing is, and counts what it read', async () => {
  const inner = join(folder, 'none')
  await mkdir(inner)
  await writeFile(join(inner, 'file'), secret.slice(1))
  expect(await findSecrets(inner, [secret])).toEqual({ found: [], files: 1 })
  await expect(findSecrets(inner, [])).rejects.toThrow(RangeError)
  await expect(findSecrets(inner, ['short'])).rejects.toThrow(RangeError)
})
