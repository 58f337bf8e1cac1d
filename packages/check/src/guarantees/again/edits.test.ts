import { buildPlan, parseDeclaration, type Declaration, type Plan, type Resource } from '@ringfence/plan'
import { loadActionCatalogue } from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { accountAgain } from './account-again.js'
import { accountOfPlan } from '../../account/account-of-plan.js'
import { checkPlan } from '../check-plan.js'
import { declaredWorld, type DeclaredWorld } from '../declared-world.js'
import type { LastCheck } from './kept.js'
import { createProofCache } from './proof-cache.js'
import { worldAgain } from './world-again.js'

/** A file in parts, each of which an edit changes. */
interface File {
  readonly comments: number
  readonly guardrail: boolean
  readonly provider: 'saml: sso' | 'saml: other'
  readonly administrators: string
  readonly members: Readonly<Record<string, string>>
  readonly teams: Readonly<Record<string, readonly string[]>>
  readonly ends: Readonly<Record<string, string>>
  readonly stores: Readonly<Record<string, string>>
  readonly platforms: Readonly<Record<string, string>>
  readonly grants: readonly string[]
  readonly guarantees: readonly string[]
}

const first: File = {
  comments: 0,
  guardrail: true,
  provider: 'saml: sso',
  administrators: 'role/admin',
  members: {
    a: '{ email: a@acme.example }',
    b: '{ email: b@acme.example }',
    c: '{ email: c@acme.example, signIn: federation }',
    d: '{ email: d@acme.example, signIn: federation }',
    bot: '{ kind: service, keys: { until: 2027-03-01, deliver: secretsManager } }',
    old: '{ email: old@acme.example }',
  },
  teams: { one: ['a', 'b'], two: ['b', 'c', 'old'], three: ['d', 'bot'], none: [] },
  ends: {},
  stores: { d0: '{}', d1: '{ encryption: kms }', d2: '{}', d3: '{ owner: one }' },
  platforms: { p0: '{ kind: sagemaker, reads: [d0], writes: [d1] }' },
  grants: [
    '{ to: one, can: [read, write], on: d0, under: raw/ }',
    '{ to: two, can: read, on: d1 }',
    '{ to: three, can: [read, delete], on: d2, until: 2035-01-31 }',
    '{ to: one, can: train, on: p0 }',
    '{ to: none, can: read, on: d3 }',
    '{ to: a, can: administer, on: d3 }',
  ],
  guarantees: ['{ separate: [d0, d2] }'],
}

function entries(all: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(all).map(([name, value]) => `  ${name}: ${value}`)
}

function textOf(file: File): string {
  return [
    'organization: acme',
    "account: '111122223333'",
    'region: eu-west-1',
    `guardrail: ${file.guardrail ? 'serviceControlPolicy' : 'none'}`,
    `identityProvider: { ${file.provider} }`,
    `administrators: [${file.administrators}]`,
    'members:',
    ...entries(file.members),
    'teams:',
    ...Object.entries(file.teams).map(([name, members]) => {
      const end = file.ends[name]
      const list = `[${members.join(', ')}]`
      return `  ${name}: ${end === undefined ? list : `{ members: ${list}, until: ${end} }`}`
    }),
    'datasets:',
    ...entries(file.stores),
    'platforms:',
    ...entries(file.platforms),
    ...Array.from({ length: file.comments }, (_, index) => `# ${index}`),
    'grants:',
    ...file.grants.map((grant) => `  - ${grant}`),
    'guarantees:',
    ...file.guarantees.map((guarantee) => `  - ${guarantee}`),
    '',
  ].join('\n')
}

type Edit = (file: File) => File

function without<Value>(all: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).filter(([key]) => key !== name))
}

function withEnd(grant: string, end: string): string {
  return grant.replace(/(?:, until: [\d-]+)? \}$/, `, until: ${end} }`)
}

