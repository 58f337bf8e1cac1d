import { authorize, compileLayers, loadActionCatalogue, type AuthorizationRequest } from '@ringfence/policy'
import { describe, expect, it, test } from 'vitest'
import { accountOfPlan } from '../account/account-of-plan.js'
import { layersOf } from '../account/layers-of.js'
import { exampleNames, exampleText, planOf } from '../account/plan.fixture.js'
import type { Account, AccountResource, AccountRole } from '../account/account.js'
import { accessOf } from './access-of.js'
import { accountId, accountWith, document } from './account.fixture.js'
import { linesOf, type AccessAnswer } from './answer.js'
import { readActions, readResource } from './asked.js'
import { MOST_KNOWN } from './beside-known.js'
import { findSubject } from './subjects.js'
import { answerOfPrincipal, can, whoCan, type AskedAnswer, type WhoCan } from './who-can.js'
import { namesOf } from '../words/names.js'

const catalogue = await loadActionCatalogue()
const options = { catalogue, nowMs: Date.UTC(2026, 10, 22) }
const acme = planOf(exampleText('acme-ai')).plan
const acmeAccount = accountOfPlan(acme)

/** The answers about ada, by limits of ways. */
function askAda(account: Account, action: string, resource: string): readonly AskedAnswer[] {
  const subject = findSubject('ada', account, namesOf(account))
  const actions = readActions(action, catalogue)
  if ('problem' in subject || 'problem' in actions) throw new Error('not asked')
  const targets = readResource(resource, actions.actions, account, catalogue)
  if ('problem' in targets) throw new Error(targets.problem.message)
  return can({ account }, subject.subject, targets.targets, options)
}

function limits(answer: AccessAnswer | undefined): unknown {
  if (answer?.answer === 'yes') return answer.ways.map((way) => way.limits)
  return answer?.answer
}

/** An account with a role that trusts somebody, whom ada may be. */
const trusting = (Principal: object, Action: string | readonly string[] = 'sts:AssumeRole'): Account => {
  const name = `trust of ${JSON.stringify(Principal)}`
  const trust = { name, document: document({ Principal, Action }) }
  const arn = `arn:aws:iam::${accountId}:role/deploy`
  const role: AccountRole = {
    kind: 'role',
    name: 'deploy',
    path: '/',
    arn,
    attached: [],
    inline: [],
    trust,
  }
  return {
    ...accountWith([document({ Action: 'sts:AssumeRole', Resource: '*' })]),
    roles: [role],
  }
}

/** The layers that let ada take on the role, way by way. */
const layersOfWays = (account: Account): unknown =>
  askAda(account, 'sts:AssumeRole', 'role/deploy').map((answer) =>
    answer.answer === 'yes'
      ? answer.ways.map(({ grants }) => grants.map(({ layer }) => layer))
      : answer.answer,
  )

const read = (Resource: string | readonly string[], Condition?: object, rest: object = {}): object => ({
  Action: 's3:GetObject',
  Resource,
  ...(Condition ? { Condition } : {}),
  ...rest,
})
const tls = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: 'arn:aws:s3:::data/*',
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
}

