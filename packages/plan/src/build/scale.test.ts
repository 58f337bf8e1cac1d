import { describe, expect, test } from 'vitest'
import type { Declaration, Diagnostic, ExistingResources, Plan } from '../index.js'
import { buildPlan, readDeclaration } from '../index.js'
import type { OrganizationInput } from '../index.js'
import { createDecider } from './decide.fixture.js'
import { declared, everybody, questions } from './expected.fixture.js'

type Outcome = { declaration: Declaration; plan?: Plan; diagnostics: readonly Diagnostic[] }

function build(
  input: Omit<OrganizationInput, 'organization' | 'account' | 'region' | 'administrators'>,
  more = {},
  existing: ExistingResources = {},
): Outcome {
  const value = {
    organization: 'acme',
    account: '111122223333',
    region: 'eu-west-1',
    administrators: ['role/platform-admin'],
    ...input,
    ...more,
  }
  const declaration = readDeclaration({ file: 'ringfence.ts', value, nowMs: 0 })
  if (!declaration.ok) throw new Error(JSON.stringify(declaration.diagnostics.slice(0, 5)))
  const plan = buildPlan(declaration.value, existing)
  return {
    declaration: declaration.value,
    diagnostics: plan.diagnostics,
    ...(plan.ok ? { plan: plan.value } : {}),
  }
}

const numbered = (count: number, name: string): string[] =>
  Array.from({ length: count }, (_, index) => `${name}${index}`)
const all = <Value>(names: readonly string[], value: Value): Record<string, Value> =>
  Object.fromEntries(names.map((name) => [name, value]))

/** Asks for the first, the last and some principals between, on every store that is given. */
function expectAsDeclared({ declaration, plan, diagnostics }: Outcome, prefixes: readonly string[]): void {
  expect(diagnostics.filter((one) => one.severity === 'error')).toEqual([])
  const decide = createDecider(plan!)
  const people = everybody(declaration)
  const some = people.filter(
    (_, index) => index < 5 || index > people.length - 5 || index % Math.ceil(people.length / 20) === 0,
  )
  const stores = declaration.stores.filter((_, index) => index < 3 || index > declaration.stores.length - 3)
  let allowed = 0
  for (const who of some) {
    for (const store of stores) {
      for (const question of prefixes.flatMap((prefix) =>
        questions(who.arn, store, prefix).map((one) => Object.assign(one, { prefix })),
      )) {
        const expected = declared(declaration, who, question.can, store, question.prefix)
        expect(decide(question) === 'allow', JSON.stringify(question)).toBe(expected)
        if (expected) allowed += 1
      }
    }
  }
  expect(allowed).toBeGreaterThan(0)
  const administrator = 'arn:aws:iam::111122223333:role/platform-admin'
  const expectedFor = (who: string, action: string) =>
    who === administrator && action === 's3:ListBucket' ? 'allow' : 'explicitDeny'
  const outsiders = [
    'arn:aws:iam::111122223333:user/somebody',
    'arn:aws:iam::111122223333:user/ringfence/other/m1',
    'anonymous',
    administrator,
    'sagemaker.amazonaws.com',
  ]
  for (const store of stores) {
    for (const who of outsiders) {
      for (const question of questions(who, store, ''))
        expect(decide(question)).toBe(expectedFor(who, question.action))
      // A tag that somebody outside the organization's path gave himself opens nothing.
      for (const question of questions(who, store, '')) {
        expect(
          decide({
            ...question,
            context: { ...question.context, 'aws:PrincipalTag/ringfence:team:t': 'member' },
          }),
        ).toBe(expectedFor(who, question.action))
      }
    }
  }
}

function expectRefused({ plan, diagnostics }: Outcome, code: string, ...words: string[]): void {
  expect(plan).toBeUndefined()
  const errors = diagnostics.filter((one) => one.severity === 'error')
  expect(new Set(errors.map((one) => one.code))).toEqual(new Set([code]))
  for (const word of words) expect(errors.map((one) => one.message).join('\n')).toContain(word)
}

