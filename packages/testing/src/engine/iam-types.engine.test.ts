import { AccessKey } from '@pulumi/aws/iam/accessKey.js'
import { Group } from '@pulumi/aws/iam/group.js'
import { GroupMembership } from '@pulumi/aws/iam/groupMembership.js'
import { GroupPoliciesExclusive } from '@pulumi/aws/iam/groupPoliciesExclusive.js'
import { GroupPolicyAttachment } from '@pulumi/aws/iam/groupPolicyAttachment.js'
import { GroupPolicyAttachmentsExclusive } from '@pulumi/aws/iam/groupPolicyAttachmentsExclusive.js'
import { Policy } from '@pulumi/aws/iam/policy.js'
import { Role } from '@pulumi/aws/iam/role.js'
import { RolePoliciesExclusive } from '@pulumi/aws/iam/rolePoliciesExclusive.js'
import { RolePolicyAttachment } from '@pulumi/aws/iam/rolePolicyAttachment.js'
import { RolePolicyAttachmentsExclusive } from '@pulumi/aws/iam/rolePolicyAttachmentsExclusive.js'
import { User } from '@pulumi/aws/iam/user.js'
import { UserGroupMembership } from '@pulumi/aws/iam/userGroupMembership.js'
import { UserPoliciesExclusive } from '@pulumi/aws/iam/userPoliciesExclusive.js'
import { UserPolicyAttachment } from '@pulumi/aws/iam/userPolicyAttachment.js'
import { UserPolicyAttachmentsExclusive } from '@pulumi/aws/iam/userPolicyAttachmentsExclusive.js'
import { Provider } from '@pulumi/aws/provider.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { accountState, clientsOf } from './account-state.js'
import { startEngineRun, type EngineRun } from './engine-run.js'

let run: EngineRun
beforeAll(async () => {
  run = await startEngineRun()
  const iam = await clientsOf(run.aws, run.aws.root).iam()
  // People and groups that are there already: an attachment of theirs is one of several.
  await iam.createUser({ UserName: 'bob' })
  await iam.createGroup({ GroupName: 'everybody' })
  await iam.createGroup({ GroupName: 'alumni' })
  await iam.createGroup({ GroupName: 'guests' })
  await iam.addUserToGroup({ GroupName: 'alumni', UserName: 'bob' })
})
afterAll(async () => {
  await run?.close()
})

const arnOf = (policy: string) => `arn:aws:iam::111122223333:policy/lab/${policy}`
const document = (action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'Data', Effect: 'Allow', Action: [action], Resource: '*' }],
  })
const trust = (sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: sid,
        Effect: 'Allow',
        Principal: { Service: 'sagemaker.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ],
  })

/** One resource of each type; in the second edition something about each is another. */
async function program(second: boolean) {
  const options = { provider: new Provider('aws', run.providerArgs) }
  const read = new Policy(
    'read',
    { name: 'read', path: '/lab/', policy: document(second ? 's3:GetObject' : 's3:Get*'), tags: { a: 'b' } },
    options,
  )
  const list = new Policy('list', { name: 'list', path: '/lab/', policy: document('s3:ListBucket') }, options)
  const policyArn = second ? list.arn : read.arn
  const policyArns = [policyArn]
  const ada = new User(
    'ada',
    {
      name: 'ada',
      path: '/lab/',
      permissionsBoundary: second ? list.arn : read.arn,
      forceDestroy: true,
      tags: { team: second ? 'safety' : 'research' },
    },
    options,
  )
  const lab = new Group('lab', { name: 'lab', path: second ? '/labs/' : '/lab/' }, options)
  const role = new Role(
    'runner',
    {
      name: 'runner',
      path: '/lab/',
      assumeRolePolicy: trust(second ? 'Jobs' : 'Job'),
      description: second ? 'Runs the jobs' : 'Runs jobs',
      maxSessionDuration: second ? 7200 : 3600,
    },
    options,
  )
  const key = new AccessKey(
    'key',
    { user: ada.name, status: second ? 'Inactive' : 'Active' },
    { ...options, additionalSecretOutputs: [] },
  )
  const others = [
    new GroupMembership(
      'members',
      { name: 'members', group: lab.name, users: second ? [] : [ada.name] },
      options,
    ),
    new UserGroupMembership(
      'bobs',
      { user: 'bob', groups: second ? ['everybody', 'guests'] : ['everybody'] },
      options,
    ),
    new UserPolicyAttachment('bob-reads', { user: 'bob', policyArn }, options),
    new GroupPolicyAttachment('all-read', { group: 'everybody', policyArn }, options),
    new UserPolicyAttachment('ada-reads', { user: ada.name, policyArn }, options),
    new GroupPolicyAttachment('lab-reads', { group: lab.name, policyArn }, options),
    new RolePolicyAttachment('runner-reads', { role: role.name, policyArn }, options),
    new UserPoliciesExclusive('ada-inline', { userName: ada.name, policyNames: [] }, options),
    new GroupPoliciesExclusive('lab-inline', { groupName: lab.name, policyNames: [] }, options),
    new RolePoliciesExclusive('runner-inline', { roleName: role.name, policyNames: [] }, options),
    new UserPolicyAttachmentsExclusive('ada-all', { userName: ada.name, policyArns }, options),
    new GroupPolicyAttachmentsExclusive('lab-all', { groupName: lab.name, policyArns }, options),
    new RolePolicyAttachmentsExclusive('runner-all', { roleName: role.name, policyArns }, options),
  ]
  return {
    arns: [read.arn, ada.arn, lab.arn, role.arn],
    uniqueIds: [read.policyId, ada.uniqueId, lab.uniqueId, role.uniqueId],
    keyId: key.id,
    secret: key.secret,
    ids: others.map(({ id }) => id),
  }
}

