import { openDirectory } from '@ringfence/scim'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { escaped, maxMarkdown, changesMarkdown } from '../changes/markdown.js'
import type { ChangeLine } from '../changes/change-lines.js'
import { exitCode } from '../exit-code.js'
import { golden } from '../golden.js'
import { memoryIo } from '../memory-io.js'
import { run } from '../run.js'

const seed = 'examples/seed-1-user-data-segregation/ringfence.yaml'
const text = readFileSync(join(import.meta.dirname, '../../../..', seed), 'utf8')

let folder: string
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], {
    cwd: folder,
    stdio: 'ignore',
  })
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringfence-diff-'))
  writeFileSync(join(folder, 'a.yaml'), text)
  writeFileSync(join(folder, 'comment.yaml'), `${text}\n# nothing else\n`)
  const read = text.replace(/can: (?:read\b|\[read[^\]]*\])/, 'can: [read, write, delete]')
  expect(read).not.toBe(text)
  writeFileSync(join(folder, 'b.yaml'), read)
  git('init', '-q', '-b', 'main')
  writeFileSync(join(folder, 'ringfence.yaml'), text)
  git('add', 'ringfence.yaml')
  git('commit', '-q', '-m', 'one')
  writeFileSync(join(folder, 'ringfence.yaml'), read)
  git('commit', '-q', '-a', '-m', 'two')
})
afterAll(() => rmSync(folder, { recursive: true }))

const diff = async (...args: string[]) => {
  const io = memoryIo({ cwd: folder })
  const code = await run(['diff', ...args], io)
  return { code, ...io.written }
}

/** Whose people SCIM brings. */
const fileByScim = (can: string) => `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
members: { from: scim }
datasets: { raw: {} }
grants: [{ to: research, can: ${can}, on: raw }]
`

