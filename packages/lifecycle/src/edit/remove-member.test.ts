import { parseDocument } from 'yaml'
import { expect, test } from 'vitest'
import { removeMember } from './remove-member.js'

/** With an edit that went well. */
function withoutMember(text: string, name: string): { text: string; removed: readonly string[] } {
  const edited = removeMember(text, name)
  if (!edited.ok) throw new Error(edited.problem.message)
  return edited
}

const file = `# Who may do what
organization: acme # short
members:
  # The first one
  ada: { email: ada@acme.example } # on leave
  fred: {}
teams:
  research: [ada, fred]
  interns: { members: [ada], until: 2035-09-30 }
  safety:
    - fred
    - ada # for the audit
grants:
  - { to: ada, can: read, on: raw } # hers
  - { to: research, can: read, on: raw, because: "Q1 study, approved" }
guarantees:
  - never: { who: ada, can: write, on: raw }
  - separate: [raw, other]
`

test('a member is taken out of everything, and all else stays as it is written', () => {
  const { text, removed } = withoutMember(file, 'ada')
  expect(removed).toEqual([
    'members.ada',
    'ada in teams.research',
    'ada in teams.interns',
    'ada in teams.safety',
    'grants[0]',
    'guarantees[0]',
  ])
  expect(text).toBe(`# Who may do what
organization: acme # short
members:
  # The first one
  fred: {}
teams:
  research: [fred]
  interns: { members: [], until: 2035-09-30 }
  safety:
    - fred
grants:
  - { to: research, can: read, on: raw, because: "Q1 study, approved" }
guarantees:
  - separate: [raw, other]
`)
  expect(parseDocument(text).errors).toEqual([])
})

/** With a team in brackets over several lines. */
const linesOf = (people: readonly string[]) => ['teams:', '  research: [', ...people, '  ]', ''].join('\n')

test.each([
  ['ada', ['    bob, # night shift', '    # on loan', '    carl # until May']],
  ['bob', ['    ada, # leads', '    # on loan', '    carl # until May']],
  ['carl', ['    ada, # leads', '    bob, # night shift', '    # on loan']],
])('in brackets over several lines the comment of %s goes, and those of others stay', (name, lines) => {
  const people = ['    ada, # leads', '    bob, # night shift', '    # on loan', '    carl # until May']
  expect(withoutMember(linesOf(people), name).text).toBe(linesOf(lines))
})

test('a text that does not name them stays as it is, to the byte', () => {
  expect(removeMember(file, 'ad')).toMatchObject({ ok: true, text: file, removed: [] })
})

test.each([
  ['members:\n  ada: {}\nteams: {}\n', 'members: {}\nteams: {}\n'],
  ['members: { bot: {}, ada: {} }\n', 'members: { bot: {} }\n'],
  ['members: { ada: {}, bot: {} }\n', 'members: { bot: {} }\n'],
  ['members: { ada: {} }\n', 'members: {}\n'],
  ['members:\n  ada:\n  bot:\n', 'members:\n  bot:\n'],
  ['members:\n  ada:\n    until: 2035-01-01\n    email: a@b.c\n  bot: {}', 'members:\n  bot: {}'],
  ['teams:\n  all: [bot, ada, eve, ada]\n', 'teams:\n  all: [bot, eve]\n'],
  ['teams:\n  all:\n    - ada\n', 'teams:\n  all: []\n'],
  ['grants:\n- to: ada\n  can: read\n- to: bot\n', 'grants:\n- to: bot\n'],
  ['grants: [{ to: bot }, { to: ada }, { to: ada }]\n', 'grants: [{ to: bot }]\n'],
  ['grants: [{ to: ada }, { to: ada }, { to: bot }, { to: members/ada }]\n', 'grants: [{ to: bot }]\n'],
  ['grants: [{ to: ada }, { to: ada }]\n', 'grants: []\n'],
])('%j', (before, after) => {
  const { text } = withoutMember(before, 'ada')
  expect(text).toBe(after)
  expect(parseDocument(text).errors).toEqual([])
})

test('what the members come from is told', () => {
  expect(removeMember('members: { from: roster.csv, bot: {} }\n', 'ada').from).toBe('roster.csv')
})

test('what cannot be edited without changing something else stays as it is', () => {
  const shared = 'teams:\n  one: &people [ada, bot]\n  two: *people\n'
  for (const text of [shared, 'teams: { all: [ada }'])
    expect(removeMember(text, 'ada')).toMatchObject({
      ok: false,
      removed: [],
      problem: { code: 'EDIT_IMPOSSIBLE' },
    })
})
