import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { diagnosticCodes } from './codes.js'

test('docs/errors.md explains every code, and no other', () => {
  const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
  const section = /^## Declared files and plans\n(.*?)(?=^## |$(?![\s\S]))/ms.exec(page)?.[1] ?? ''
  const explained = [...section.matchAll(/^### (\S+)\n\n(.+)/gm)].map((match) => match[1])
  expect(explained).toEqual([...diagnosticCodes])
})
