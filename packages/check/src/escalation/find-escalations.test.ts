import type { AccessQuestion } from '@ringfence/policy'
import { loadActionCatalogue, proveNothingAllowed } from '@ringfence/policy'
import { describe, expect, it } from 'vitest'
import type { Account } from '../account/account.js'
import { accountOfPlan } from '../account/account-of-plan.js'
import { exampleNames, exampleText, planOf } from '../account/plan.fixture.js'
import { printChain } from './chain.js'
import { changesOfTheFence } from './fence-goal.js'
import type { Escalations } from './find-escalations.js'
import { findEscalations } from './find-escalations.js'
import { oracleOf } from './oracle.js'
import {
  accountId,
  accountWith,
  allow,
  document,
  fullAccess,
  group,
  iamArn,
  managed,
  role,
  user,
} from './public-paths.fixture.js'

const catalogue = await loadActionCatalogue()
const prove = (question: AccessQuestion) => proveNothingAllowed(question, { catalogue })

function escalations(account: Account): Escalations {
  return findEscalations(account, oracleOf(account, prove))
}

/** Steps of each path of ada, as `step of whom`. */
function pathsOfAda(account: Account): readonly (readonly string[])[] {
  const { paths, unknowns } = escalations(account)
  expect(unknowns).toEqual([])
  return paths
    .filter(({ from }) => from === iamArn('user/ada'))
    .map(({ steps }) => steps.map(({ id, target }) => `${id} ${target.slice(iamArn('').length)}`))
}

const inline = (...statements: readonly object[]) => ({
  inline: [{ name: 'inline policy', document: document(...statements) }],
})
const deny = (action: string, resource = '*') => ({ Effect: 'Deny', Action: action, Resource: resource })
const admin = role('admin', { AWS: iamArn('role/middle') }, inline(allow('*')))

const attachingOnly = (arn: string) =>
  accountWith({
    users: [
      user(
        'ada',
        inline(allow('iam:AttachUserPolicy', '*', { Condition: { ArnEquals: { 'iam:PolicyARN': arn } } })),
      ),
    ],
    managedPolicies: [managed('reports', allow('s3:ListAllMyBuckets'))],
  })

const trusting = (trust: object) =>
  accountWith({
    users: [user('ada', inline(allow('sts:AssumeRole')))],
    roles: [{ ...admin, trust: { name: 'trust', document: document(trust) } }],
  })

