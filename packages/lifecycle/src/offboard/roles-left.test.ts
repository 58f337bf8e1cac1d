import type { AccessSummary, Declaration } from '@ringfence/plan'
import { expect, test } from 'vitest'
import type { RecordedResource } from '../drift/recorded-facts.js'
import { rolesLeft } from './roles-left.js'

const before: AccessSummary = {
  members: {
    ada: { kind: 'person' },
    fred: { kind: 'person' },
    gil: { kind: 'person' },
    ci: { kind: 'service' },
  },
  teams: { research: ['ada', 'fred', 'gil', 'ci'], safety: ['fred'] },
  grants: [],
}
const role = (team: string): RecordedResource => ({
  urn: '',
  type: 'aws:iam/role:Role',
  inputs: { name: `acme-${team}`, tags: { 'ringfence:team': team } },
})
const recorded: readonly RecordedResource[] = [
  role('research'),
  role('safety'),
  { urn: '', type: 'aws:iam/user:User', inputs: { name: 'ada' } },
]
const after = (
  teams: Readonly<Record<string, readonly string[]>>,
  members: Readonly<Record<string, 'user' | 'federation'>>,
): Pick<Declaration, 'members' | 'teams'> => {
  const declaredAt = { file: 'ringfence.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }
  return {
    members: Object.entries(members).map(([name, signIn]) => ({ name, signIn, kind: 'person', declaredAt })),
    teams: Object.entries(teams).map(([name, names]) => ({ name, members: names, declaredAt })),
  }
}
const everybody = { ada: 'user', fred: 'federation', gil: 'federation' } as const

test.each([
  ['nobody', { research: ['ada', 'fred', 'gil'], safety: ['fred'] }, everybody, {}],
  ['a mover', { research: ['ada', 'gil'], safety: ['fred'] }, everybody, { 'acme-research': ['fred'] }],
  ['an IAM user', { research: ['fred', 'gil'], safety: ['fred'] }, everybody, {}],
  [
    'a leaver',
    { research: ['ada', 'gil'] },
    { ada: 'user', gil: 'federation' },
    { 'acme-research': ['fred'], 'acme-safety': ['fred'] },
  ],
  [
    'who signs in by a user from now on',
    { research: ['ada', 'fred', 'gil'], safety: ['fred'] },
    { ...everybody, gil: 'user' },
    { 'acme-research': ['gil'] },
  ],
  [
    'everybody of a role that goes',
    { research: ['ada', 'fred', 'gil'] },
    everybody,
    { 'acme-safety': ['fred'] },
  ],
] as const)('%s', (_who, teams, members, roles) => {
  const left = rolesLeft(before, recorded, after(teams, members))
  expect(Object.fromEntries(left.map((one) => [one.role, one.members]))).toEqual(roles)
})

test('a stack that was never brought up is left by nobody', () => {
  expect(rolesLeft(undefined, recorded, after({}, {}))).toEqual([])
})
