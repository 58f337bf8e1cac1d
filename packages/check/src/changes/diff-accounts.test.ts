import { authorize, compileLayers, loadActionCatalogue, type AuthorizationRequest } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { accountOfPlan } from '../account/account-of-plan.js'
import { layersOf } from '../account/layers-of.js'
import { exampleText, planOf } from '../account/plan.fixture.js'
import { accountId, accountWith, document } from '../answers/account.fixture.js'
import type { AskedAccount } from '../answers/who-can.js'
import { diffAccounts, type AccessChangeProved } from './diff-accounts.js'

const options = { catalogue: await loadActionCatalogue(), nowMs: Date.UTC(2026, 10, 22) }
const diff = (older: Account, newer: Account): readonly AccessChangeProved[] => [
  ...diffAccounts({ account: older }, { account: newer }, options),
]

/** `ada gains read data: under raw/`. */
const told = (changes: readonly AccessChangeProved[]): readonly string[] =>
  changes.map(({ can, change, difference, on, who }) => {
    const when =
      difference.found === 'unknown'
        ? 'unknown'
        : difference.ways.map(({ limits }) => limits.join(', ')).join('; or ')
    return `${who} ${change} ${can} ${on}: ${when}`
  })

const read = (Resource: string, rest: object = {}): object => ({ Action: 's3:GetObject', Resource, ...rest })
const raw = read('arn:aws:s3:::data/raw/*')