describe('chains', () => {
  it('go on as whoever was had on the way', () => {
    const account = accountWith({
      users: [user('ada', inline(allow('iam:CreateAccessKey', iamArn('user/bob')))), user('bob')],
      roles: [admin, role('middle', { AWS: iamArn('user/bob') })],
    })
    expect(pathsOfAda(account)).toEqual([
      ['create-access-key user/bob', 'assume-role role/middle', 'assume-role role/admin'],
    ])
    const path = escalations(account).paths.find(({ from }) => from === iamArn('user/ada'))
    expect(printChain(path!)).toBe(
      [
        'user/ada can get to where role/admin is an administrator',
        `1. user/ada becomes user/bob (iam-002): iam:CreateAccessKey on ${iamArn('user/bob')}`,
        `2. user/bob becomes role/middle (sts-001): sts:AssumeRole on ${iamArn('role/middle')}`,
        `3. role/middle becomes role/admin (sts-001): sts:AssumeRole on ${iamArn('role/admin')}`,
        `4. role/admin is an administrator: iam:PutUserPolicy on *`,
      ].join('\n'),
    )
  })

  it('take boundaries away first, and end where nothing takes them away', () => {
    const limit = managed('limit', allow('iam:PutUserPolicy'), allow('iam:DeleteUserPermissionsBoundary'))
    const own = [allow('iam:PutUserPolicy', iamArn('user/ada'))]
    const lifting = allow('iam:DeleteUserPermissionsBoundary', iamArn('user/ada'))
    const bounded = (...statements: readonly object[]) =>
      accountWith({
        users: [user('ada', { permissionsBoundary: limit.arn, ...inline(...statements) })],
        managedPolicies: [limit],
      })
    expect(pathsOfAda(bounded(...own, lifting))).toEqual([
      ['put-user-policy user/ada', 'delete-user-boundary user/ada'],
    ])
    expect(pathsOfAda(bounded(...own))).toEqual([
      // Whatever may be put into a policy, the boundary takes it: it allows to delete itself.
      ['put-user-policy user/ada', 'delete-user-boundary user/ada'],
    ])
    const firm = managed('limit', allow('iam:PutUserPolicy'))
    expect(
      pathsOfAda(
        accountWith({
          users: [user('ada', { permissionsBoundary: firm.arn, ...inline(...own, lifting) })],
          managedPolicies: [firm],
        }),
      ),
    ).toEqual([])
  })

  it('write a new version of a policy that is the boundary', () => {
    const limit = managed('limit', allow('iam:*Policy*'))
    const statements = [allow('iam:PutUserPolicy'), allow('iam:CreatePolicyVersion', limit.arn)]
    const account = accountWith({
      users: [user('ada', { permissionsBoundary: limit.arn, ...inline(...statements) })],
      managedPolicies: [limit],
    })
    expect(pathsOfAda(account)).toContainEqual([
      'put-user-policy user/ada',
      'create-policy-version policy/limit',
    ])
  })

  it('put another version in force where there is one', () => {
    const current = managed('own', allow('iam:SetDefaultPolicyVersion'))
    const earlier = { name: 'v0', document: document(allow('*')), id: 'v0', isDefault: false }
    const account = (versions: typeof current.versions) =>
      accountWith({
        users: [user('ada', { attached: [current.arn] })],
        managedPolicies: [{ ...current, versions }],
      })
    expect(pathsOfAda(account([...current.versions, earlier]))).toEqual([['set-policy-version policy/own']])
    expect(pathsOfAda(account(current.versions))).toEqual([])
  })

  it('take denials away: of a group by leaving it, of a policy by detaching it', () => {
    const strict = managed('strict', deny('iam:PutUserPolicy'))
    const account = (...actions: readonly string[]) =>
      accountWith({
        users: [
          user('ada', {
            groups: ['readers'],
            attached: [strict.arn],
            ...inline(...['PutUserPolicy', ...actions].map((name) => allow(`iam:${name}`))),
          }),
        ],
        groups: [group('readers', inline(deny('iam:PutUserPolicy')))],
        managedPolicies: [strict],
      })
    expect(pathsOfAda(account())).toEqual([])
    expect(pathsOfAda(account('DetachUserPolicy'))).toEqual([])
    expect(pathsOfAda(account('DetachUserPolicy', 'RemoveUserFromGroup'))[0]).toEqual([
      'leave-group group/readers',
      'detach-user-policy user/ada',
      'put-user-policy user/ada',
    ])
  })

  it('set a tag that a condition trusts', () => {
    const tagged = { StringEquals: { 'aws:PrincipalTag/clearance': 'all' } }
    const account = (...more: readonly object[]) =>
      accountWith({ users: [user('ada', inline(allow('*', '*', { Condition: tagged }), ...more))] })
    expect(pathsOfAda(account())).toEqual([])
    expect(pathsOfAda(account(allow('iam:TagUser', iamArn('user/ada'))))).toEqual([['tag-user user/ada']])
    const other = { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } } }
    expect(pathsOfAda(account(allow('iam:TagUser', '*', other)))).toEqual([])
  })

  it('set a tag of somebody else that a condition trusts', () => {
    const trusted = { StringEquals: { 'aws:ResourceTag/open': 'yes' } }
    const account = (...more: readonly object[]) =>
      accountWith({
        users: [
          user('ada', inline(allow('iam:CreateAccessKey', '*', { Condition: trusted }), ...more)),
          user('root-like', { inline: [fullAccess] }),
        ],
      })
    expect(pathsOfAda(account())).toEqual([])
    expect(pathsOfAda(account(allow('iam:TagUser')))).toEqual([
      ['tag-user user/root-like', 'create-access-key user/root-like'],
    ])
  })

  it('make somebody new', () => {
    const statements = ['CreateRole', 'PutRolePolicy'].map((name) =>
      allow(`iam:${name}`, iamArn('role/dev-*')),
    )
    const account = accountWith({ users: [user('ada', inline(...statements))] })
    expect(pathsOfAda(account)).toEqual([['create-role role/dev-*', 'put-role-policy role/dev-*']])
    const limit = managed('limit', allow('s3:*'))
    const bounded = { Condition: { StringEquals: { 'iam:PermissionsBoundary': limit.arn } } }
    const delegated = ['CreateRole', 'PutRolePolicy'].map((name) => allow(`iam:${name}`, '*', bounded))
    expect(
      pathsOfAda(accountWith({ users: [user('ada', inline(...delegated))], managedPolicies: [limit] })),
    ).toEqual([])
  })

  it('attach only what may be attached', () => {
    expect(pathsOfAda(attachingOnly(iamArn('policy/reports')))).toEqual([])
    expect(pathsOfAda(attachingOnly('arn:aws:iam::aws:policy/IAMFullAccess'))).toEqual([
      ['attach-user-policy user/ada'],
    ])
    const other = 'arn:aws:iam::aws:policy/PowerUserAccess'
    expect(escalations(attachingOnly(other)).unknowns[0]?.reason).toContain(other)
    const some = 'arn:aws:iam::aws:policy/job-function/*'
    expect(escalations(attachingOnly(some)).unknowns.map(({ reason }) => reason)).toEqual([
      expect.stringContaining(`${some}: `),
    ])
  })

  it('follow the rules of a trust policy', () => {
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: accountId } }
    expect(pathsOfAda(trusting(trust))).toEqual([['assume-role role/admin']])
    const absent = { Condition: { StringNotEquals: { 'aws:PrincipalArn': iamArn('user/ada') } } }
    expect(pathsOfAda(trusting({ ...trust, ...absent }))).toEqual([])
    const multiFactor = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
    expect(pathsOfAda(trusting({ ...trust, ...multiFactor }))).toEqual([['assume-role role/admin']])
  })

  it('name what is not known instead of passing over it', () => {
    const account = accountWith({ users: [user('ada', { inline: [{ name: 'policy x' }] })] })
    expect(escalations(account).paths).toEqual([])
    expect(escalations(account).unknowns).toContainEqual({
      about: iamArn('user/ada'),
      reason: 'policy x: what the policy says is not known',
    })
  })

  it('end in what is only possible where something unknown of the last one may deny it', () => {
    const own = inline(allow('sts:AssumeRole', admin.arn))
    const trusted = role('admin', { AWS: iamArn('user/ada') }, inline(allow('*')))
    const ends = (last: typeof trusted): readonly unknown[] =>
      escalations(accountWith({ users: [user('ada', own)], roles: [last] })).paths.map(
        ({ certainty, needs, steps }) => [certainty, needs, steps.map((step) => step.needs)],
      )
    expect(ends(trusted)).toEqual([['certain', [], [[]]]])
    const need = 'no denial in what is not known (policy x: what the policy says is not known)'
    const obscure = { ...trusted, inline: [...trusted.inline, { name: 'policy x' }] }
    expect(ends(obscure)).toEqual([['possible', [need], [[]]]])
    expect(ends({ ...obscure, inline: [{ name: 'policy x' }] })).toEqual([])
  })

  it('are only possible where they need what an account does not tell of', () => {
    const account = accountWith({
      users: [user('ada', inline(allow('lambda:UpdateFunctionCode')))],
      roles: [role('worker', { Service: 'lambda.amazonaws.com' }, inline(allow('*')))],
    })
    const [path] = escalations(account).paths
    expect(path?.certainty).toBe('possible')
    expect(path?.steps[0]?.needs).toEqual(['a function that something else invokes with role/worker'])
  })

  it('count a role that may be passed to a service which nobody looked at', () => {
    const account = accountWith({
      users: [user('ada', inline(allow('iam:PassRole')))],
      roles: [role('worker', { Service: 'unheard-of.amazonaws.com' }, inline(allow('*')))],
    })
    expect(pathsOfAda(account)).toEqual([['other-service role/worker']])
  })

  it('are told once for those whom nothing tells apart', () => {
    const names = ['ada', 'bob', 'cy']
    const account = accountWith({
      users: names.map((name) => user(name, { groups: ['masters'] })),
      groups: [group('masters', inline(allow('iam:PutGroupPolicy')))],
    })
    const { paths } = escalations(account)
    expect(paths.map(({ from, alike }) => [from].concat(alike))).toEqual([
      names.map((name) => iamArn(`user/${name}`)),
    ])
    const named = { ...account, roles: [role('r', { AWS: iamArn('user/bob') })] }
    expect(
      escalations(named)
        .paths.map(({ from, alike }) => [from, ...alike].length)
        .toSorted(),
    ).toEqual([1, 2])
    const together = { ...account, roles: [role('r', { AWS: names.map((name) => iamArn(`user/${name}`)) })] }
    expect(escalations(together).paths.map(({ from, alike }) => [from, ...alike].length)).toEqual([3])
  })
})

