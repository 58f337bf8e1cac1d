import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Declaration, ExistingResources, OrganizationInput, Plan, Resource } from '../index.js'
import { buildPlan, printPlan, readDeclaration } from '../index.js'
import { createDecider } from './decide.fixture.js'
import { buildTaggedFence } from './fence.js'
import { createArns } from './arns.js'
import { resolveExisting } from './existing-things.js'
import { createModel } from './model.js'
import { createPlanWriter } from './plan-writer.js'
import { toDocument } from './statement.js'
import { declared, everybody, questions } from './expected.fixture.js'
import { expectInvariants } from './invariants.fixture.js'

const memberNames = ['ada', 'Bob', 'eve-1', 'f+x@y.z', 'bot', 'gil']
const teamNames = ['t', 't-2', 'research', 'member-ada']
const datasetNames = ['d', 'd-2', 'raw', 'data']
const modelNames = ['chat', 'chat-2']
const prefixes = ['a/', 'a/b/', 'a/b/c/', 'ab/', 'b/']
const ends = ['2035-01-01', '2036-06-30T12:00:00Z']

const member = fc.record(
  {
    kind: fc.constantFrom('person' as const, 'service' as const),
    until: fc.constantFrom(...ends),
    keys: fc.record({ until: fc.constantFrom(...ends) }),
  },
  { requiredKeys: [] },
)
const federated = fc
  .constantFrom('susan', 'hedy')
  .map((name) => ({ signIn: 'federation' as const, email: `${name}@acme.example` }))
const github = 'token.actions.githubusercontent.com'
const token = fc.record(
  {
    kind: fc.constant('service' as const),
    signIn: fc.constant('federation' as const),
    oidc: fc.record({
      provider: fc.constantFrom(github, `https://${github}`),
      audience: fc.constant('sts.amazonaws.com'),
      subject: fc.constantFrom('repo:a/b:ref:refs/heads/main', [
        'repo:a/b:ref:refs/tags/v*',
        'repo:a/b:pull_request',
      ]),
    }),
    until: fc.constantFrom(...ends),
  },
  { requiredKeys: ['kind', 'signIn', 'oidc'] },
)
const store = fc.record(
  { encryption: fc.constantFrom('s3' as const, 'kms' as const), owner: fc.constantFrom('t') },
  { requiredKeys: [] },
)
const data = fc.uniqueArray(fc.constantFrom('read' as const, 'write' as const, 'delete' as const), {
  minLength: 1,
})
const under = fc.option(fc.constantFrom(...prefixes), { nil: undefined })
const until = fc.option(fc.constantFrom(...ends), { nil: undefined })
const someStore = fc.constantFrom(...datasetNames, ...modelNames)
const reference = fc.uniqueArray(fc.record({ on: someStore, under }), {
  maxLength: 3,
  selector: ({ on, under: prefix }) => `${on} ${prefix}`,
})

const subject = fc.constantFrom(...teamNames, ...memberNames, 'ci')
const dataGrant = fc.record({ to: subject, can: data, on: someStore, under, until })
const jobGrant = fc.record({
  to: fc.constantFrom(...teamNames, 'ada'),
  can: fc.uniqueArray(
    fc.constantFrom('train' as const, 'deploy' as const, 'invoke' as const, 'administer' as const),
    { minLength: 1 },
  ),
  on: fc.constantFrom('p', 'p-2'),
  until,
})
const grants = fc.uniqueArray(
  fc.oneof({ weight: 4, arbitrary: dataGrant }, { weight: 1, arbitrary: jobGrant }),
  {
    maxLength: 14,
    selector: (grant) => `${grant.to} ${grant.on} ${'under' in grant ? grant.under : ''}`,
  },
)

const organization: fc.Arbitrary<OrganizationInput> = fc.record({
  organization: fc.constantFrom('acme', 'x-1'),
  account: fc.constant('111122223333'),
  region: fc.constantFrom('eu-west-1', 'us-east-2'),
  guardrail: fc.constantFrom('none' as const, 'serviceControlPolicy' as const),
  administrators: fc.constantFrom(['role/platform-admin'], ['user/ops/root-ish', 'role/a/b/admin']),
  identityProvider: fc.constantFrom(
    { saml: 'sso' },
    { oidc: 'login.acme.example/realm', audience: 'client' },
    {
      identityCenter: {
        instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
        identityStore: 'd-0123456789',
        region: 'eu-central-1',
      },
    },
  ),
  members: fc
    .tuple(fc.tuple(...memberNames.map(() => member)), federated, token)
    .map(([list, guest, ci]) =>
      Object.fromEntries([
        ...memberNames.map((name, index) => [name, list[index] ?? {}] as const),
        ['guest', guest] as const,
        ['ci', ci] as const,
      ]),
    ),
  teams: fc
    .tuple(...teamNames.map(() => fc.subarray([...memberNames, 'guest', 'ci'])))
    .map((lists) =>
      Object.fromEntries(
        teamNames.map((name, index) => [
          name,
          index === 0 ? [...memberNames, 'guest', 'ci'] : (lists[index] ?? []),
        ]),
      ),
    ),
  datasets: fc
    .tuple(...datasetNames.map(() => store))
    .map((list) => Object.fromEntries(datasetNames.map((name, index) => [name, list[index] ?? {}]))),
  models: fc
    .tuple(...modelNames.map(() => store))
    .map((list) => Object.fromEntries(modelNames.map((name, index) => [name, list[index] ?? {}]))),
  platforms: fc.tuple(reference, reference).map(([reads, writes]) => ({
    p: { kind: 'sagemaker' as const, reads, writes },
    'p-2': { kind: 'sagemaker' as const, reads: writes },
  })),
  grants,
})

