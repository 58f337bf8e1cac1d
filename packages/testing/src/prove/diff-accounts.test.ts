import {
  can,
  diffAccounts,
  findSubject,
  layersBeside,
  layersOf,
  namesOf,
  principalsBeside,
  readResource,
  type Account,
  type AccountResource,
  type AccountRole,
} from '@ringfence/check'
import { authorize, compileLayers, loadActionCatalogue, type AuthorizationRequest } from '@ringfence/policy'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { randomCaseCount, randomSeed } from '../random-runs.js'

const catalogue = await loadActionCatalogue()
const account = '111122223333'
const Version = '2012-10-17'
const ada = `arn:aws:iam::${account}:user/ada`
const bucket = 'arn:aws:s3:::data'
const key = `arn:aws:kms:eu-west-1:${account}:key/k`
const role = `arn:aws:iam::${account}:role/deploy`
const otherRole = `arn:aws:iam::${account}:role/other`
const queue = `arn:aws:sqs:eu-west-1:${account}:q`

/** Every action with what it is asked of: things with policies of their own, and things without. */
const asked: readonly (readonly [string, string])[] = [
  ['s3:GetObject', `${bucket}/raw/a`],
  ['s3:GetObject', `${bucket}/b`],
  ['s3:ListBucket', bucket],
  ['kms:Decrypt', key],
  ['sts:AssumeRole', role],
  ['sts:AssumeRole', otherRole],
  ['iam:PassRole', role],
  ['iam:UpdateAssumeRolePolicy', role],
  ['iam:PassRole', otherRole],
  ['sqs:SendMessage', queue],
]

const actions = fc.constantFrom('*', 's3:*', 'iam:*', 'sqs:*', 'kms:*', ...asked.map(([action]) => action))
const resources = fc.constantFrom(
  '*',
  `${bucket}/*`,
  `${bucket}/raw/*`,
  'arn:aws:s3:::*',
  key,
  role,
  `arn:aws:iam::${account}:role/*`,
  queue,
)
const conditions = fc.constantFrom(
  {},
  {},
  { Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
  { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } },
)
const statement = fc
  .record({
    Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
    actions: fc.tuple(
      fc.constantFrom('Action', 'Action', 'Action', 'NotAction'),
      fc.array(actions, { minLength: 1, maxLength: 2 }),
    ),
    resources: fc.tuple(
      fc.constantFrom('Resource', 'Resource', 'Resource', 'NotResource'),
      fc.array(resources, { minLength: 1, maxLength: 2 }),
    ),
    condition: conditions,
  })
  .map(({ actions: [action, names], condition, Effect, resources: [resource, arns] }) =>
    Object.assign({ Effect, [action]: names, [resource]: arns }, condition),
  )
const principal = fc.constantFrom<unknown>(
  '*',
  { AWS: account },
  { AWS: ada },
  { Service: 'ec2.amazonaws.com' },
)
const everything = { Effect: 'Allow', Action: '*', Resource: '*' }

/** A policy of a resource, which lets somebody do something with it. */
const own = (Action: string, Resource?: readonly string[]) =>
  fc
    .record({ Principal: principal, condition: conditions })
    .map(({ condition, Principal }) =>
      document(Object.assign({ Effect: 'Allow', Principal, Action }, condition, Resource && { Resource })),
    )

const parts = fc.record({
  policies: fc.array(fc.array(statement, { minLength: 1, maxLength: 2 }), { maxLength: 2 }),
  boundary: fc.option(statement, { nil: undefined }),
  guardrail: fc.option(
    statement.map((one) => Object.assign({}, one, { Effect: 'Deny' })),
    { nil: undefined },
  ),
  bucket: fc.option(own('s3:*', [bucket, `${bucket}/*`]), { nil: undefined }),
  key: own('kms:*', ['*']),
  trust: own('sts:AssumeRole'),
  team: fc.constantFrom('red', 'blue'),
})
type Parts = typeof parts extends fc.Arbitrary<infer Value> ? Value : never

function document(...statements: readonly object[]): unknown {
  return { Version, Statement: statements }
}