const everything = inline(allow('*'))
const center = (rest: object) =>
  role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_One', { Federated: iamArn('saml-provider/sso') }, rest)
const linked = (rest: object) =>
  role(
    'aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling',
    { Service: 'autoscaling.amazonaws.com' },
    rest,
  )

const groupsOnly = managed('groups-only', allow('iam:*Group*'))
const onGroups = (allowed: readonly string[], rest: object = {}) => {
  const statements = allowed.map((action) => allow(action, iamArn('group/team-*')))
  return accountWith({
    users: [user('ada', { ...inline(...statements), ...rest })],
    managedPolicies: [groupsOnly],
  })
}

it('is certain of a chain that does without a policy of AWS which could be attached on the way', () => {
  const limit = managed('limit', allow('iam:PassRole'), allow('ec2:*'))
  const limited = { Condition: { StringEquals: { 'iam:PermissionsBoundary': limit.arn } } }
  const makes = ['iam:CreateUser', 'iam:PutUserPolicy', 'iam:AttachUserPolicy'].map((action) =>
    allow(action, iamArn('user/made-*'), limited),
  )
  const users = [user('ada', inline(...makes, allow('iam:CreateAccessKey', iamArn('user/made-*'))))]
  const instanceProfiles = [iamArn('instance-profile/instance')]
  const roles = [
    role('instance', { Service: 'ec2.amazonaws.com' }, { ...inline(allow('*')), instanceProfiles }),
  ]
  const { paths } = escalations(accountWith({ users, roles, managedPolicies: [limit] }))
  const chain = paths.find(({ steps }) => steps.some(({ id }) => id === 'new-instance'))
  expect(chain?.steps.map(({ id }) => id)).toEqual(['create-user-and-key', 'put-user-policy', 'new-instance'])
  expect(chain?.certainty).toBe('certain')
})

