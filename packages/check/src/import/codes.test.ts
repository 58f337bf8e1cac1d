import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { importCodes } from './codes.js'

test('docs/errors.md explains every code of imports, and no other', () => {
  const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8')
  const section = /^## Imported accounts\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(page)?.[1] ?? ''
  const explained = [...section.matchAll(/^### (\S+)\n\n(.+)/gm)].map((match) => match[1])
  expect(explained).toEqual([...importCodes])
})