const store = fc.constantFrom('d0', 'd1', 'd2', 'd3', 'd4')
const team = fc.constantFrom('one', 'two', 'three', 'none')
const member = fc.constantFrom('a', 'b', 'c', 'd', 'bot', 'old', 'e', 'f')
const day = fc.constantFrom('2035-01-31', '2036-02-29', '2034-12-31')
const place = fc.nat(6)
const grant = fc.oneof(
  fc
    .tuple(
      fc.oneof(team, member),
      fc.constantFrom('read', '[read, write]', 'write', '[read, delete]', 'administer'),
      store,
      fc.constantFrom('', ', under: raw/', ', under: labels/'),
      fc.option(day, { freq: 3 }),
    )
    .map(
      ([to, can, on, under, until]) =>
        `{ to: ${to}, can: ${can}, on: ${on}${can === 'administer' ? '' : under}${until === null ? '' : `, until: ${until}`} }`,
    ),
  fc
    .tuple(team, fc.constantFrom('train', 'deploy', 'invoke', 'administer'))
    .map(([to, can]) => `{ to: ${to}, can: ${can}, on: p0 }`),
)
const person = fc.constantFrom(
  '{ email: e@acme.example }',
  '{ email: f@acme.example, signIn: federation }',
  '{ email: g@acme.example, until: 2035-06-30 }',
  '{ email: h@acme.example, signIn: federation, until: 2035-06-30 }',
)

/** What people do with a file; the most frequent first. */
const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(place, grant).map(([at, one]): Edit => (file) => ({ ...file, grants: file.grants.toSpliced(at, 0, one) })) },
  { weight: 5, arbitrary: fc.tuple(place, grant).map(([at, one]): Edit => (file) => ({ ...file, grants: file.grants.toSpliced(at, 1, one) })) },
  { weight: 12, arbitrary: fc.tuple(place, day).map(([at, end]): Edit => (file) => ({ ...file, grants: file.grants.map((one, index) => (index === at ? withEnd(one, end) : one)) })) },
  { weight: 3, arbitrary: place.map((at): Edit => (file) => ({ ...file, grants: file.grants.toSpliced(at, 1) })) },
  { weight: 2, arbitrary: place.map((at): Edit => (file) => ({ ...file, grants: [...file.grants.slice(at), ...file.grants.slice(0, at)] })) },
  { weight: 2, arbitrary: fc.nat(2).map((comments): Edit => (file) => ({ ...file, comments })) },
  { weight: 4, arbitrary: fc.tuple(team, fc.uniqueArray(member, { maxLength: 4 })).map(([name, members]): Edit => (file) => ({ ...file, teams: { ...file.teams, [name]: members } })) },
  { weight: 3, arbitrary: fc.tuple(member, person).map(([name, value]): Edit => (file) => ({ ...file, members: { ...file.members, [name]: value } })) },
  { weight: 2, arbitrary: member.map((name): Edit => (file) => ({ ...file, members: without(file.members, name) })) },
  { weight: 2, arbitrary: fc.tuple(team, day).map(([name, end]): Edit => (file) => ({ ...file, ends: { ...file.ends, [name]: end } })) },
  { weight: 2, arbitrary: fc.tuple(store, fc.constantFrom('{}', '{ encryption: kms }', '{ owner: two }')).map(([name, value]): Edit => (file) => ({ ...file, stores: { ...file.stores, [name]: value } })) },
  { weight: 1, arbitrary: fc.tuple(store, store).map(([one, other]): Edit => (file) => ({ ...file, platforms: { p0: `{ kind: sagemaker, reads: [${one}], writes: [${other}] }` } })) },
  { weight: 1, arbitrary: fc.boolean().map((guardrail): Edit => (file) => ({ ...file, guardrail })) },
  { weight: 1, arbitrary: fc.constantFrom<File['provider']>('saml: sso', 'saml: other').map((provider): Edit => (file) => ({ ...file, provider })) },
  { weight: 1, arbitrary: fc.constantFrom('role/admin', 'role/admin, user/root2').map((administrators): Edit => (file) => ({ ...file, administrators })) },
) // prettier-ignore