const count = 21

test('the types of IAM live from creation to destruction', async () => {
  const empty = await accountState(run.aws)
  const first = await run.stack(() => program(false))
  expect((await first.preview()).changes).toEqual({ create: count })
  const { changes, outputs } = await first.up()
  expect(changes).toEqual({ create: count })
  expect(outputs).toMatchObject({
    arns: [
      arnOf('read'),
      'arn:aws:iam::111122223333:user/lab/ada',
      'arn:aws:iam::111122223333:group/lab/lab',
      'arn:aws:iam::111122223333:role/lab/runner',
    ],
    uniqueIds: [/^ANPA/, /^AIDA/, /^AGPA/, /^AROA/].map((prefix) => expect.stringMatching(prefix) as string),
    keyId: expect.stringMatching(/^AKIA/) as string,
    ids: [
      'members',
      expect.stringMatching(/^terraform-\d{17}/),
      `bob/${arnOf('read')}`,
      `everybody/${arnOf('read')}`,
      `ada/${arnOf('read')}`,
      `lab/${arnOf('read')}`,
      `runner/${arnOf('read')}`,
      'ada',
      'lab',
      'runner',
      'ada',
      'lab',
      'runner',
    ],
  })
  const made = await accountState(run.aws)
  expect(made.users['ada']).toEqual({
    path: '/lab/',
    attached: [arnOf('read')],
    inline: {},
    boundary: arnOf('read'),
    groups: ['lab'],
    tags: { team: 'research' },
    accessKeys: ['Active'],
    mfaDevices: 0,
    otherCredentials: 0,
    password: false,
  })
  expect(made.users['bob']?.groups).toEqual(['alumni', 'everybody'])
  expect((await first.up()).changes).toEqual({ same: count })

  const second = await run.stack(() => program(true))
  const steps = (await second.up()).steps
  expect(steps).toEqual(secondEdition)
  expect((await second.up()).changes).toEqual({ same: count })
  const changed = await accountState(run.aws)
  expect(changed.users['ada']).toMatchObject({
    attached: [arnOf('list')],
    boundary: arnOf('list'),
    groups: [],
    accessKeys: ['Inactive'],
  })

  await driftByHand()
  const refreshed = await second.refresh()
  expect(refreshed.steps).toEqual(drift)
  expect((await second.up()).steps).toEqual(repair)
  expect(await accountState(run.aws)).toEqual(changed)

  await second.destroy()
  expect(await accountState(run.aws)).toEqual(empty)
})

const secondEdition = {
  ada: 'update: permissionsBoundary, tags',
  'ada-all': 'update: policyArns',
  'ada-reads': 'replace: policyArn',
  'all-read': 'replace: policyArn',
  'bob-reads': 'replace: policyArn',
  bobs: 'update: groups',
  key: 'update: status',
  lab: 'update: path',
  'lab-all': 'update: policyArns',
  'lab-reads': 'replace: policyArn',
  members: 'update: users',
  read: 'update: policy',
  runner: 'update: assumeRolePolicy, description, maxSessionDuration',
  'runner-all': 'update: policyArns',
  'runner-reads': 'replace: policyArn',
}

const changedByHand = {
  ada: 'update: permissionsBoundary, tags',
  'ada-all': 'update: policyArns',
  'ada-inline': 'update: policyNames',
  bobs: 'update: groups',
  'lab-all': 'update: policyArns',
  'lab-inline': 'update: policyNames',
  members: 'update: users',
  read: 'update: policy',
  runner: 'update: assumeRolePolicy',
  'runner-all': 'update: policyArns',
  'runner-inline': 'update: policyNames',
}
const drift = { ...changedByHand, 'bob-reads': 'delete', key: 'delete' }
const repair = { ...changedByHand, 'bob-reads': 'create', key: 'create' }

async function driftByHand(): Promise<void> {
  const iam = await clientsOf(run.aws, run.aws.root).iam()
  const inline = { PolicyName: 'extra', PolicyDocument: document('s3:*') }
  const PolicyArn = arnOf('read')
  await iam.putUserPolicy({ UserName: 'ada', ...inline })
  await iam.putGroupPolicy({ GroupName: 'lab', ...inline })
  await iam.putRolePolicy({ RoleName: 'runner', ...inline })
  await iam.attachUserPolicy({ UserName: 'ada', PolicyArn })
  await iam.attachGroupPolicy({ GroupName: 'lab', PolicyArn })
  await iam.attachRolePolicy({ RoleName: 'runner', PolicyArn })
  await iam.detachUserPolicy({ UserName: 'bob', PolicyArn: arnOf('list') })
  await iam.addUserToGroup({ GroupName: 'lab', UserName: 'ada' })
  await iam.removeUserFromGroup({ GroupName: 'everybody', UserName: 'bob' })
  await iam.createPolicyVersion({ PolicyArn, PolicyDocument: document('s3:*'), SetAsDefault: true })
  await iam.updateAssumeRolePolicy({ RoleName: 'runner', PolicyDocument: trust('Anything') })
  await iam.deleteUserPermissionsBoundary({ UserName: 'ada' })
  await iam.untagUser({ UserName: 'ada', TagKeys: ['team'] })
  const { AccessKeyMetadata = [] } = await iam.listAccessKeys({ UserName: 'ada' })
  for (const { AccessKeyId } of AccessKeyMetadata) await iam.deleteAccessKey({ UserName: 'ada', AccessKeyId })
}
