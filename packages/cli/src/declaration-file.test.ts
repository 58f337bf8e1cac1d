import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pico from 'picocolors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { loadDeclaration } from './declaration-file.js'
import { memoryIo } from './memory-io.js'
import { type Finding, printFindings, type Sources } from './output/diagnostics.js'

const head = `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
`
const fine = `${head}members: { ada: { email: ada@acme.example } }
teams: { research: [ada] }
datasets: { raw: { owner: research } }
grants: [{ to: research, can: read, on: raw }]
`
const bomb = `${head}a: &a [x, x, x, x, x, x, x, x, x, x]
${'bcdefghij'
  .split('')
  .map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}*${'abcdefghij'[index]}]`)
  .join('\n')}
`

/** File, content, the code of its first finding. */
const bad: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['empty.yaml', '', 'FILE_EMPTY'],
  ['blank.yaml', ' \n\n', 'FILE_EMPTY'],
  ['comment.yaml', '# nothing\n', 'FILE_EMPTY'],
  ['binary.yaml', Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xff]), 'FILE_NOT_UTF8'],
  ['nul.yaml', `${head}\0`, 'FILE_NOT_TEXT'],
  ['utf16.yaml', Buffer.from(`\ufeff${fine}`, 'utf16le'), 'FILE_NOT_UTF8'],
  ['large.yaml', `${fine}#${'x'.repeat(10_000_000)}`, 'FILE_TOO_LARGE'],
  ['ringfence.toml', fine, 'FILE_TYPE_UNKNOWN'],
  ['ringfence', fine, 'FILE_TYPE_UNKNOWN'],
  ['syntax.yaml', `${head}teams: { a: [\n`, 'YAML_SYNTAX'],
  ['bomb.yaml', bomb, 'YAML_ALIAS'],
  ['cycle.yaml', `${head}teams: &t { a: *t }\n`, 'YAML_ALIAS'],
  ['duplicate.yaml', `${fine}region: us-east-1\n`, 'YAML_DUPLICATE_KEY'],
  ['unknown-key.yaml', `${fine}dataset: {}\n`, 'KEY_UNKNOWN'],
  ['homoglyph.yaml', fine.replace('[ada]', '[\u0430da]'), 'NAME_UNKNOWN'],
  ['bidirectional.yaml', `${fine}# \u202e\n`, 'CHARACTER_NOT_ALLOWED'],
  ['secret.yaml', `${fine}# AKIAIOSFODNN7ABCDEFG\n`, 'SECRET_IN_FILE'],
  ['list.yaml', '- a\n', 'TYPE_WRONG'],
  ['syntax.json', '{"organization": ', 'YAML_SYNTAX'],
  ['throws.ts', 'export default (undefined as any).x\n', 'MODULE_FAILED'],
  ['nothing.ts', 'export const x = 1\n', 'MODULE_WITHOUT_ORGANIZATION'],
  ['wrong.ts', `export default { organization: 'acme', account: 1 }\n`, 'ACCOUNT_INVALID'],
  ['cycle.mjs', `const a = {}; a.a = a\nexport default a\n`, 'YAML_TOO_DEEP'],
]

let folder: string
const write = (name: string, content: string | Uint8Array) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), content)
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-declaration-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const load = (name: string) => loadDeclaration(name, memoryIo({ cwd: folder }))

const codesOf = ({ findings }: { readonly findings: readonly Finding[] }) => findings.map(({ code }) => code)

/** Codes with what the code frames underline. */
const underlined = (findings: readonly Finding[], sources: Sources) =>
  findings.map(({ code, span }) => {
    const line = sources.get(span?.file ?? '')?.split('\n')[(span?.line ?? 0) - 1] ?? ''
    return [code, line.slice((span?.column ?? 0) - 1, (span?.endColumn ?? 0) - 1)]
  })