function accountOf(made: Parts): Account {
  const boundary = `arn:aws:iam::${account}:policy/boundary`
  const deploy: AccountRole = {
    kind: 'role', name: 'deploy', path: '/', arn: role, attached: [], inline: [],
    trust: { name: 'trust', document: made.trust },
  } // prettier-ignore
  const inline = made.policies.map((statements, index) => {
    return { name: `policy ${index}`, document: document(...statements) }
  })
  return {
    formatVersion: 1,
    account,
    partition: 'aws',
    region: 'eu-west-1',
    users: [
      {
        kind: 'user', name: 'ada', path: '/', arn: ada, attached: [], inline, groups: [], tags: { team: made.team },
        ...(made.boundary && { permissionsBoundary: boundary }),
      },
    ], // prettier-ignore
    roles: [deploy],
    groups: [],
    managedPolicies: made.boundary
      ? [
          {
            arn: boundary,
            isAwsManaged: false,
            versions: [
              { name: boundary, id: 'v1', isDefault: true, document: document(everything, made.boundary) },
            ],
          },
        ]
      : [],
    resources: [
      { kind: 'bucket', name: 'data', arn: bucket, ...(made.bucket ? { policy: { name: 'bucket', document: made.bucket } } : {}) },
      { kind: 'key', name: 'k', arn: key, policy: { name: 'key', document: made.key } },
    ], // prettier-ignore
    ...(made.guardrail && {
      serviceControlPolicies: [
        [
          { name: 'full', document: document(everything) },
          { name: 'guardrail', document: document(made.guardrail) },
        ],
      ],
    }),
    identityProviders: [],
    unknowns: [],
  }
}

/** What carries the policy that decides about a request beside those of who asks. */
function carrier(of: Account, action: string, resource: string): AccountResource | AccountRole | undefined {
  if (action.startsWith('s3:')) return of.resources[0]
  if (action.startsWith('kms:')) return of.resources[1]
  return action.startsWith('sts:') && resource === role ? of.roles[0] : undefined
}

/** Who is asked about, and what diff calls them. */
const askers = [
  { who: 'user ada', principal: ada },
  { who: 'a user of the account that is not described', principal: `arn:aws:iam::${account}:user/eve` },
] as const

function* requestsOf(asker: (typeof askers)[number], team: string): Generator<AuthorizationRequest> {
  for (const [action, resource] of asked)
    for (const tls of ['true', 'false'])
      yield {
        principal: asker.principal,
        action,
        resource,
        resourceAccount: account,
        context: {
          'aws:SecureTransport': tls,
          ...(asker.principal === ada ? { 'aws:PrincipalTag/team': team } : {}),
        },
      }
}

function isAllowed(of: Account, request: AuthorizationRequest): boolean {
  const on = carrier(of, request.action, request.resource)
  const [user] = of.users
  const [stranger] = principalsBeside(of)
  const { question } = request.principal === ada ? layersOf(of, user!, on) : layersBeside(of, stranger!, on)
  return authorize(request, compileLayers(question.layers)).decision === 'allow'
}

const options = { catalogue, nowMs: Date.UTC(2026, 10, 22) }

/** An account, and the same with some of its parts made anew. */
const pairs = fc
  .tuple(parts, parts, fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }))
  .map(([older, other, isChanged]): readonly [Parts, Parts] => {
    const names = Object.keys(other).filter((_, index) => isChanged[index])
    return [
      older,
      { ...older, ...Object.fromEntries(names.map((name) => [name, other[name as keyof Parts]])) },
    ]
  })

test(
  'diff misses no request that two accounts decide otherwise, and can tells which are allowed',
  { timeout: 600_000 },
  () => {
    const seed = randomSeed()
    const numRuns = Math.ceil(randomCaseCount() / 100)
    console.log(`${numRuns} pairs of accounts, RINGFENCE_RANDOM_SEED=${seed}`)
    let differing = 0
    const holds = ([older, newer]: readonly [Parts, Parts]): void => {
      const [before, after] = [accountOf(older), accountOf(newer)]
      const told = [...diffAccounts({ account: before }, { account: after }, options)]
      for (const asker of askers) {
        const later = [...requestsOf(asker, newer.team)]
        for (const [index, request] of [...requestsOf(asker, older.team)].entries()) {
          const [was, is] = [isAllowed(before, request), isAllowed(after, later[index]!)]
          if (was === is) continue
          differing++
          const change = is ? 'gains' : 'loses'
          const isTold = told.some(
            (one) => one.who === asker.who && (one.difference.found === 'unknown' || one.change === change),
          )
          expect(isTold, `${asker.who} ${change} ${request.action} on ${request.resource}`).toBe(true)
        }
      }
      expectAnswers(after, newer.team)
    }
    fc.assert(fc.property(pairs, holds), { seed, numRuns })
    expect(differing).toBeGreaterThan(numRuns / 2)
  },
)

/** `can` says yes where some request is allowed, and only there. */
function expectAnswers(of: Account, team: string): void {
  const subject = findSubject('ada', of, namesOf(of))
  if ('problem' in subject) throw new Error(subject.problem.message)
  const requests = [...requestsOf(askers[0], team)].filter((request) => isAllowed(of, request))
  const allowed = new Set(requests.map(({ action, resource }) => `${action} ${resource}`))
  for (const [action, resource] of asked) {
    const found = readResource(resource, [action], of, catalogue)
    if ('problem' in found) throw new Error(found.problem.message)
    const answers = can({ account: of }, subject.subject, found.targets, options)
    const isYes = answers.some(({ answer }) => answer === 'yes')
    expect([action, resource, isYes]).toEqual([action, resource, allowed.has(`${action} ${resource}`)])
  }
}