describe('answers', () => {
  const cases: readonly (readonly [string, Account, string, unknown])[] = [
    ['nobody gave it', accountWith([]), 'data', ['no']],
    ['all of it', accountWith([document(read('*'))]), 'data', [[[]]]],
    ['a part of it', accountWith([document(read('arn:aws:s3:::data/raw/*'))]), 'data', [[['under raw/']]]],
    ['that part', accountWith([document(read('arn:aws:s3:::data/raw/*'))]), 'data/raw/x', [[[]]]],
    ['another part', accountWith([document(read('arn:aws:s3:::data/raw/*'))]), 'data/rawer', ['no']],
    [
      'two statements',
      accountWith([
        document(
          read('arn:aws:s3:::data/raw/*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
          read('arn:aws:s3:::data/*', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
        ),
      ]),
      'data',
      [expect.arrayContaining([['under raw/', 'with MFA'], ['from 203.0.113.0/24']])],
    ],
    [
      'what a Deny leaves over, and not one about others',
      accountWith([document(read('*'))], {
        bucket: document(tls, {
          ...tls,
          Condition: { StringEquals: { 'aws:PrincipalArn': `arn:aws:iam::${accountId}:user/bob` } },
        }),
      }),
      'data',
      [[['over TLS']]],
    ],
    [
      'what a Deny takes',
      accountWith([document(read('*'))], {
        bucket: document({ ...tls, Resource: 'arn:aws:s3:::data/secret/*', Condition: {} }),
      }),
      'data',
      [[['except under secret/']]],
    ],
    [
      'a Deny outside of a part',
      accountWith([document(read('*'))], {
        bucket: document({
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:GetObject',
          NotResource: ['arn:aws:s3:::data/raw/*', 'arn:aws:s3:::data'],
        }),
      }),
      'data',
      [[['except outside of what is under raw/']]],
    ],
    [
      'the bucket alone',
      accountWith([], {
        bucket: document(
          read('arn:aws:s3:::data/*', undefined, {
            Principal: { AWS: `arn:aws:iam::${accountId}:user/ada` },
          }),
        ),
      }),
      'data',
      [[[]]],
    ],
    [
      'the bucket, for somebody else',
      accountWith([], {
        bucket: document(
          read('arn:aws:s3:::data/*', undefined, {
            Principal: { AWS: `arn:aws:iam::${accountId}:user/bob` },
          }),
        ),
      }),
      'data',
      ['no'],
    ],
    [
      'a boundary that limits further, in two ways',
      accountWith([document(read('arn:aws:s3:::data/*'))], {
        boundary: document(
          read('arn:aws:s3:::data/a/*'),
          read('arn:aws:s3:::data/b/*', { Bool: { 'aws:SecureTransport': 'true' } }),
        ),
      }),
      'data',
      [expect.arrayContaining([['under a/'], ['under b/', 'over TLS']])],
    ],
    [
      'a boundary without it',
      accountWith([document(read('*'))], { boundary: document({ Action: 's3:PutObject', Resource: '*' }) }),
      'data',
      ['no'],
    ],
    [
      'conditions that always hold',
      accountWith([
        document(
          read('*', {
            StringEquals: {
              'aws:PrincipalTag/team': 'red',
              'aws:ResourceAccount': accountId,
              'aws:username': 'ada',
            },
          }),
        ),
      ]),
      'data',
      [[[]]],
    ],
    [
      'a condition that never holds',
      accountWith([document(read('*', { StringEquals: { 'aws:PrincipalTag/team': 'blue' } }))]),
      'data',
      ['no'],
    ],
    ['a policy that is not known', accountWith([], { unknownPolicy: true }), 'data', ['unknown']],
    [
      'a policy that is not known and cannot matter',
      accountWith([], { unknownPolicy: true, bucket: document({ ...tls, Condition: {} }) }),
      'data',
      ['no'],
    ],
    [
      'another bucket, whose policy is not known',
      accountWith([document(read('*'))]),
      'arn:aws:s3:::other/x',
      ['unknown'],
    ],
  ]
  test.each(cases)('%s', (_, account, resource, expected) => {
    expect(askAda(account, 's3:GetObject', resource).map(limits)).toEqual(expected)
  })

  it('does not know what an ACL or a grant on a key may let somebody do, and needs neither for a yes', () => {
    const arn = `arn:aws:kms:eu-west-1:${accountId}:key/k`
    const bob = { AWS: `arn:aws:iam::${accountId}:user/bob` }
    const others = document({ Principal: bob, Action: 'kms:*', Resource: '*' })
    const key = {
      kind: 'key',
      name: 'k',
      arn,
      policy: { name: 'policy of k', document: others },
    } as const
    const base = accountWith([document(read('*'))])
    const account: Account = {
      ...base,
      resources: [...base.resources, key],
      unknowns: [
        { about: 'arn:aws:s3:::data', reason: 'no file tells its ACL', missing: 'acl' },
        { about: `account ${accountId}`, reason: 'no file tells its grants', missing: 'keyGrants' },
      ],
    }
    const ask = (action: string, resource: string) => askAda(account, action, resource).map(limits)
    expect(ask('s3:GetObject', 'data')).toEqual([[[]]])
    expect(ask('s3:PutObject', 'data')).toEqual(['unknown'])
    expect(ask('s3:PutBucketPolicy', 'data')).toEqual(['no'])
    expect(ask('kms:Decrypt', arn)).toEqual(['unknown'])
    expect(ask('kms:PutKeyPolicy', arn)).toEqual(['no'])
    const [bucket] = base.resources
    const shown: Account = { ...base, resources: [{ ...bucket!, publicAcl: ['AllUsers'] }] }
    expect(askAda(shown, 's3:PutObject', 'data')).toMatchObject([
      { answer: 'unknown', reasons: ['arn:aws:s3:::data: its ACL grants something to AllUsers'] },
    ])
  })

  it('tells which actions a boundary leaves of all', () => {
    const account = accountWith([document({ Action: 's3:*', Resource: '*' })], {
      boundary: document({ Action: ['s3:Get*', 'sqs:*'], Resource: '*' }),
    })
    expect(askAda(account, 's3:*', 'data').map(limits)).toEqual([[['s3:Get* only']]])
    const but = accountWith([document({ Action: 's3:*', Resource: '*' })], {
      boundary: document({ NotAction: ['s3:Put*', 'sqs:*'], Resource: '*' }),
    })
    expect(askAda(but, 's3:*', 'data').map(limits)).toEqual([[['except s3:Put*']]])
  })

  it('tells what a denial of all but some actions leaves, of those that are asked for', () => {
    const withoutMfa = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }
    const account = accountWith([
      document(
        { Action: 's3:*', Resource: '*' },
        {
          Effect: 'Deny',
          NotAction: ['sts:GetSessionToken', 's3:List*'],
          Resource: '*',
          Condition: withoutMfa,
        },
      ),
    ])
    expect(askAda(account, 's3:GetObject', 'data/x').map(limits)).toEqual([[['with MFA']]])
    expect(askAda(account, 's3:*', 'data').map(limits)).toEqual([[['except all but s3:List* without MFA']]])
  })

  it('asks about all that there is with the policies of its own', () => {
    // The bucket's policy asks for TLS, and there may be other buckets.
    const bucket = document({ ...tls, Resource: ['arn:aws:s3:::data', 'arn:aws:s3:::data/*'] })
    const own = accountWith([document({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' })], {
      bucket,
    })
    expect(askAda(own, 's3:*', '*').map((answer) => limits(answer))).toEqual([
      [['over TLS', 's3:GetObject only']],
      'no',
    ])
    const all = accountWith([document({ Action: 's3:GetObject', Resource: '*' })], { bucket })
    expect(askAda(all, 's3:GetObject', '*').map((answer) => [answer.on, limits(answer)])).toEqual([
      ['data', [['over TLS']]],
      ['what has no policy of its own', [[]]],
    ])
    expect(askAda(all, 's3:GetObject', 'data').map(({ on }) => on)).toEqual([undefined])
  })

  it('does not ask about more than it can tell apart, and says so', () => {
    const account = accountWith([document({ Action: '*', Resource: '*' })])
    const resources = Array.from({ length: MOST_KNOWN / 2 + 1 }, (_, index): AccountResource => {
      return { kind: 'bucket', name: `b-${index}`, arn: `arn:aws:s3:::b-${index}` }
    })
    const found = readResource('arn:aws:s3:::*/x', ['s3:GetObject'], { ...account, resources }, catalogue)
    if ('problem' in found) throw new Error(found.problem.message)
    const rest = found.targets.at(-1)!
    const [ada] = account.users
    expect(answerOfPrincipal(account, ada!, rest, linesOf(account), options)).toMatchObject({
      answer: 'unknown',
      reasons: [expect.stringContaining('have policies of their own')],
    })
  })

  it('says why not, with the nearest statement', () => {
    const [answer] = askAda(
      accountWith([document(read('arn:aws:s3:::data/raw/*'))]),
      's3:GetObject',
      'data/x',
    )
    expect(answer).toMatchObject({
      answer: 'no',
      request: { action: 's3:GetObject', resource: 'arn:aws:s3:::data/x' },
      because: [
        'because no identity policy allows s3:GetObject on arn:aws:s3:::data/x',
        expect.stringContaining('the closest is statement 1 of the identity policy policy 1 of ada'),
      ],
    })
  })

  it('finds ways of everybody else', () => {
    const open = accountWith([], {
      bucket: document(read('arn:aws:s3:::data/pub/*', undefined, { Principal: '*' })),
    })
    const actions = ['s3:GetObject']
    const targets = readResource('data', actions, open, catalogue)
    if ('problem' in targets) throw new Error('not asked')
    const everybody = [...whoCan({ account: open }, targets.targets, options)]
    const anybody = everybody.find(({ called }) => called.startsWith('anybody'))
    expect(anybody?.answers.map(limits)).toEqual([[['under pub/']]])
    const own = everybody.find(({ called }) => called.startsWith('any user'))
    expect(own?.answers.map(limits)).toEqual([expect.arrayContaining([[], ['under pub/']])])
  })

  it('finds identity providers only where somebody signs in', () => {
    const open = accountWith([], {
      bucket: document(read('arn:aws:s3:::data/*', undefined, { Principal: '*' })),
    })
    const role: AccountRole = {
      kind: 'role',
      name: 'deploy',
      path: '/',
      arn: `arn:aws:iam::${accountId}:role/deploy`,
      attached: [],
      inline: [],
      trust: {
        name: 'trust of deploy',
        document: document({ Principal: '*', Action: ['sts:AssumeRoleWithWebIdentity', 'sts:AssumeRole'] }),
      },
    }
    const account = { ...open, roles: [role] }
    const providers = (actions: readonly string[], resource: string): unknown => {
      const targets = readResource(resource, actions, account, catalogue)
      if ('problem' in targets) throw new Error(targets.problem.message)
      const everybody = [...whoCan({ account }, targets.targets, options)]
      const told = everybody.filter(({ called }) => called.includes('identity provider'))
      return told.map(({ answers }) => answers.map(({ answer }) => answer))
    }
    expect(providers(['s3:GetObject'], 'data')).toEqual([])
    expect(providers(['*'], 'data')).toEqual([])
    expect(providers(['sts:AssumeRole'], 'role/deploy')).toEqual([])
    expect(providers(['sts:AssumeRole*'], 'role/deploy')).toEqual([['yes']])
    expect(providers(['sts:AssumeRoleWithSAML'], 'role/deploy')).toEqual([['no']])
    expect(providers(['sts:TagSession'], 'role/deploy')).toEqual([['no']])
  })

  it('to signing in is yes for identity providers alone, not for sessions of roles', () => {
    const provider = `arn:aws:iam::${accountId}:saml-provider/sso`
    const Action = ['sts:AssumeRoleWithSAML', 'sts:TagSession']
    const account = trusting({ Federated: provider }, Action)
    const answersTo = (action: string): readonly WhoCan[] => {
      const targets = readResource('role/deploy', [action], account, catalogue)
      if ('problem' in targets) throw new Error(targets.problem.message)
      return [...whoCan({ account }, targets.targets, options)]
    }
    const yes = (action: string): readonly string[] =>
      answersTo(action)
        .filter(({ answers }) => answers.some(({ answer }) => answer === 'yes'))
        .map(({ called }) => called)
    expect(yes('sts:AssumeRoleWithSAML')).toEqual(['somebody whom an identity provider signs in'])
    expect(yes('sts:AssumeRoleWith*')).toEqual(['somebody whom an identity provider signs in'])
    expect(yes('sts:AssumeRole')).toEqual([])
    const [no] = answersTo('sts:AssumeRoleWithSAML').flatMap(({ answers, called }) =>
      called === 'role deploy' ? answers : [],
    )
    expect(no?.answer === 'no' && no.because.join(' ')).toContain(provider)
  })

  it('are those of the trust policy where it lets somebody in by itself, and where it does not', () => {
    const ada = `arn:aws:iam::${accountId}:user/ada`
    expect(layersOfWays(trusting({ AWS: ada }))).toEqual([[['resource']]])
    expect(layersOfWays(trusting({ AWS: accountId }))).toEqual([[['identity', 'resource']]])
  })

  it('replays every example, in all examples', () => {
    let ways = 0
    for (const name of exampleNames) {
      const account = accountOfPlan(planOf(exampleText(name)).plan)
      for (const resource of account.resources)
        for (const principal of [...account.users, ...account.roles].slice(0, 3)) {
          const actions = [resource.kind === 'key' ? 'kms:*' : 's3:*']
          const resources = resource.kind === 'bucket' ? [resource.arn, `${resource.arn}/*`] : [resource.arn]
          const shape = { actions, resources }
          const answer = answerOfPrincipal(account, principal, { resource, shape }, linesOf(account), options)
          const { layers } = layersOf(account, principal, resource).question
          const isAllowed = (request: AuthorizationRequest): boolean =>
            authorize(request, compileLayers(layers)).decision === 'allow'
          if (answer.answer === 'no') expect(isAllowed(answer.request)).toBe(false)
          else
            for (const { example } of answer.ways) {
              ways++
              expect(isAllowed(example), JSON.stringify(example)).toBe(true)
            }
        }
    }
    expect(ways).toBeGreaterThan(30)
  }, 120_000)
})

describe('access', () => {
  it('tells of keys whose policy lets somebody in by itself', () => {
    const arn = `arn:aws:kms:eu-west-1:${accountId}:key/k`
    const Principal = { AWS: `arn:aws:iam::${accountId}:user/ada` }
    const policy = { name: 'key', document: document({ Principal, Action: 'kms:Decrypt', Resource: '*' }) }
    const account: Account = { ...accountWith([]), resources: [{ kind: 'key', name: 'k', arn, policy }] }
    const subject = findSubject('ada', account, namesOf(account))
    if ('problem' in subject) throw new Error(subject.problem.message)
    const told = [...accessOf({ account }, subject.subject, options)]
    expect(told.map(({ can: doing, on }) => `${doing} ${on}`)).toEqual(['decrypt the key k'])
  })

  it('tells of statements that are about all but some', () => {
    const account = accountWith([document({ Action: 'ec2:*', NotResource: 'arn:aws:ec2:*:*:instance/*' })])
    const subject = findSubject('ada', account, namesOf(account))
    if ('problem' in subject) throw new Error(subject.problem.message)
    const [only, ...more] = accessOf({ account }, subject.subject, options)
    expect([only?.on, only?.can, limits(only?.answer), more]).toEqual([
      'all that is not named above',
      'ec2:*',
      [['except on arn:aws:ec2:*:*:instance/*']],
      [],
    ])
  })

  it('tells nothing that is refused and misses nothing that is declared', () => {
    for (const name of ['ada', 'edgar', 'joy', 'mary']) {
      const found = findSubject(name, acmeAccount, namesOf(acmeAccount), acme.access)
      if ('problem' in found) throw new Error(name)
      const told = [...accessOf({ account: acmeAccount }, found.subject, options)].map(
        ({ can: doing, on }) => `${doing} ${on}`,
      )
      const teams = Object.entries(acme.access.teams).filter(([, members]) => members.includes(name))
      const subjects = new Set([`member/${name}`, ...teams.map(([team]) => `team/${team}`)])
      const declared = acme.access.grants
        .filter(({ on, to }) => subjects.has(to) && !on.startsWith('platform/'))
        .flatMap(({ can: doings, on }) => doings.map((doing) => [doing, on] as const))
        .filter(([doing]) => ['read', 'write', 'delete'].includes(doing))
        .map(([doing, on]) => `${doing} ${on.replace('dataset/', '').replace('model/', 'models/')}`)
      expect(told).toEqual(expect.arrayContaining(declared))
      const data = told.filter((one) => /^(?:read|write|delete) [^t]/.test(one))
      expect(data.toSorted()).toEqual([...new Set(declared)].toSorted())
    }
  }, 60_000)
})

test('access tells of each statement what it asks for, not what another one does for some of the same', () => {
  const on = 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/x'
  const account = accountWith([
    document(
      {
        Action: 'sagemaker:CreateEndpoint',
        Resource: on,
        Condition: { StringEquals: { 'aws:RequestTag/team': 'red' } },
      },
      {
        Action: ['sagemaker:CreateEndpoint', 'sagemaker:DeleteEndpoint'],
        Resource: on,
        Condition: { StringEquals: { 'aws:ResourceTag/team': 'red' } },
      },
    ),
  ])
  const subject = findSubject('ada', account, namesOf(account))
  if ('problem' in subject) throw new Error('not asked')
  const told = [...accessOf({ account }, subject.subject, options)]
  expect(told.map(({ answer, can: doing }) => [doing, limits(answer)])).toEqual([
    ['sagemaker:CreateEndpoint', [['with the tag team = red']]],
    ['sagemaker:CreateEndpoint and sagemaker:DeleteEndpoint', [['on what is tagged team = red']]],
  ])
})

describe('what is asked', () => {
  const actions = ['s3:GetObject', 's3:ListBucket', 'kms:Decrypt']
  const about = (text: string, asked = actions): unknown => {
    const found = readResource(text, asked, acmeAccount, catalogue)
    return 'problem' in found
      ? found.problem.code
      : found.targets.map(({ resource, shape }) =>
          [resource?.kind, shape.resources.join(' '), shape.condition].filter(Boolean),
        )
  }
  const bucket = 'arn:aws:s3:::acme-user-data-a-111122223333'

  it('is a name with a path', () => {
    expect(about('user-data-a/raw/x')).toEqual(
      expect.arrayContaining([
        ['bucket', `${bucket}/raw/x`],
        ['bucket', bucket, { StringLike: { 's3:prefix': 'raw/x' } }],
        ['key', 'arn:aws:kms:eu-west-1:111122223333:key/*'],
      ]),
    )
    expect(about('user-data-a/raw/', ['s3:GetObject'])).toEqual([['bucket', `${bucket}/raw/*`]])
    expect(about('user-data-a', ['s3:GetObject'])).toEqual([['bucket', `${bucket}/*`]])
    expect(about('models/chat-base', ['kms:Decrypt'])).toEqual([
      ['key', 'arn:aws:kms:eu-west-1:111122223333:key/*'],
    ])
    const things = 'arn:aws:sagemaker:eu-west-1:111122223333'
    expect(about('training', ['sagemaker:StopTrainingJob'])).toEqual([[`${things}:training-job/training--*`]])
    expect(about('training', ['sagemaker:ListTrainingJobs'])).toEqual([[`${things}:*/training--*`]])
  })

  it('is an ARN', () => {
    expect(about(`${bucket}/raw/*`, ['s3:GetObject'])).toEqual([['bucket', `${bucket}/raw/*`]])
    expect(about('arn:aws:s3:::acme-user-data-?-111122223333/x', ['s3:GetObject'])).toEqual([
      ['bucket', `${bucket}/x`],
      ['bucket', `${bucket.replace('data-a', 'data-b')}/x`],
      // And what the file does not describe.
      ['arn:aws:s3:::acme-user-data-?-111122223333/x'],
    ])
    expect(about('arn:aws:s3:::acme-user-data-a*', ['s3:GetObject'])).toEqual([
      ['bucket', `${bucket}/*`],
      ['arn:aws:s3:::acme-user-data-a*'],
    ])
    expect(about('arn:aws:iam::111122223333:role/*', ['iam:PassRole'])).toEqual([
      ['arn:aws:iam::111122223333:role/*'],
    ])
    expect(about('arn:aws:iam::111122223333:role/ringfence/acme/acme-product', ['sts:AssumeRole'])).toEqual([
      ['role', 'arn:aws:iam::111122223333:role/ringfence/acme/acme-product'],
    ])
  })

  it('is refused with a hint', () => {
    expect(readResource('user-data-c', actions, acmeAccount, catalogue)).toMatchObject({
      problem: { code: 'RESOURCE_UNKNOWN', hint: 'user-data-a' },
    })
    const bare = accountWith([])
    expect(readResource('nothing', actions, bare, catalogue)).toMatchObject({
      problem: { hint: 'one of data' },
    })
    // Only what the actions can be about.
    expect(
      readResource('user-data-a', ['sagemaker:CreateTrainingJob'], acmeAccount, catalogue),
    ).toMatchObject({ problem: { hint: 'one of serving, training' } })
    expect(readResource('product', ['sts:AssumeRole'], acmeAccount, catalogue)).toMatchObject({
      problem: { hint: 'team/product' },
    })
    expect(readResource('x', ['ec2:RunInstances'], bare, catalogue)).toMatchObject({
      problem: { hint: expect.stringContaining('an ARN') as string },
    })
    expect(readResource('ada', ['iam:GetRole', 'sts:AssumeRole'], bare, catalogue)).toMatchObject({
      problem: { hint: 'user/ada' },
    })
    expect(readResource('arn:aws:s3:::data', ['s3:GetObject'], bare, catalogue)).toMatchObject({
      problem: { message: expect.stringContaining('about objects') as string, hint: 'arn:aws:s3:::data/*' },
    })
    expect(readResource('arn:aws:s3:::data/x', ['s3:ListBucket'], bare, catalogue)).toMatchObject({
      problem: {
        message: expect.stringContaining('about a bucket itself') as string,
        hint: 'arn:aws:s3:::data',
      },
    })
    expect(readActions('s3:GetObjct', catalogue)).toMatchObject({
      problem: { code: 'ACTION_UNKNOWN', hint: 's3:GetObject' },
    })
    expect(readActions('raed', catalogue)).toMatchObject({ problem: { hint: 'read' } })
    expect(readActions('s3:Get*', catalogue)).toEqual({ actions: ['s3:Get*'] })
    expect(findSubject('adda', acmeAccount, namesOf(acmeAccount), acme.access)).toMatchObject({
      problem: { code: 'MEMBER_UNKNOWN', hint: 'ada' },
    })
    expect(findSubject('adaa', bare, namesOf(bare))).toMatchObject({ problem: { hint: 'ada' } })
    expect(findSubject('somebody', bare, namesOf(bare))).toMatchObject({
      problem: { hint: 'one of user/ada' },
    })
  })

  it('is about whoever may act as the role, for members who sign in by federation', () => {
    const found = findSubject('susan', acmeAccount, namesOf(acmeAccount), acme.access)
    expect(found).toMatchObject({
      subject: { called: 'member susan', principals: [{ name: 'acme-product' }] },
    })
  })
})