describe('diff', () => {
  it('tells who gains and who loses what', async () => {
    const there = await diff('a.yaml', 'b.yaml')
    const back = await diff('b.yaml', 'a.yaml')
    expect([there.code, back.code, there.stderr]).toEqual([0, 0, ''])
    const told = `$ ringfence diff a.yaml b.yaml\n${there.stdout}\n$ ringfence diff b.yaml a.yaml\n${back.stdout}`
    expect(told).toBe(golden('diff.txt', told))
  }, 120_000)

  it('tells what a file changes for those whom SCIM has brought, and takes them as they are now', async () => {
    git('checkout', '-q', '-b', 'scim')
    writeFileSync(join(folder, 'scim.yaml'), fileByScim('read'))
    git('add', 'scim.yaml')
    git('commit', '-q', '-m', 'scim')
    git('checkout', '-q', 'main')
    writeFileSync(join(folder, 'scim.yaml'), fileByScim('[read, write]'))
    expect(await diff('scim:scim.yaml', 'scim.yaml')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('SCIM_DATA_NOT_FOUND'),
    })
    const directory = openDirectory(join(folder, '.ringfence/scim'))
    const by = { client: 'okta', atMs: 0 }
    directory.transaction(() => {
      const { id } = directory.users.create({ core: { userName: 'ada', active: true }, extensions: {} }, by)
      const group = { core: { displayName: 'research' }, extensions: {} }
      directory.groups.create(group, [{ kind: 'set', ids: [id] }], by)
    })
    await directory.close()
    const { code, stdout } = await diff('scim:scim.yaml', 'scim.yaml', '--no-new-access')
    expect([code, stdout]).toEqual([5, expect.stringMatching(/ada.*\n(?:.*\n)*.*write/)])
  }, 60_000)

  it('costs nothing where the text is the same, and says so where only the text differs', async () => {
    expect(await diff('a.yaml', 'a.yaml')).toMatchObject({ code: 0, stdout: 'no change in access\n' })
    const { code, stdout } = await diff('a.yaml', 'comment.yaml', '--no-new-access')
    expect([code, stdout]).toEqual([0, 'no change in access\n'])
  }, 60_000)

  it('tells of accounts in plain words, and what is not known once', async () => {
    const account = '111122223333'
    const detailsOf = (Action: string) => ({
      UserDetailList: [
        {
          UserName: 'ada',
          Path: '/',
          Arn: `arn:aws:iam::${account}:user/ada`,
          UserPolicyList: [
            { PolicyName: 'p', PolicyDocument: { Statement: { Effect: 'Allow', Action, Resource: '*' } } },
          ],
        },
      ],
      RoleDetailList: [],
      GroupDetailList: [],
    })
    const keys = { Keys: [{ KeyId: 'k', KeyArn: `arn:aws:kms:eu-west-1:${account}:key/k` }] }
    for (const [name, action] of [
      ['older', 's3:GetObject'],
      ['newer', 's3:PutBucketPolicy'],
    ] as const) {
      mkdirSync(join(folder, name, 'buckets'), { recursive: true })
      writeFileSync(join(folder, name, 'details.json'), JSON.stringify(detailsOf(action)))
      writeFileSync(join(folder, name, 'keys.json'), JSON.stringify(keys))
      writeFileSync(join(folder, name, 'buckets/data.json'), '{}')
    }
    const { stdout } = await diff('older', 'newer', '--account')
    expect(stdout).toContain('  + change the settings of data: without conditions\n')
    expect(stdout).toContain('  - read data: without conditions\n')
    expect(stdout.match(/ {2}\? decrypt with the key k\n/g)).toHaveLength(1)
  }, 60_000)

  it('tells of a role that somebody can sign in as from now on, and what is declared of them', async () => {
    const [older, newer] = ['hedy', 'hedy, lin'].map(
      (members) => `organization: acme
account: "111122223333"
region: eu-west-1
administrators: [role/platform-admin]
identityProvider: { saml: sso }
members:
  hedy: { email: hedy@acme.example, signIn: federation }
  lin: { email: lin@acme.example, signIn: federation }
teams: { product: [${members}], other: [lin] }
datasets: { feedback: { owner: product } }
grants: [{ to: product, can: read, on: feedback }]
`,
    ) as [string, string]
    writeFileSync(join(folder, 'older.yaml'), older)
    writeFileSync(join(folder, 'newer.yaml'), newer)
    const sub = 'SAML:sub is hedy@acme.example'
    const gained = await diff('older.yaml', 'newer.yaml')
    expect(gained.stdout).toContain(`${sub} or lin@acme.example`)
    expect(gained.stdout).toContain(
      'declared, by signing in as a role: member/lin gains read on dataset/feedback',
    )
    const lost = await diff('newer.yaml', 'older.yaml')
    expect(lost.stdout).toContain(
      'declared, by signing in as a role: member/lin loses read on dataset/feedback',
    )
    expect(gained.stdout + lost.stdout).not.toContain('without effect')
  })

  it('fails for new access, with the request', async () => {
    const { code, stderr } = await diff('a.yaml', 'b.yaml', '--no-new-access')
    expect(code).toBe(exitCode.guaranteeViolated)
    expect(stderr).toMatch(/^new access: .+ can .+\n {2}\{"principal":/)
    expect((await diff('b.yaml', 'a.yaml', '--no-new-access')).code).toBe(exitCode.ok)
  }, 120_000)

  it('reads revisions of git', async () => {
    const { stdout } = await diff('a.yaml', 'b.yaml', '--json')
    const changes = (JSON.parse(stdout) as { changes: readonly { who: string; can: string; on: string }[] })
      .changes
    expect(changes.length).toBeGreaterThan(0)
    for (const args of [
      ['main~1..main', 'ringfence.yaml'],
      ['main~1:ringfence.yaml', 'ringfence.yaml'],
    ]) {
      const other = JSON.parse((await diff(...args, '--json')).stdout) as { changes: typeof changes }
      expect(other.changes.map(({ can, on, who }) => [who, can, on])).toEqual(
        changes.map(({ can, on, who }) => [who, can, on]),
      )
    }
  }, 120_000)

  it('takes the roster of each revision with its file, of which not a letter has changed', async () => {
    const declared = text.slice(0, text.indexOf('members:'))
    mkdirSync(join(folder, 'org'))
    const file = `${declared}members: { from: people/roster.csv }
datasets: { raw: {} }
grants: [{ to: teams/research, can: read, on: raw }]
`
    writeFileSync(join(folder, 'org/ringfence.yaml'), file)
    mkdirSync(join(folder, 'org/people'))
    const roster = (people: readonly string[]) =>
      writeFileSync(
        join(folder, 'org/people/roster.csv'),
        ['name,teams', ...people.map((name) => `${name},research`), ''].join('\n'),
      )
    roster(['ada'])
    git('add', 'org')
    git('commit', '-q', '-m', 'roster')
    roster(['ada', 'grace'])
    const { code, stderr, stdout } = await diff('HEAD:org/ringfence.yaml', 'org/ringfence.yaml')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toContain('grace')
    roster(['ada'])
    const same = await diff('HEAD:org/ringfence.yaml', 'org/ringfence.yaml')
    expect(same.stdout).toBe('no change in access\n')
  }, 120_000)

  it('prints one format', async () => {
    expect(await diff('a.yaml', 'b.yaml', '--sarif', '--markdown')).toMatchObject({
      code: exitCode.usage,
      stdout: '',
      stderr: expect.stringContaining(
        'error[OPTION_CONFLICT]: --markdown and --sarif are two formats',
      ) as string,
    })
  })

  it('prints SARIF with places in the new file', async () => {
    const { stdout } = await diff('a.yaml', 'b.yaml', '--sarif')
    const { runs, version } = JSON.parse(stdout) as {
      version: string
      runs: readonly {
        tool: { driver: { rules: readonly { id: string }[] } }
        results: readonly {
          ruleId: string
          ruleIndex: number
          message: { text: string }
          locations: readonly {
            physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } }
          }[]
        }[]
      }[]
    }
    expect(version).toBe('2.1.0')
    const [only] = runs
    expect(only?.results.length).toBeGreaterThan(0)
    for (const { locations, message, ruleId, ruleIndex } of only!.results) {
      expect(only!.tool.driver.rules[ruleIndex]?.id).toBe(ruleId)
      expect(message.text).toContain(' gains: ')
      for (const { physicalLocation } of locations) {
        expect(physicalLocation.artifactLocation.uri).toBe('b.yaml')
        expect(physicalLocation.region.startLine).toBeGreaterThan(1)
      }
    }
  }, 60_000)

  it('prints a table for a pull request', async () => {
    const { stdout } = await diff('a.yaml', 'b.yaml', '--markdown')
    expect(stdout).toBe(golden('diff.md', stdout))
  }, 60_000)

  it.each([
    [['a.yaml', 'gone.yaml'], 'error[FILE_NOT_FOUND]'],
    [['nobranch:ringfence.yaml', 'a.yaml'], 'error[GIT_FAILED]'],
    [['--', '-x:ringfence.yaml', 'a.yaml'], 'error[GIT_FAILED]'],
    [['main:index.ts', 'a.yaml'], 'error[FILE_TYPE_UNKNOWN]'],
    [['a.yaml'], "missing required argument 'new'"],
  ])('refuses %j', async (args, message) => {
    const { code, stderr, stdout } = await diff(...args)
    expect([code, stdout, stderr]).toEqual([exitCode.usage, '', expect.stringContaining(message)])
  })
})

const line = (who: string): ChangeLine => ({
  who,
  change: 'gains',
  can: 'read',
  on: 'x'.repeat(200),
  when: ['over TLS'],
  already: [],
  actions: [],
  lines: [],
  reasons: [],
})

describe('markdown', () => {
  it('is never longer than a comment may be, and ends in whole rows and a count', () => {
    const told = changesMarkdown(
      Array.from({ length: 1000 }, (_, index) => line(`member ${index}`)),
      ['a note'],
    )
    expect(told.length).toBeLessThanOrEqual(maxMarkdown)
    expect(told.length).toBeGreaterThan(maxMarkdown - 1000)
    const rows = told.split('\n').filter((one) => one.startsWith('| ➕'))
    expect(rows.every((one) => one.endsWith(' |'))).toBe(true)
    expect(told).toContain(`${1000 - rows.length} more changes are left out here`)
  })

  it('takes names for text', () => {
    expect(escaped('a|b\n<img src=x> @team `x` [y](https://z) \u202e')).toBe(
      String.raw`a\|b &lt;img src=x&gt; &#64;team \`x\` \[y\]\(https&#58;//z\) \\u\{202e\}`,
    )
  })
})