describe('a new group', () => {
  const actions = ['iam:CreateGroup', 'iam:AttachGroupPolicy', 'iam:AddUserToGroup']
  it('gives its member what an administrator may, in an account without groups', () => {
    const account = onGroups(actions)
    expect(pathsOfAda(account)).toEqual([['new-group-with-attached-policy user/ada']])
    const [path] = escalations(account).paths
    expect(path?.certainty).toBe('certain')
    expect(printChain(path!)).toContain('1. user/ada makes user/ada a member of a new group with any policy')
    expect(pathsOfAda(onGroups(actions.with(1, 'iam:PutGroupPolicy')))).toEqual([['new-group user/ada']])
  })

  it('takes all three, and no boundary that leaves IAM out', () => {
    for (const missing of actions)
      expect(pathsOfAda(onGroups(actions.filter((action) => action !== missing)))).toEqual([])
    expect(pathsOfAda(onGroups(actions, { permissionsBoundary: groupsOnly.arn }))).toEqual([])
  })
})

describe('roles that are AWS’s', () => {
  it('lead nobody anywhere as their service alone has them', () => {
    const passes = inline(allow('iam:PassRole'), allow('ec2:RunInstances'))
    const instance = role('instance', { Service: 'ec2.amazonaws.com' }, everything)
    const instanceProfiles = [iamArn('instance-profile/instance')]
    const roles = [linked(passes), { ...instance, instanceProfiles }]
    expect(escalations(accountWith({ roles })).paths).toEqual([])
    const users = [user('ada', inline(allow('iam:PassRole')))]
    expect(pathsOfAda(accountWith({ users, roles: [linked(everything)] }))).toEqual([])
  })

  it.each(['iam:UpdateAssumeRolePolicy', 'iam:TagRole'])('are not changed by whoever has %s', (action) => {
    const isTagged = { Condition: { StringEquals: { 'aws:ResourceTag/open': 'yes' } } }
    const users = [user('ada', inline(allow(action), allow('iam:UpdateAssumeRolePolicy', '*', isTagged)))]
    const roles = [center(everything), linked(everything)]
    expect(pathsOfAda(accountWith({ users, roles }))).toEqual([])
  })

  it('give themselves nothing', () => {
    const roles = [center(inline(allow('iam:PutRolePolicy'), allow('iam:AttachRolePolicy')))]
    expect(escalations(accountWith({ roles })).paths).toEqual([])
  })

  it('change others as any role may', () => {
    const roles = [center(inline(allow('iam:UpdateAssumeRolePolicy'))), role('admin', {}, everything)]
    expect(escalations(accountWith({ roles })).paths).toHaveLength(1)
  })
})