describe('one team of 3,000 members', () => {
  const people = numbered(3_000, 'm')
  const outcome = build({
    members: { ...all(people, {}), direct: {}, both: {}, few: {} },
    teams: { t: [...people, 'both'], small: ['few', 'm7', 'm8'], tiny: ['m8', 'm9', 'few'] },
    datasets: { whole: { encryption: 'kms' }, limited: {}, mixed: {}, other: {} },
    grants: [
      { to: 't', can: ['read', 'write'], on: 'whole' },
      { to: 'direct', can: 'read', on: 'whole' },
      { to: 't', can: ['read', 'delete'], on: 'limited', under: 'raw/' },
      { to: 'small', can: 'read', on: 'limited', under: 'small/' },
      { to: 'tiny', can: 'read', on: 'limited', under: 'tiny/' },
      { to: 'both', can: 'read', on: 'limited', under: 'both/' },
      { to: 't', can: 'read', on: 'mixed', under: 'raw/' },
      { to: 'small', can: 'read', on: 'mixed' },
      { to: 'few', can: 'write', on: 'mixed' },
      { to: 't', can: 'administer', on: 'other' },
      { to: 'few', can: 'read', on: 'other' },
    ],
  })

  test('gets a plan whose policies say the same by tags as they would by lists', () => {
    expectAsDeclared(outcome, ['', 'raw/', 'small/', 'tiny/', 'both/', 'raw/small/'])
  })

  test('reaches the key by tag, and nobody else does', () => {
    const decide = createDecider(outcome.plan!)
    const key = {
      action: 'kms:Decrypt',
      resource: 'arn:aws:kms:eu-west-1:111122223333:key/k',
      alias: 'alias/ringfence/acme/whole',
      context: { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::acme-whole-111122223333' },
    }
    const user = 'arn:aws:iam::111122223333:user/ringfence/acme/'
    expect(decide({ who: `${user}m2999`, ...key })).toBe('allow')
    expect(decide({ who: `${user}direct`, ...key })).toBe('allow')
    expect(decide({ who: `${user}few`, ...key })).not.toBe('allow')
    expect(decide({ who: 'arn:aws:iam::111122223333:user/somebody', ...key })).not.toBe('allow')
  })

  test('an administrator of settings is known by team, and strangers are not', () => {
    const decide = createDecider(outcome.plan!)
    const settings = { action: 's3:PutBucketTagging', resource: 'arn:aws:s3:::acme-other-111122223333' }
    const user = 'arn:aws:iam::111122223333:user/ringfence/acme/'
    expect(decide({ who: `${user}m5`, ...settings })).toBe('allow')
    expect(decide({ who: `${user}few`, ...settings })).toBe('explicitDeny')
    expect(decide({ who: 'arn:aws:iam::111122223333:role/platform-admin', ...settings })).toBe('allow')
    const tagged = { context: { 'aws:PrincipalTag/ringfence:team:t': 'member' } }
    expect(decide({ who: 'arn:aws:iam::111122223333:user/somebody', ...settings, ...tagged })).toBe(
      'explicitDeny',
    )
  })
})

test('3,000 members with grants of their own on one dataset: the bucket policy is named', () => {
  const people = numbered(3_000, 'm')
  const outcome = build({
    members: all(people, {}),
    datasets: { d: { encryption: 'kms' } },
    grants: people.map((to) => ({ to, can: 'read' as const, on: 'd' })),
  })
  expect(outcome.plan).toBeUndefined()
  expect(outcome.diagnostics.filter((one) => one.severity === 'error').map((one) => one.code)).toEqual([
    'KEY_POLICY_TOO_LONG',
    'BUCKET_POLICY_TOO_LONG',
  ])
  expect(outcome.diagnostics.map((one) => one.message).join()).toContain('S3 allows 20480')
})

test('a member in 9 teams, and one in 10', () => {
  const teams = numbered(10, 't')
  const stores = numbered(10, 'd')
  const outcome = build({
    members: { nine: {}, ten: {}, one: {} },
    teams: Object.fromEntries(
      teams.map((team, index) => [team, index === 9 ? ['ten', 'one'] : ['nine', 'ten']]),
    ),
    datasets: all(stores, { encryption: 'kms' as const }),
    grants: teams.map((to, index) => ({ to, can: ['read' as const, 'write' as const], on: `d${index}` })),
  })
  expectAsDeclared(outcome, ['', 'raw/'])
})

test('a member in 11 teams: the limit, the member and the teams are named', () => {
  const teams = numbered(11, 't')
  const outcome = build({
    members: { eve: {} },
    teams: all(teams, ['eve']),
    datasets: { d: {} },
    grants: [{ to: 't0', can: 'read', on: 'd' }],
  })
  expectRefused(outcome, 'GROUPS_PER_USER_EXCEEDED', '"eve" is in 11 teams', 't10', '10 groups')
})

test('a team with grants on 400 datasets gets joined statements that still lead to every grant', () => {
  const stores = numbered(400, 'dataset-')
  const outcome = build({
    members: { ada: {}, bob: {} },
    teams: { t: ['ada'], u: ['bob'] },
    datasets: all(stores, {}),
    grants: [
      ...stores.map((on) => ({ to: 't', can: ['read' as const, 'write' as const], on })),
      { to: 'u', can: 'read', on: 'dataset-0' },
    ],
  })
  expectAsDeclared(outcome, ['', 'raw/'])
  const group = outcome.plan!.resources.find((one) => one.id === 'team/t/group-attachments')
  expect(group?.type === 'iam.PolicyAttachments' && group.policyArns.length).toBeLessThanOrEqual(10)
  expect(outcome.plan!.statements.filter((one) => one.policy.includes('acme-team-t-')).length).toBe(400)
})

test('a team with grants on 1,200 encrypted datasets: the limit, the team and the first grant are named', () => {
  const stores = numbered(1_200, 'dataset-')
  const outcome = build({
    members: { ada: {} },
    teams: { t: ['ada'] },
    datasets: all(stores, { encryption: 'kms' as const }),
    grants: stores.map((on) => ({ to: 't', can: 'read' as const, on })),
  })
  expectRefused(outcome, 'POLICIES_EXCEEDED', 'team "t"', '10 can be attached')
  expect(outcome.diagnostics[0]?.related?.[0]?.message).toContain('team "t"')
})

function federatedTeam(count: number): Outcome {
  const people = numbered(count, 'm')
  return build({
    identityProvider: { saml: 'sso' },
    members: Object.fromEntries(
      people.map((name) => [name, { signIn: 'federation' as const, email: `${name}@acme.example` }]),
    ),
    teams: { t: people },
    datasets: { d: {} },
    grants: [{ to: 't', can: 'read', on: 'd' }],
  })
}

test('federated teams of 40, of 100 and of 250', () => {
  expectAsDeclared(federatedTeam(40), [''])
  expect(federatedTeam(100).diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual([
    'warning TRUST_POLICY_TOO_LONG',
  ])
  expectRefused(federatedTeam(250), 'TRUST_POLICY_TOO_LONG', 'team "t"', '4096')
})

test('many buckets with names of their own leave the boundary and the guardrail shorter, and grants exact', () => {
  const stores = numbered(120, 'd')
  const outcome = build({
    guardrail: 'serviceControlPolicy',
    members: { ada: {} },
    teams: { t: ['ada'] },
    datasets: Object.fromEntries(
      stores.map((name) => [name, { bucket: `a-bucket-that-was-there-before-${name}` }]),
    ),
    grants: [{ to: 't', can: 'read', on: 'd0' }],
  })
  expect(outcome.diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual(['warning POLICY_TOO_LONG'])
  expectAsDeclared(outcome, ['', 'raw/'])
})

test('a hundred administrators do not fit into the guardrail', () => {
  const outcome = build(
    {},
    { guardrail: 'serviceControlPolicy', administrators: numbered(100, 'role/administrator-') },
  )
  expectRefused(outcome, 'GUARDRAIL_TOO_LONG', '5120')
})

test('a hundred platforms are known to the guardrail by the form of their names', () => {
  const outcome = build(
    { platforms: all(numbered(100, 'platform-'), { kind: 'sagemaker' }) },
    { guardrail: 'serviceControlPolicy' },
  )
  expect(outcome.diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual([
    'warning GUARDRAIL_TOO_LONG',
  ])
  const guardrail = outcome.plan?.resources.find(({ type }) => type === 'organizations.Policy')
  expect(JSON.stringify(guardrail)).toContain('arn:aws:sagemaker:eu-west-1:111122223333:*/*--*--*')
})

test('a second service control policy takes what the first one has no room for', () => {
  const names = numbered(10, 'member-')
  const users = Object.fromEntries(
    names.map((name) => [name, `arn:aws:iam::111122223333:user/was-there-before/${name}-with-a-long-name`]),
  )
  const outcome = build(
    {
      members: all(names, {}),
      teams: { t: names },
      platforms: all(numbered(20, 'platform-'), { kind: 'sagemaker' }),
      grants: [{ to: 't', can: 'train', on: 'platform-0' }],
    },
    { guardrail: 'serviceControlPolicy' },
    { users },
  )
  const guardrails = outcome.plan?.resources.filter(({ type }) => type === 'organizations.Policy')
  expect(guardrails?.map(({ id }) => id)).toEqual(['guardrail', 'guardrail-platforms'])
  expect(outcome.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
})

test('5,001 users are planned, with a warning', () => {
  const people = numbered(5_001, 'm')
  const outcome = build({
    members: all(people, {}),
    teams: { t: people },
    datasets: { d: {} },
    grants: [{ to: 't', can: 'read', on: 'd' }],
  })
  expect(outcome.plan).toBeDefined()
  expect(outcome.diagnostics.map((one) => `${one.severity} ${one.code}`)).toEqual(['warning ACCOUNT_QUOTA'])
})
