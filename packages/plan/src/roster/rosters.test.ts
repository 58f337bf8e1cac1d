import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseDeclaration, parseRoster, readDeclaration } from '../index.js'

interface Case {
  readonly name: string
  readonly file?: string
  readonly roster: string
  /** Hand in no roster. */
  readonly without?: boolean
  readonly expect?: readonly string[]
  readonly warns?: readonly string[]
  readonly says?: readonly string[]
  readonly silent?: readonly string[]
  readonly members?: readonly string[]
  readonly teams?: Readonly<Record<string, readonly string[]>>
}

const cases = parse(
  readFileSync(new URL('../../cases/rosters.yaml', import.meta.url), 'utf8'),
) as readonly Case[]
const nowMs = Date.UTC(2026, 10, 22)
const head = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
`
const usual = `members: { from: roster.csv, bot: { kind: service } }
teams: { research: [bot], evaluation: [bot] }
datasets: { raw: {} }
grants: [{ to: research, can: read, on: raw }, { to: evaluation, can: read, on: raw }]
`

function check(one: Case): void {
  const read = parseRoster({ file: 'roster.csv', text: one.roster })
  const roster = one.without === true ? undefined : read.value
  const text = head + (one.file ?? usual)
  const declared =
    roster === undefined && one.without !== true
      ? { ok: false as const, diagnostics: [] }
      : parseDeclaration({ file: 'ringfence.yaml', text, nowMs, roster })
  const found = [...(one.without === true ? [] : read.diagnostics), ...declared.diagnostics]
  const told = found.map(
    ({ code, span }) =>
      `${span?.file === 'ringfence.yaml' ? 'file ' : ''}${span?.line}:${span?.column} ${code}`,
  )
  expect(told.toSorted(byPlace)).toEqual(one.expect ?? one.warns ?? [])
  const words = found.map(({ message, hint }) => `${message} ${hint ?? ''}`).join('\n')
  for (const word of one.says ?? []) expect(words).toContain(word)
  for (const word of one.silent ?? []) expect(words).not.toContain(word)
  expect(declared.ok && (one.without === true || read.ok)).toBe(one.expect === undefined)
  if (!declared.ok || one.expect !== undefined) return
  const { members, teams } = declared.value
  expect(members.map(({ name }) => name).filter(isOfRoster)).toEqual(one.members)
  const listed = teams.map((team) => [team.name, team.members.filter(isOfRoster)] as const)
  expect(Object.fromEntries(listed)).toEqual(one.teams)
  // A program says the same.
  const value: unknown = parse(text)
  const program = readDeclaration({ file: 'ringfence.ts', value, nowMs, roster })
  expect(program.ok && program.value.members.length).toBe(members.length)
}

function isOfRoster(name: string): boolean {
  return name !== 'bot'
}

/** The file first, then by line and column. */
function byPlace(left: string, right: string): number {
  const [one, other] = [left, right].map((told) => {
    const [, file, line, column] = /^(file )?(\d+):(\d+)/.exec(told) ?? []
    return [file === undefined ? 1 : 0, Number(line), Number(column)]
  }) as [number[], number[]]
  return (one[0] ?? 0) - (other[0] ?? 0) || (one[1] ?? 0) - (other[1] ?? 0) || (one[2] ?? 0) - (other[2] ?? 0)
}

test.each(cases)('$name', check)

test('a roster of 10 MB is read, and one beyond the limit refused at once', () => {
  const rows = Array.from(
    { length: 100_000 },
    (_, index) =>
      `person-${index},person-${index}@acme.example,00u${index}aaaaaaaaaaaaaaaaaaaaaaaaaaaaa,,,,,,research;evaluation`,
  )
  const text = `name,email,id,kind,signIn,until,age,pgp,teams\n${rows.join('\n')}\n`
  expect(text.length).toBeGreaterThan(9_000_000)
  const roster = parseRoster({ file: 'roster.csv', text })
  expect(roster.ok && roster.value.people.length).toBe(100_000)
  const started = performance.now()
  const large = parseRoster({ file: 'roster.csv', text: `${text}${'x'.repeat(33 * 1024 * 1024)}` })
  expect(large.diagnostics.map(({ code }) => code)).toEqual(['FILE_TOO_LARGE'])
  expect(performance.now() - started).toBeLessThan(500)
})