describe('the fence of a plan', () => {
  it.each(exampleNames)('of %s can be changed by administrators only', (name) => {
    const account = accountOfPlan(planOf(exampleText(name)).plan)
    const administrators = [...account.users, ...account.roles]
      .filter(({ declared }) => declared === 'administrator')
      .map(({ arn }) => arn)
    expect(administrators.length).toBeGreaterThan(0)
    const goals = [changesOfTheFence(account)]
    const found = findEscalations(account, oracleOf(account, prove), { administrators, goals })
    expect(found.paths).toEqual([])
    expect(found.unknowns).toEqual([])
  })

  it('is changed through an execution role that may change it', () => {
    const account = accountOfPlan(planOf(exampleText('seed-3-training-platform-access')).plan)
    const execution = account.roles.find(({ name }) => name.endsWith('-execution'))!
    const { permissionsBoundary: _, ...unbounded } = execution
    const loose = { ...unbounded, ...inline(allow('iam:CreatePolicyVersion'), allow('iam:AddUserToGroup')) }
    const changed = { ...account, roles: account.roles.map((one) => (one === execution ? loose : one)) }
    const administrators = [...account.users, ...account.roles]
      .filter(({ declared }) => declared === 'administrator')
      .map(({ arn }) => arn)
    const goals = [changesOfTheFence(changed)]
    const { paths } = findEscalations(changed, oracleOf(changed, prove), { administrators, goals })
    const path = paths.find(({ from, goal }) => from.includes(':user/') && goal === 'can change the fence')
    expect(path?.steps.map(({ id }) => id)).toEqual(['training-job'])
    expect(path?.publicIds).toEqual(['sagemaker-002'])
  })
})