/** Nothing, or some of what is declared; the store that uses keys may be none of those that were picked. */
const something: fc.Arbitrary<ExistingResources> = fc.oneof(
  fc.constant({}),
  fc.record({
    buckets: fc.subarray([...datasetNames.map((name) => `dataset/${name}`), 'model/chat']),
    users: subsetOf(memberNames, (name) => `arn:aws:iam::111122223333:user/old/${name}-was-there`),
    // The one team that surely has users.
    groups: subsetOf(['t'], (name) => `arn:aws:iam::111122223333:group/${name}`),
    roles: subsetOf(['p', 'p-2'], (name) => `arn:aws:iam::111122223333:role/service-role/${name}`),
  }),
)

function subsetOf(names: readonly string[], arn: (name: string) => string) {
  return fc
    .subarray([...names])
    .map((chosen) => Object.fromEntries(chosen.map((name) => [name, arn(name)] as const)))
}

/** The same plan with the bucket policies that very large teams get. */
function withTaggedFences(declaration: Declaration, plan: Plan, existing: ExistingResources): Plan {
  const arns = createArns(declaration)
  const model = createModel(declaration, resolveExisting(existing, declaration, arns, createPlanWriter()))
  const fences = new Map(model.stores.map((one) => [one.bucket, toDocument(buildTaggedFence(one, model))]))
  const resources = plan.resources.map((one): Resource => {
    const policy = one.type === 's3.BucketPolicy' ? fences.get(one.bucket) : undefined
    return one.type === 's3.BucketPolicy' && policy !== undefined ? { ...one, policy } : one
  })
  return { ...plan, resources }
}

function expectExactly(declaration: Declaration, plan: Plan, existing: ExistingResources): void {
  const decide = createDecider(plan)
  for (const who of everybody(declaration, existing)) {
    for (const one of declaration.stores) {
      for (const prefix of ['', ...prefixes, 'a', 'a/c/']) {
        for (const question of questions(who.arn, one, prefix)) {
          const expected = declared(declaration, who, question.can, one, prefix)
          for (const widened of [false, true]) {
            const decision = decide({ ...question, widened })
            if ((decision === 'allow') !== expected)
              throw new Error(`expected ${expected}: ${JSON.stringify({ ...question, widened })}`)
          }
        }
      }
    }
  }
  expectNobodyElse(declaration, plan)
}

/** Even with every permission, and with tags like those of members, the fence alone keeps everybody else out. */
function expectNobodyElse(declaration: Declaration, plan: Plan): void {
  const decide = createDecider(plan)
  const tags = Object.fromEntries(
    teamNames.map((team) => [`aws:PrincipalTag/ringfence:team:${team}`, 'member']),
  )
  // A permission set of another organization whose name goes on where ours ends.
  const longer = `arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/AWSReservedSSO_${declaration.organization}-t_x_ffffffffffffffff`
  for (const who of [
    `arn:aws:iam::111122223333:user/x`,
    'arn:aws:iam::111122223333:role/r',
    longer,
    'anonymous',
  ]) {
    for (const one of declaration.stores) {
      for (const question of questions(who, one, 'a/b/')) {
        const decision = decide({ ...question, context: { ...question.context, ...tags } })
        if (decision !== 'explicitDeny') throw new Error(`${decision}: ${JSON.stringify(question)}`)
      }
    }
  }
}

test('whatever is declared, the plan holds together and says exactly that', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(organization, something, (value, existing) => {
      const read = readDeclaration({ file: 'ringfence.ts', value, nowMs: 0 })
      if (!read.ok) throw new Error(JSON.stringify(read.diagnostics))
      const built = buildPlan(read.value, existing)
      if (!built.ok) throw new Error(JSON.stringify(built.diagnostics))
      expectInvariants(built.value)
      expect(JSON.parse(printPlan(built.value))).toEqual(built.value)
      expectExactly(read.value, built.value, existing)
      expectExactly(read.value, withTaggedFences(read.value, built.value, existing), existing)
    }),
    { numRuns: 25 },
  )
})