describe('loadDeclaration', () => {
  it.each([
    ['a.yaml', fine],
    ['b.yml', `\ufeff${fine}`],
    ['c.YAML', fine.replaceAll('\n', '\r\n')],
    [
      'd.json',
      JSON.stringify({
        organization: 'acme',
        account: '111122223333',
        region: 'eu-west-1',
        administrators: ['role/platform-admin'],
        members: { ada: { email: 'ada@acme.example' } },
        teams: { research: ['ada'] },
        datasets: { raw: { owner: 'research' } },
        grants: [{ to: 'research', can: 'read', on: 'raw' }],
      }),
    ],
    [
      'folder/e.ts',
      `import { defineOrganization } from 'ringfence'
const ada: string = 'ada'
export default defineOrganization({
  organization: 'acme', account: '111122223333', region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  members: { [ada]: { email: 'ada@acme.example' } },
  teams: { research: [ada] },
  datasets: { raw: { owner: 'research' } },
  grants: [{ to: 'research', can: 'read', on: 'raw' }],
})
`,
    ],
  ])('reads %s', async (name, text) => {
    write(name, text)
    const loaded = await load(name)
    expect(loaded.findings).toEqual([])
    expect(loaded).toMatchObject({
      ok: true,
      value: { organization: 'acme', teams: [{ name: 'research', members: ['ada'] }] },
    })
    expect(loaded.ok && loaded.value.declaredAt.file).toBe(name)
  })

  it.each(bad)('refuses %s', async (name, content, code) => {
    write(name, content)
    const loaded = await load(name)
    expect(loaded.ok).toBe(false)
    expect(loaded.findings.map((finding) => finding.code)).toContain(code)
    const text = printFindings(loaded.findings, loaded.sources, pico.createColors(false))
    expect(text).toContain(name)
    expect(text.length).toBeLessThan(20_000)
    expect(text).not.toContain('AKIAIOSFODNN7ABCDEFG')
    expect(text).not.toMatch(/^ {4}at /m)
  })

  it('refuses what is not there, and folders', async () => {
    expect((await load('gone.yaml')).findings).toMatchObject([{ code: 'FILE_NOT_FOUND' }])
    expect((await load('.')).findings).toMatchObject([{ code: 'FILE_IS_DIRECTORY' }])
  })

  it('points into modules, as far as they write literals', async () => {
    write(
      'places.ts',
      `import { defineOrganization } from 'ringfence'

const teams = { research: ['ada'], evaluation: ['grcae'] }
export default defineOrganization({
  organization: 'acme', // { "account": 1 }
  account: '111122223333',
  region: 'eu-west-1',
  administrators: ['role/platform-admin'],
  members: { ada: { emial: 'ada@acme.example' }, ada: {} } as any,
  teams,
  datasets: { raw: { owner: 'reserch' } },
  grants: [
    { to: 'research', can: ['read'], on: 'raw', until: '2020-01-01' },
  ],
})
`,
    )
    const { findings, sources } = await load('places.ts')
    expect(underlined(findings, sources)).toEqual([
      ['MODULE_DUPLICATE_KEY', 'ada'],
      ['NAME_UNKNOWN', 'teams'],
      ['NAME_UNKNOWN', "'reserch'"],
      ['GRANT_EXPIRED', "'2020-01-01'"],
    ])
  })

  it('gives the parts of a module their places', async () => {
    const text = `export default {
  organization: 'acme', account: '111122223333', region: 'eu-west-1', administrators: ['role/x'],
  members: Object.fromEntries(['ada'].map((name) => [name, {}])),
  teams: { research: ['ada'] },
  datasets: { 'raw': {} },
  grants: [
    { to: 'research', can: 'read', on: 'raw' },
  ],
}
`
    write('parts.ts', text)
    const loaded = await load('parts.ts')
    expect(loaded).toMatchObject({
      ok: true,
      value: {
        declaredAt: { file: 'parts.ts' },
        members: [{ declaredAt: { line: 3 } }],
        teams: [{ declaredAt: { line: 4 } }],
        stores: [{ declaredAt: { line: 5 } }],
        grants: [{ declaredAt: { line: 7, column: 5 } }],
      },
    })
  })

  it('tells all mistakes of a file at once', async () => {
    write(
      'mistakes.yaml',
      `${head}members: { ada: { email: ada }, grace: { emial: g@acme.example } }
teams: { research: [ada, grcae] }
datasets: { raw: { owner: reserch, bucket: Not.A.Bucket } }
grants:
  - { to: research, can: raed, on: raw }
  - { to: research, can: read, on: rwa, until: 2020-01-01 }
  - { to: research, can: train, on: raw }
`,
    )
    const { findings, sources } = await load('mistakes.yaml')
    expect(underlined(findings, sources)).toEqual([
      ['EMAIL_INVALID', 'ada'],
      ['MEMBER_WITHOUT_ACCESS', 'grace'],
      ['KEY_UNKNOWN', 'emial'],
      ['NAME_UNKNOWN', 'grcae'],
      ['NAME_UNKNOWN', 'reserch'],
      ['BUCKET_NAME_INVALID', 'Not.A.Bucket'],
      ['VALUE_UNKNOWN', 'raed'],
      ['NAME_UNKNOWN', 'rwa'],
      ['GRANT_EXPIRED', '2020-01-01'],
      ['CAPABILITY_MISPLACED', 'train'],
    ])
  })

  it.each(['org/ringfence.yaml', 'org/ringfence.ts'])('follows %s to its roster beside it', async (name) => {
    const text = `${head}members: { from: people/roster.csv, bot: { kind: service } }
teams: { research: [bot] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }]
`
    const module = `export default ${JSON.stringify(parseYaml(text), undefined, 2)}\n`
    write(name, name.endsWith('.ts') ? module : text)
    write('org/people/roster.csv', 'name,teams\nada,research\n')
    const loaded = await load(name)
    expect(loaded.findings).toEqual([])
    expect(loaded.ok && loaded.value.members.map((one) => [one.name, one.declaredAt.file])).toEqual([
      ['bot', name],
      ['ada', 'org/people/roster.csv'],
    ])
    write('org/people/roster.csv', 'name,email,teams\nada,ada,research\ngrace,,research\n,,research\n')
    const { findings, sources } = await load(name)
    expect(underlined(findings, sources)).toEqual([
      ['ROSTER_SYNTAX', ''],
      ['EMAIL_INVALID', 'ada'],
    ])
    rmSync(join(folder, 'org/people/roster.csv'))
    expect(codesOf(await load(name))).toEqual(['FILE_NOT_FOUND'])
  })

  it('refuses rosters that are not in CSV', async () => {
    for (const [source, code] of [
      ['scim', 'SCIM_DATA_NOT_FOUND'],
      ['roster.xlsx', 'FILE_TYPE_UNKNOWN'],
    ]) {
      write('other.yaml', `${head}members: { from: ${source} }\n`)
      expect(codesOf(await load('other.yaml'))).toEqual([code])
    }
  })
})
