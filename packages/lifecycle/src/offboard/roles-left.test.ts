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
  ofTeams: Readonly<Record<string, readonly string[]>>,
  members: Readonly<Record<string, 'user' | 'federation'>>,
): Pick<Declaration, 'members' | 'organization' | 'teams'> => {
  return {
    organization: 'acme',
    members: Object.entries(members).map(([name, signIn]) => ({ name, signIn, kind: 'person', declaredAt })),
    teams: Object.entries(ofTeams).map(([name, names]) => ({ name, members: names, declaredAt })),
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

/** As it is noted where the file says how people sign in. */
const provider = {
  kind: 'saml',
  arn: 'arn:aws:iam::111122223333:saml-provider/sso',
  audience: 'https://signin.aws.amazon.com/saml',
  declaredAt,
} as const
const { arn: samlArn, audience: samlAudience } = provider
const noted: AccessSummary = {
  ...before,
  identityProvider: { arn: samlArn, audience: samlAudience },
  members: {
    ada: { kind: 'person' },
    fred: { kind: 'person', email: 'fred@acme.example' },
    gil: { kind: 'person', email: 'gil@acme.example' },
    ci: { kind: 'service' },
  },
}
const teams = { research: ['ada', 'fred', 'gil', 'ci'], safety: ['fred'] }
const center = {
  kind: 'identityCenter',
  instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  identityStore: 'd-0123456789',
  region: 'eu-west-1',
  provision: true,
  declaredAt,
} as const
const file = (members: Parameters<typeof after>[1], emails: Readonly<Record<string, string>> = {}) => {
  const declared = after(teams, members)
  return {
    ...declared,
    identityProvider: provider,
    members: declared.members.map((member) =>
      Object.assign({}, member, { email: emails[member.name] ?? `${member.name}@acme.example` }),
    ),
  }
}

test.each([
  ['nobody', file(everybody), {}],
  [
    'who gets an IAM user and keeps the e-mail',
    file({ ...everybody, fred: 'user' }),
    { 'acme-research': ['fred'], 'acme-safety': ['fred'] },
  ],
  ['who had an IAM user', file({ ...everybody, ada: 'federation' }), {}],
  [
    'who is known by another e-mail',
    file(everybody, { fred: 'f@acme.example' }),
    { 'acme-research': ['fred@acme.example'], 'acme-safety': ['fred@acme.example'] },
  ],
  [
    'everybody of another identity provider',
    { ...file(everybody), identityProvider: { ...provider, arn: `${samlArn}-next` } },
    { 'acme-research': ['fred@acme.example', 'gil@acme.example'], 'acme-safety': ['fred@acme.example'] },
  ],
  [
    'everybody who signs in by Identity Center from now on',
    { ...file(everybody), identityProvider: center },
    { 'acme-research': ['fred@acme.example', 'gil@acme.example'], 'acme-safety': ['fred@acme.example'] },
  ],
])('of what is noted: %s', (_who, now, roles) => {
  // An update that was killed may have made the user already.
  const users = Object.keys(everybody).map((name): RecordedResource => ({
    urn: '',
    type: 'aws:iam/user:User',
    inputs: { name },
  }))
  const left = rolesLeft(noted, [...recorded, ...users], now)
  expect(Object.fromEntries(left.map((one) => [one.role, one.members]))).toEqual(roles)
})

function trustOfFred(Federated: string): string {
  const sub = { 'SAML:aud': samlAudience, 'SAML:sub': 'fred@acme.example' }
  return JSON.stringify({ Statement: [{ Principal: { Federated }, Condition: { StringEquals: sub } }] })
}

const made = (
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>> = {},
): RecordedResource => ({ urn: `urn:pulumi:dev::acme::${type}::acme/${name}`, type, inputs })

const inGroup = (name: string) => [
  made('aws:identitystore/user:User', `member/${name}/identity`, { userName: `${name}@acme.example` }),
  made('aws:identitystore/groupMembership:GroupMembership', `team/safety/identity-members/${name}`),
]

test('whom an update that was killed has let in by another identity provider, or into a group', () => {
  const trusting = (by: string): RecordedResource => ({
    ...role('safety'),
    inputs: { ...role('safety').inputs, assumeRolePolicy: trustOfFred(by) },
  })
  expect(rolesLeft(noted, [trusting(samlArn)], file(everybody))).toEqual([])
  expect(rolesLeft(noted, [trusting(`${samlArn}-next`)], file(everybody))).toEqual([
    {
      role: 'acme-safety',
      team: 'safety',
      members: ['fred@acme.example'],
      subjects: { 'SAML:sub': ['fred@acme.example'] },
    },
  ])
  const byCenter = { ...file(everybody), identityProvider: center }
  const withCenter = { ...noted, identityProvider: { arn: center.instance } }
  const set: RecordedResource = { ...role('safety'), type: 'aws:ssoadmin/permissionSet:PermissionSet' }
  expect(rolesLeft(withCenter, [set, ...inGroup('fred')], byCenter)).toEqual([])
  expect(rolesLeft(withCenter, [set, ...inGroup('fred'), ...inGroup('gil')], byCenter)).toEqual([
    { role: 'acme-safety', team: 'safety', members: ['gil@acme.example'] },
  ])
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
  const service = { ci: { kind: 'service', oidc: { arn, audience, subjects: had } } } as const
  const changed = [serviceRole(subjects, oidc)]
  expect(rolesLeft({ members: service, teams: {}, grants: [] }, changed, now)).toEqual(told)
  // The role goes, and its sessions with it.
  expect(rolesLeft(undefined, [serviceRole(had)], { ...now, members: [] })).toEqual([])
})
