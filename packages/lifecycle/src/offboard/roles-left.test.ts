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
const declaredAt = { file: 'ringfence.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 }
const after = (
  teams: Readonly<Record<string, readonly string[]>>,
  members: Readonly<Record<string, 'user' | 'federation'>>,
): Pick<Declaration, 'members' | 'organization' | 'teams'> => {
  return {
    organization: 'acme',
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

const issuer = 'token.actions.githubusercontent.com'
const arn = `arn:aws:iam::111122223333:oidc-provider/${issuer}`
const audience = 'sts.amazonaws.com'

/** The role of the service `ci`, as the state has it. */
function serviceRole(subjects: readonly string[], by = { arn, audience }): RecordedResource {
  const trust = {
    Statement: [
      {
        Principal: { Federated: by.arn },
        Condition: {
          StringEquals: { [`${issuer}:aud`]: by.audience },
          StringLike: { [`${issuer}:sub`]: subjects.length === 1 ? subjects[0] : subjects },
        },
      },
    ],
  }
  const tags = { 'ringfence:member': 'service' }
  const inputs = { name: 'acme-ci-service', tags, assumeRolePolicy: JSON.stringify(trust) }
  return { urn: '', type: 'aws:iam/role:Role', inputs }
}

test.each([
  ['the same', ['repo:acme/a:x'], ['repo:acme/a:x'], {}, []],
  ['another', ['repo:acme/a:x'], ['repo:acme/b:x'], {}, ['repo:acme/a:x']],
  ['one of two', ['repo:acme/a:x', 'repo:acme/b:x'], ['repo:acme/b:x'], {}, ['repo:acme/a:x']],
  ['one more', ['repo:acme/a:x'], ['repo:acme/a:x', 'repo:acme/b:x'], {}, []],
  ['a wider pattern', ['repo:acme/a:ref:x', 'repo:acme/a:ref:*'], ['repo:acme/a:*'], {}, []],
  ['a narrower one', ['repo:acme/a:*'], ['repo:acme/a:ref:*'], {}, ['repo:acme/a:*']],
  ['one character where there were many', ['repo:acme/a:*'], ['repo:acme/a:?'], {}, ['repo:acme/a:*']],
  ['many where there was one', ['repo:acme/a:v?'], ['repo:acme/a:*?'], {}, []],
  ['another audience', ['repo:acme/a:x'], ['repo:acme/a:x'], { audience: 'acme' }, ['repo:acme/a:x']],
  ['another issuer', ['repo:acme/a:x'], ['repo:acme/a:x'], { arn: `${arn}/acme` }, ['repo:acme/a:x']],
])('tokens of %s', (_what, had, subjects, by, left) => {
  const oidc = { arn, audience, subjects, ...by }
  const ci = { name: 'ci', kind: 'service', signIn: 'federation', oidc, declaredAt } as const
  const now = { organization: 'acme', members: [ci], teams: [] }
  const told = left.length === 0 ? [] : [{ role: 'acme-ci-service', members: left }]
  // By the trust that the state has, and by what was noted before a revocation that is not complete.
  expect(rolesLeft(undefined, [serviceRole(had)], now)).toEqual(told)
  const noted = { members: { ci: { kind: 'service', oidc: { arn, audience, subjects: had } } } } as const
  const changed = [serviceRole(subjects, oidc)]
  expect(rolesLeft({ ...noted, teams: {}, grants: [] }, changed, now)).toEqual(told)
  // The role goes, and its sessions with it.
  expect(rolesLeft(undefined, [serviceRole(had)], { ...now, members: [] })).toEqual([])
})