describe('diffAccounts', () => {
  const allow = accountWith([document(raw)])

  it('finds nothing where nothing changed in effect', () => {
    expect(diff(allow, structuredClone(allow))).toEqual([])
    // The same in two statements, and a Deny of what nobody has.
    const split = accountWith([
      document(read('arn:aws:s3:::data/raw/a*'), { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' }),
      document(raw),
    ])
    expect(diff(allow, split)).toEqual([])
    expect(diff(split, allow)).toEqual([])
  })

  it.each([
    ['a wider prefix', accountWith([document(read('arn:aws:s3:::data/*'))]), ['user ada gains read data: ']],
    [
      'another prefix',
      accountWith([document(read('arn:aws:s3:::data/x/*'))]),
      ['user ada gains read data: under x/', 'user ada loses read data: under raw/'],
    ],
    [
      'the slash forgotten',
      accountWith([document(read('arn:aws:s3:::data/raw*'))]),
      ['user ada gains read data: on raw*'],
    ],
    ['nothing left', accountWith([]), ['user ada loses read data: under raw/']],
    [
      'a Deny',
      accountWith([document(raw, read('arn:aws:s3:::data/raw/secret/*', { Effect: 'Deny' }))]),
      ['user ada loses read data: under raw/'],
    ],
    [
      'a policy that is not known',
      accountWith([document(raw)], { unknownPolicy: true }),
      expect.arrayContaining(['user ada gains read data: unknown']),
    ],
    [
      'a role to pass',
      accountWith([document(raw, { Action: 'iam:PassRole', Resource: `arn:aws:iam::${accountId}:role/x` })]),
      [`user ada gains iam:PassRole arn:aws:iam::${accountId}:role/x: `],
    ],
  ])('tells %s', (_, newer, expected) => {
    expect(told(diff(allow, newer))).toEqual(expected)
  })

  it.each([
    ['iam:PassRole', 'iam:PassRole'],
    ['iam:UpdateAssumeRolePolicy', 'iam:UpdateAssumeRolePolicy'],
    ['*', 'all actions'],
  ])('tells of %s on a role of the account, whose trust policy says nothing of it', (Action, can) => {
    const arn = `arn:aws:iam::${accountId}:role/deploy`
    const trust = {
      name: 'trust',
      document: document({ Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    }
    const role: AccountRole = {
      kind: 'role',
      name: 'deploy',
      path: '/',
      arn,
      attached: [],
      inline: [],
      trust,
    }
    const withRole = (identity: unknown): Account => ({ ...accountWith([identity]), roles: [role] })
    const older = withRole(document(raw))
    const newer = withRole(document(raw, { Action, Resource: arn }))
    expect(told(diff(older, newer))).toContain(`user ada gains ${can} ${arn}: `)
    expect(told(diff(newer, older))).toContain(`user ada loses ${can} ${arn}: `)
  })

  it('tells what is gained on the rest, however much has a policy of its own', () => {
    const queues = Array.from({ length: 201 }, (_, index): AccountResource => {
      const name = `q-${index}`
      return { kind: 'other', name, arn: `arn:aws:sqs:eu-west-1:${accountId}:${name}` }
    })
    const withQueues = (identity: unknown): Account => ({ ...accountWith([identity]), resources: queues })
    const older = withQueues(document({ Action: 'ec2:*', Resource: '*' }))
    const newer = withQueues(document({ Action: '*', Resource: '*' }))
    expect(told(diff(older, newer))).toContain('user ada gains all actions what has no policy of its own: ')
  })

  it('tells what a guardrail that is gone let nobody do, and who is none of the file', () => {
    const text = exampleText('acme-ai')
    const [guarded, open] = [text, text.replace(/^guardrail:.*$/m, '')].map((one) => {
      const { plan } = planOf(one)
      return { account: accountOfPlan(plan), organization: plan.organization }
    }) as [AskedAccount, AskedAccount]
    const all = [...diffAccounts(guarded, open, options)]
    const changes = all.filter(({ difference }) => difference.found === 'some')
    const endpoints = 'arn:aws:sagemaker:eu-west-1:111122223333:*/serving--*'
    const gained = changes.filter(({ can, on }) => can === 'all actions' && on.startsWith(endpoints))
    expect(gained.map(({ change, who }) => `${who} ${change}`)).toEqual([
      'a user of the account that is not in the file gains',
      'a role of the account that is not in the file gains',
      'a federated user of the account gains',
    ])
    for (const { difference } of gained)
      expect(difference).toMatchObject({
        already: [],
        actions: expect.arrayContaining(['sagemaker:InvokeEndpoint']),
      })
    // Guardrails of the account are about nobody else.
    expect(changes.filter(({ who }) => /another|anybody|service/.test(who))).toEqual([])
    // Who acts as the administrators' role no guardrail says, whatever its trust policy does.
    expect(all.filter(({ difference }) => difference.found === 'unknown')).toEqual([])
  }, 60_000)

  it('tells whom the policy of a key lets in by itself', () => {
    const arn = `arn:aws:kms:eu-west-1:${accountId}:key/k`
    const withKey = (AWS: string): Account => {
      const policy = {
        name: 'key',
        document: document({ Principal: { AWS }, Action: 'kms:Decrypt', Resource: '*' }),
      }
      return { ...allow, resources: [{ kind: 'key', name: 'k', arn, policy }] }
    }
    const [delegating, direct] = [withKey(accountId), withKey(`arn:aws:iam::${accountId}:user/ada`)]
    expect(told(diff(delegating, direct))).toContain('user ada gains decrypt the key k: ')
    expect(told(diff(direct, delegating))).toContain('user ada loses decrypt the key k: ')
  })

  it('tells nothing twice, whatever statements it comes of', () => {
    const Resource = `arn:aws:sqs:eu-west-1:${accountId}:jobs`
    const queue = { Action: 'sqs:SendMessage', Resource }
    const everything = { Action: '*', Resource: '*' }
    const older = accountWith([], { boundary: document(everything) })
    const newer = accountWith([document(queue)], {
      boundary: document(everything, { Action: 'sqs:*', Resource }),
    })
    expect(told(diff(older, newer))).toEqual([`user ada gains sqs:SendMessage ${Resource}: `])
    // What a boundary leaves over is told where nothing else of it is.
    const denied = accountWith([document(queue)], {
      boundary: document(everything, { Effect: 'Deny', NotAction: 'ec2:*', Resource: '*' }),
    })
    const open = accountWith([document(queue)], { boundary: document(everything) })
    expect(told(diff(denied, open))).toEqual([
      `user ada gains all actions what has no policy of its own: on ${Resource}, sqs:SendMessage only`,
    ])
  })

  it('needs no trust policy that is not known to say that a guardrail lets nobody do more', () => {
    const [older, newer, open] = [guardedBy('ec2:*'), guardedBy('ec2:*', 'sts:*'), guardedBy('iam:*')]
    // What the guardrail is about has nothing to do with the trust policy.
    expect(undecided(diff(older, open))).toEqual([])
    const lost = ['user ada', 'role admin', 'a user of the account that is not described']
    expect(undecided(diff(older, newer))).toEqual(
      expect.arrayContaining(lost.map((who) => `${who} loses act as`)) as unknown,
    )
    expect(diff(older, newer).filter(({ change }) => change === 'gains')).toEqual([])
    expect(undecided(diff(newer, older))).toContain('user ada gains act as')
  })

  it('tells which actions were allowed before', () => {
    const older = accountWith([document({ Action: 'ec2:DescribeInstances', Resource: '*' })])
    const newer = accountWith([document({ Action: '*', Resource: '*' })])
    const changes = diff(older, newer).filter(({ on }) => on === 'what has no policy of its own')
    expect(changes.map(({ difference }) => difference)).toMatchObject([
      { already: [['ec2:DescribeInstances only']] },
    ])
  })

  it('tells that a bucket becomes reachable for others', () => {
    const open = accountWith([document(raw)], {
      bucket: document({ ...read('arn:aws:s3:::data/pub/*'), Principal: '*' }),
    })
    const changes = told(diff(allow, open))
    expect(changes).toContain('user ada gains read data: under pub/')
    expect(changes).toContain('anybody, without credentials gains read data: under pub/')
    expect(changes).toContain('a user of another account gains read data: under pub/')
    expect(told(diff(open, allow))).toContain('anybody, without credentials loses read data: under pub/')
  })

  it('tells who may sign in as a role from now on', () => {
    const text = exampleText('acme-ai')
    const older = accountOfPlan(planOf(text).plan)
    const newer = accountOfPlan(
      planOf(
        text.replace('[susan, hedy, model-gateway]', '[susan, model-gateway]').replace(/\n {2}hedy: .*/, ''),
      ).plan,
    )
    expect(told(diff(older, newer)).filter((one) => one.includes('sign in as'))).toEqual([
      'somebody whom an identity provider signs in loses sign in as the role of team product: ' +
        'by arn:aws:iam::111122223333:saml-provider/acme-sso, where SAML:aud is https://signin.aws.amazon.com/saml, where SAML:sub is hedy@acme.example or susan@acme.example',
    ])
  }, 60_000)

  it('tells who is new and who is gone', () => {
    const { users, ...rest } = allow
    const nobody = { ...rest, users: [] }
    expect(told(diff(nobody, allow))).toEqual(['user ada gains read data: under raw/'])
    expect(told(diff(allow, nobody))).toEqual(['user ada loses read data: under raw/'])
    expect(users).toHaveLength(1)
  })

  it('replays: each example is allowed by the one side and not by the other', () => {
    const text = exampleText('acme-ai')
    const edits = [
      ['under: consented/\n', 'under: raw/\n'],
      ['until: 2035-03-31', 'until: 2036-03-31'],
      ['can: read, on: user-data-b', 'can: [read, write], on: user-data-b'],
      ['[joy, timnit, nightly-eval]', '[joy, timnit, nightly-eval, mary]'],
    ] as const
    const older = accountOfPlan(planOf(text).plan)
    let replayed = 0
    for (const [from, to] of edits) {
      const newer = accountOfPlan(planOf(text.replace(from, to)).plan)
      for (const { change, difference, on, principal } of diff(older, newer)) {
        if (difference.found !== 'some') throw new Error(difference.reasons.join())
        const allows = (account: Account): boolean => allowed(account, principal, on, difference.example)
        expect([allows(newer), allows(older)]).toEqual(change === 'gains' ? [true, false] : [false, true])
        replayed++
      }
    }
    expect(replayed).toBeGreaterThan(10)
  }, 120_000)

  it('tells what a guardrail refuses to somebody with other tags', () => {
    const deny = {
      Effect: 'Deny',
      Action: 'sqs:*',
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
    }
    const account = accountWith([document({ Action: 'sqs:*', Resource: '*' })])
    const guarded = (team: string): Account => ({
      ...account,
      users: account.users.map((user) => Object.assign({}, user, { tags: { team } })),
      serviceControlPolicies: [
        [
          { name: 'full', document: document({ Action: '*', Resource: '*' }) },
          { name: 'guardrail', document: document(deny) },
        ],
      ],
    })
    expect(told(diff(guarded('red'), guarded('blue')))).toEqual([
      'user ada loses sqs:* what has no policy of its own: ',
    ])
  })
})

function allowed(
  account: Account,
  arn: string | undefined,
  on: string,
  request: AuthorizationRequest,
): boolean {
  const principal = [...account.users, ...account.roles].find((one) => one.arn === arn)
  if (!principal) return false
  const isKey = on.startsWith('the key of ')
  const name = on.replace('the key of ', '').replace('models/', '')
  const resource = account.resources.find(
    ({ declared, kind }) => declared?.endsWith(`/${name}`) === true && (kind === 'key') === isKey,
  )
  const { layers } = layersOf(account, principal, resource).question
  return authorize(request, compileLayers(layers)).decision === 'allow'
}

/** With a role whose trust policy is not known, and a guardrail that denies some actions. */
function guardedBy(...Action: readonly string[]): Account {
  const full = document({ Action: '*', Resource: '*' })
  const arn = `arn:aws:iam::${accountId}:role/admin`
  const trust = { name: 'trust of admin' }
  return {
    ...accountWith([full]),
    roles: [{ kind: 'role', name: 'admin', path: '/', arn, attached: [], inline: [], trust }],
    serviceControlPolicies: [
      [
        { name: 'full', document: full },
        { name: 'guardrail', document: document({ Effect: 'Deny', Action, Resource: '*' }) },
      ],
    ],
  }
}

function undecided(changes: readonly AccessChangeProved[]): readonly string[] {
  return changes.flatMap(({ can, change, difference, who }) =>
    difference.found === 'unknown' ? [`${who} ${change} ${can}`] : [],
  )
}