/** A plan that is not what the file asks for, by one document, tag, attachment or group less. */
function withFault(plan: Plan, at: number, statement: number): Plan {
  const index = at % plan.resources.length
  const resources = plan.resources.flatMap((resource, position): readonly Resource[] => {
    if (position !== index) return [resource]
    switch (resource.type) {
      case 'iam.Role': {
        const { Statement, Version } = resource.assumeRolePolicy
        const kept = Statement.toSpliced(statement % Statement.length, Statement.length > 1 ? 1 : 0)
        return [{ ...resource, assumeRolePolicy: { Version, Statement: kept } }]
      }
      case 'iam.UserGroupMembership':
        return [{ ...resource, groups: resource.groups.slice(1) }]
      case 'iam.PolicyAttachments':
        return [{ ...resource, policyArns: resource.policyArns.slice(1) }]
      case 'iam.User':
        return [{ ...resource, tags: { ...resource.tags, other: 'tag' } }]
      case 's3.BucketPublicAccessBlock':
        return []
      default: {
        if (!('policy' in resource) || resource.policy.Statement.length < 2) return [resource]
        const { Statement, Version } = resource.policy
        const kept = Statement.toSpliced(statement % Statement.length, 1)
        return [{ ...resource, policy: { Version, Statement: kept } } as Resource]
      }
    }
  })
  return { ...plan, resources }
}

function planOf(file: File): { readonly declaration: Declaration; readonly plan: Plan } | undefined {
  const parsed = parseDeclaration({ file: 'ringfence.yaml', text: textOf(file), nowMs: Date.UTC(2026, 0, 1) })
  if (!parsed.ok) return undefined
  // One of them had a user before.
  const users = { old: 'arn:aws:iam::111122223333:user/there/old' }
  const built = buildPlan(parsed.value, 'old' in file.members ? { users } : {})
  return built.ok ? { declaration: parsed.value, plan: built.value } : undefined
}

/** That account and world are the same out of parts of those before, where they can be made so; whether they can. */
function isMadeAgain(last: LastCheck, declaration: Declaration, plan: Plan): boolean {
  const account = accountAgain({ plan: last.plan, account: last.world.account }, plan)
  if (account === undefined) return false
  const { lines, ...facts } = account
  const { lines: expectedLines, ...expected } = accountOfPlan(plan)
  expect(facts).toEqual(expected)
  expect(lines?.()).toEqual(expectedLines?.())
  const world = worldAgain(last.world, declaration, account)
  if (world === undefined) return false
  expect(withoutLookups(world)).toEqual(withoutLookups(declaredWorld(declaration, account)))
  expect([...world.grantsTo.keys()]).toEqual([...declaredWorld(declaration, account).grantsTo.keys()])
  return true
}

function withoutLookups(world: DeclaredWorld) {
  const { holdersOf, memberOf, placeOf, teamOf, ...things } = world
  const subjects = [...world.principals.keys(), ...world.declaration.teams.map(({ name }) => `team/${name}`)]
  const names = subjects.map((subject) => subject.slice(subject.indexOf('/') + 1))
  return {
    ...things,
    found: [subjects.map(holdersOf), subjects.map(placeOf), names.map(memberOf), names.map(teamOf)],
  }
}

const steps = fc.array(fc.record({ edit, fault: fc.option(fc.tuple(fc.nat(400), fc.nat(9)), { freq: 3 }) }), {
  minLength: 3,
  maxLength: 6,
})

it(
  'finds after every edit what a check finds that knows nothing of the one before',
  { timeout: 600_000 },
  async () => {
    const options = { catalogue: await loadActionCatalogue() }
    expect(planOf(first)).toBeDefined()
    let [again, compared] = [0, 0]
    const property = fc.property(steps, (all) => {
      const cache = createProofCache()
      let file = first
      for (const { edit: change, fault } of all) {
        const edited = change(file)
        const made = planOf(edited)
        if (made === undefined) continue
        file = edited
        const plan = fault === null ? made.plan : withFault(made.plan, ...fault)
        const last = cache.takeLast()
        if (last !== undefined) {
          if (isMadeAgain(last, made.declaration, plan)) again++
          cache.leave(last)
        }
        const found = checkPlan(made.declaration, plan, { ...options, cache })
        const anew = checkPlan(made.declaration, structuredClone(plan), options)
        expect(found.findings).toEqual(anew.findings)
        compared++
      }
    })
    const cases = Number(process.env['RINGFENCE_RANDOM_CASES'] ?? 5_000)
    fc.assert(property, { numRuns: Math.min(40, Math.max(12, cases / 5_000)) })
    expect(compared).toBeGreaterThan(20)
    expect(again).toBeGreaterThan(5)
  },
)
