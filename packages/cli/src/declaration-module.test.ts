import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readModule } from './declaration-module.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-module-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const read = (name: string, text: string) => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return readModule({
    path,
    shown: name,
    text,
    provided: { ringfence: { defineOrganization: (value: unknown) => value } },
  })
}

describe('readModule', () => {
  it.each([
    [
      'default.ts',
      `import { defineOrganization } from 'ringfence'\nexport default defineOrganization({ a: 1 as number })`,
    ],
    [
      'named.mts',
      `import { defineOrganization } from 'ringfence'\nexport const organization = defineOrganization({ a: 1 })`,
    ],
    ['plain.js', `export default { a: 1 }`],
    ['awaits.mjs', `export default { a: await Promise.resolve(1) }`],
    [
      'types.ts',
      `interface Of<T> { readonly a: T }\nenum E { one = 1 }\nexport default { a: E.one } satisfies Of<number>`,
    ],
  ])('reads %s from outside any project', async (name, text) => {
    expect(await read(name, text)).toEqual({ ok: true, value: { a: 1 } })
  })

  it.each([
    ['empty.ts', '', 'MODULE_WITHOUT_ORGANIZATION', 'exports no organization', undefined],
    ['syntax.ts', 'const a = {\n  b: }\n', 'MODULE_FAILED', 'Unexpected token', { line: 2, column: 5 }],
    ['throws.ts', 'let x: any\nexport default x.y', 'MODULE_FAILED', "reading 'y'", { line: 2 }],
    [
      'import.ts',
      `import x from './gone.js'\nexport default x`,
      'MODULE_FAILED',
      "Cannot find module './gone.js'",
      undefined,
    ],
    ['odd.ts', `throw 'a text'`, 'MODULE_FAILED', 'threw a text', undefined],
  ])('refuses %s', async (name, text, code, message, place) => {
    const result = await read(name, text)
    expect(result).toMatchObject({ ok: false, finding: { code, message: expect.stringContaining(message) } })
    if (place !== undefined) expect(result).toMatchObject({ finding: { span: { file: name, ...place } } })
    expect(JSON.stringify(result)).not.toContain(folder)
  })
})
