import { parseDeclaration } from '@ringfence/plan'
import { describe, expect, it } from 'vitest'
import { writeAbsoluteEnds } from './absolute-ends.js'
import { addGrant } from './add-grant.js'
import type { Edited } from './edited.js'
import { revokeGrant } from './revoke-grant.js'
import { setEnd } from './set-end.js'

const nowMs = Date.UTC(2035, 0, 1, 12)

/** The text after an edit; throws with the reason where there is none. */
function textOf(edited: Edited): string {
  if (!edited.ok) throw new Error(JSON.stringify(edited.problem))
  return edited.text
}

function codeOf(edited: Edited): string {
  return edited.ok ? 'ok' : edited.problem.code
}

const head = `organization: acme
account: '111122223333'
region: eu-west-1
administrators: [role/platform-admin]
`
const file = `${head}# people
members:
  ada: # the first
  grace: {}
  alan: { email: alan@acme.example, until: 2035-09-30 } # visiting
  bot:
    kind: service
    keys:
      until: '2035-06-30' # renewed every year
teams:
  research: [ada, grace] # core
  interns:
    # this year's
    - alan
    - bot # for nightly runs
datasets: { corpus: {}, logs: {} }
grants:
  # the corpus
  - { to: research, can: [read, write, delete], on: corpus, under: raw/ } # Q1
  - to: interns
    can:
      - read # only
      - write
    on: logs
    because: "nightly runs"

  # last
  - { to: ada, can: read, on: logs }
# the end
`

/** The lines that an edit took out and put in. */
function changed(before: string, after: string): readonly string[] {
  const old = before.split('\n')
  const now = after.split('\n')
  let start = 0
  while (start < old.length && old[start] === now[start]) start += 1
  let end = 0
  while (end < Math.min(old.length, now.length) - start && old.at(-1 - end) === now.at(-1 - end)) end += 1
  return [
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...now.slice(start, now.length - end).map((line) => `+${line}`),
  ]
}

const inFile = (edited: Edited): readonly string[] => changed(file, textOf(edited))

describe('addGrant', () => {
  it('writes as the last entry is written', () => {
    const edited = addGrant(file, {
      to: 'research',
      can: ['read'],
      on: 'logs',
      under: 'a/',
      until: '2035-03-31',
      because: 'Q1 study',
    })
    expect(inFile(edited)).toEqual([
      '+  - { to: research, can: read, on: logs, under: a/, until: 2035-03-31, because: "Q1 study" }',
    ])
  })

  it('writes long ones on several lines', () => {
    const because = 'the steward of the corpus has approved it for the study of the first quarter'
    expect(inFile(addGrant(file, { to: 'research', can: ['read', 'write'], on: 'logs', because }))).toEqual([
      '+  - to: research',
      '+    can: [read, write]',
      '+    on: logs',
      `+    because: "${because}"`,
    ])
  })

  it.each([
    ['no section', head, 'grants:\n  - { to: t, can: read, on: d }\n'],
    ['no newline at the end', head.trimEnd(), '\ngrants:\n  - { to: t, can: read, on: d }\n'],
    ['a key without a value', `${head}grants: # none\n`, '  - { to: t, can: read, on: d }\n'],
  ])('starts the list: %s', (_, text, end) => {
    expect(textOf(addGrant(text, { to: 't', can: ['read'], on: 'd' }))).toBe(text + end)
  })

  it('starts the list where it is empty, and keeps the comment', () => {
    expect(
      textOf(addGrant(`${head}grants: [] # none\nteams: {}\n`, { to: 't', can: ['read'], on: 'd' })),
    ).toBe(`${head}grants: # none\n  - { to: t, can: read, on: d }\nteams: {}\n`)
  })

  it.each(['', ','])('leaves the comment behind the last entry in brackets where it is, with %j', (comma) => {
    const before = `${head}grants: [\n  { to: t, can: read, on: d }${comma} # Q1\n]\n`
    expect(textOf(addGrant(before, { to: 't', can: ['read'], on: 'e' }))).toBe(
      `${head}grants: [\n  { to: t, can: read, on: d }, # Q1\n  { to: t, can: read, on: e }${comma}\n]\n`,
    )
  })

  it('writes into brackets and into JSON', () => {
    const grant = { to: 't', can: ['read'], on: 'e' }
    expect(textOf(addGrant(`${head}grants: [{ to: t, can: read, on: d }]\n`, grant))).toBe(
      `${head}grants: [{ to: t, can: read, on: d }, { to: t, can: read, on: e }]\n`,
    )
    const json =
      '{\n  "organization": "acme",\n  "grants": [\n    { "to": "t", "can": "read", "on": "d" }\n  ]\n}\n'
    expect(textOf(addGrant(json, grant))).toBe(
      json.replace('"d" }\n', '"d" },\n    { "to": "t", "can": "read", "on": "e" }\n'),
    )
    expect(JSON.parse(textOf(addGrant('{ "organization": "acme" }', grant)))).toEqual({
      organization: 'acme',
      grants: [{ to: 't', can: 'read', on: 'e' }],
    })
  })

  it('keeps line ends as they are', () => {
    const text = textOf(addGrant(file.replaceAll('\n', '\r\n'), { to: 'grace', can: ['read'], on: 'logs' }))
    expect(text.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('quotes what would mean something else', () => {
    const text = textOf(addGrant(head, { to: 't', can: ['read'], on: 'd', because: 'a: b # c' }))
    expect(text).toContain('because: "a: b # c"')
  })

  it('refuses what stands somewhere else too, and what is no YAML', () => {
    expect(codeOf(addGrant(`${head}x: &x [1]\ngrants: *x\n`, { to: 't', can: ['read'], on: 'd' }))).toBe(
      'EDIT_IMPOSSIBLE',
    )
    expect(codeOf(addGrant('a: [', { to: 't', can: ['read'], on: 'd' }))).toBe('EDIT_IMPOSSIBLE')
  })
})

describe('revokeGrant', () => {
  it('removes the grant that gives nothing else', () => {
    expect(inFile(revokeGrant(file, { to: 'ada', can: ['read'], on: 'logs' }))).toEqual([
      '-  - { to: ada, can: read, on: logs }',
    ])
    expect(
      inFile(revokeGrant(file, { to: 'teams/interns', can: ['write', 'read'], on: 'datasets/logs' })),
    ).toEqual([
      '-  - to: interns',
      '-    can:',
      '-      - read # only',
      '-      - write',
      '-    on: logs',
      '-    because: "nightly runs"',
    ])
  })

  it('takes some of the capabilities', () => {
    const from = '-  - { to: research, can: [read, write, delete], on: corpus, under: raw/ } # Q1'
    const research = (...can: string[]) => inFile(revokeGrant(file, { to: 'research', can, on: 'corpus' }))
    expect(research('write')).toEqual([
      from,
      '+  - { to: research, can: [read, delete], on: corpus, under: raw/ } # Q1',
    ])
    expect(research('delete', 'write')).toEqual([
      from,
      '+  - { to: research, can: [read], on: corpus, under: raw/ } # Q1',
    ])
    expect(inFile(revokeGrant(file, { to: 'interns', can: ['read'], on: 'logs' }))).toEqual([
      '-      - read # only',
    ])
  })

  it('lists the grants where several fit, and takes the one that is named, or all', () => {
    const two = textOf(addGrant(file, { to: 'research', can: ['read'], on: 'corpus', under: 'clean/' }))
    const words = { to: 'research', can: ['read'], on: 'corpus' }
    const ambiguous = revokeGrant(two, words)
    expect(ambiguous).toMatchObject({
      ok: false,
      problem: {
        code: 'EDIT_AMBIGUOUS',
        related: [
          { message: 'research may read, write, delete on corpus under raw/' },
          { message: 'research may read on corpus under clean/' },
        ],
      },
    })
    expect(textOf(revokeGrant(two, { ...words, under: 'clean/' }))).toBe(file)
    const all = textOf(revokeGrant(two, { ...words, all: true }))
    expect(all).toBe(file.replace('[read, write, delete]', '[write, delete]'))
  })

  it('names what is there instead of what is not', () => {
    expect(revokeGrant(file, { to: 'ada', can: ['delete'], on: 'corpus' })).toMatchObject({
      problem: {
        code: 'EDIT_NOT_FOUND',
        related: [{ message: 'research may read, write, delete on corpus under raw/' }],
      },
    })
    expect(
      codeOf(revokeGrant(file, { to: 'research', can: ['read'], on: 'corpus', under: 'raw/deep/' })),
    ).toBe('EDIT_NOT_FOUND')
  })

  it('leaves an empty list', () => {
    const text = `${head}grants: # all\n  # one\n  - { to: t, can: read, on: d }\n`
    expect(textOf(revokeGrant(text, { to: 't', can: ['read'], on: 'd' }))).toBe(
      `${head}grants: [] # all\n  # one\n`,
    )
    const brackets = `${head}grants: [{ to: t, can: read, on: d }]\n`
    expect(textOf(revokeGrant(brackets, { to: 't', can: ['read'], on: 'd' }))).toBe(`${head}grants: []\n`)
  })
})

describe('setEnd', () => {
  const until = '2036-01-31'
  it.each([
    [
      'a member without anything',
      { kind: 'member', name: 'ada' },
      ['-  ada: # the first', `+  ada: { until: ${until} } # the first`],
    ],
    ['an empty one', { kind: 'member', name: 'grace' }, ['-  grace: {}', `+  grace: { until: ${until} }`]],
    [
      'one that has an end',
      { kind: 'member', name: 'alan' },
      [
        '-  alan: { email: alan@acme.example, until: 2035-09-30 } # visiting',
        `+  alan: { email: alan@acme.example, until: ${until} } # visiting`,
      ],
    ],
    ['one on several lines', { kind: 'member', name: 'bot' }, [`+    until: ${until}`]],
    [
      'a key',
      { kind: 'key', name: 'bot' },
      ["-      until: '2035-06-30' # renewed every year", `+      until: '${until}' # renewed every year`],
    ],
    [
      'a team in brackets',
      { kind: 'team', name: 'research' },
      ['-  research: [ada, grace] # core', `+  research: { members: [ada, grace], until: ${until} } # core`],
    ],
    [
      'a team on several lines',
      { kind: 'team', name: 'interns' },
      [
        "-    # this year's",
        '-    - alan',
        '-    - bot # for nightly runs',
        "+    # this year's",
        '+    members:',
        '+      - alan',
        '+      - bot # for nightly runs',
        `+    until: ${until}`,
      ],
    ],
    [
      'a grant',
      { kind: 'grant', to: 'ada', can: ['read'], on: 'logs' },
      ['-  - { to: ada, can: read, on: logs }', `+  - { to: ada, can: read, on: logs, until: ${until} }`],
    ],
    [
      'a grant with a reason',
      { kind: 'grant', to: 'interns', can: ['read'], on: 'logs' },
      [`+    until: ${until}`],
    ],
  ] as const)('%s', (_, ending, lines) => {
    const edited = inFile(setEnd(file, ending, until))
    expect(edited.filter((line) => !edited.includes(swapped(line)))).toEqual(
      lines.filter((line) => !lines.map(String).includes(swapped(line))),
    )
  })

  it('says what is not there', () => {
    expect(codeOf(setEnd(file, { kind: 'team', name: 'nobody' }, until))).toBe('EDIT_NOT_FOUND')
    expect(codeOf(setEnd(file, { kind: 'key', name: 'ada' }, until))).toBe('EDIT_NOT_FOUND')
    expect(codeOf(setEnd(file, { kind: 'grant', to: 'ada', can: ['write'], on: 'logs' }, until))).toBe(
      'EDIT_NOT_FOUND',
    )
  })
})

describe('a file that cannot be edited here', () => {
  const anchored = `${head}members: { ada: {} }
datasets: { d: {}, e: {} }
grants:
  - &g { to: ada, can: read, on: d }
  - { <<: *g, on: e }
`
  it.each([
    ['an anchor would go that is named elsewhere', anchored],
    ['an alias that names no anchor', anchored.replace('&g ', '')],
    ['two documents', `${head}---\n${head}`],
    ['tabs', `${head}grants:\n\t- x\n`],
  ])('is refused with what to do: %s', (_, text) => {
    const edited = revokeGrant(text, { to: 'ada', can: ['read'], on: 'd' })
    expect(edited).toMatchObject({
      ok: false,
      problem: { code: 'EDIT_IMPOSSIBLE', hint: expect.any(String) },
    })
  })
})

/** The line as the other side of a change would have it. */
function swapped(line: string): string {
  return (line.startsWith('+') ? '-' : '+') + line.slice(1)
}

describe('writeAbsoluteEnds', () => {
  it('writes each relative end as the instant, and nothing else', () => {
    const text = `${head}members:
  ada:   { for: 30d }   # spaces stay
  bot: { kind: service, keys: { 'for': "4w" } }
teams:
  t: { members: [ada, bot], for: 12h }
datasets: {  d: {}  }
grants:
  - to: t
    can:   [ read ]
    on: d
    for: 1d # a day
`
    const written = textOf(writeAbsoluteEnds(text, nowMs))
    expect(written).toBe(
      text
        .replace('for: 30d', 'until: 2035-01-31T12:00:00Z')
        .replace(`'for': "4w"`, `'until': "2035-01-29T12:00:00Z"`)
        .replace('for: 12h', 'until: 2035-01-02T00:00:00Z')
        .replace('for: 1d', 'until: 2035-01-02T12:00:00Z'),
    )
    expect(parseDeclaration({ file: 'f.yaml', text: written, nowMs })).toMatchObject({
      ok: true,
      diagnostics: [],
    })
    expect(textOf(writeAbsoluteEnds(written, nowMs + 1))).toBe(written)
  })

  it('leaves alone what is no length of time, and what has two ends', () => {
    const text = `${head}members: { ada: { for: soon }, bob: { for: 1d, until: 2035-01-31 } }\n`
    expect(textOf(writeAbsoluteEnds(text, nowMs))).toBe(text)
  })
})
