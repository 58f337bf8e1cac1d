import { afterAll, beforeAll, expect, test } from 'vitest'
import type { LocalAws } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'
import type { RootClients } from '../test-server/root-clients.js'
import { answerOf, rootClients } from '../test-server/root-clients.js'

const account = '111122223333'
const arn = (rest: string) => `arn:aws:iam::${account}:${rest}`
const document = (...Action: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ],
})
const Path = '/acme/'
const UserName = 'ada'
const GroupName = 'research'
const RoleName = 'training'
const PolicyArn = arn('policy/acme/read')
const Tags = [{ Key: 'ringfence:team:research', Value: 'yes' }]

let aws: LocalAws
let clients: RootClients
beforeAll(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  clients = rootClients(aws)
  const { iam } = clients
  await iam.createPolicy({ PolicyName: 'read', Path, PolicyDocument: document('s3:GetObject'), Tags })
  await iam.createUser({ UserName, Path, Tags, PermissionsBoundary: PolicyArn })
  await iam.createGroup({ GroupName, Path })
  await iam.createRole({ RoleName, Path, AssumeRolePolicyDocument: trust, Tags, MaxSessionDuration: 7200 })
})
afterAll(() => aws.close())

/**
 * What the Terraform AWS provider reads of IAM's resources and asks before it deletes one (internal/service/iam
 * of hashicorp/terraform-provider-aws, v6). NoSuchEntity is what it takes for "gone".
 */
test.each<[string, (iam: RootClients['iam']) => Promise<object>, unknown]>([
  [
    'GetUser',
    (iam) => iam.getUser({ UserName }),
    { User: { Arn: arn('user/acme/ada'), Tags, PermissionsBoundary: { PermissionsBoundaryArn: PolicyArn } } },
  ],
  ['GetUser of none', (iam) => iam.getUser({ UserName: 'none' }), 'NoSuchEntity'],
  ['ListUserTags', (iam) => iam.listUserTags({ UserName }), { Tags }],
  ['ListGroupsForUser', (iam) => iam.listGroupsForUser({ UserName }), { Groups: [], IsTruncated: false }],
  ['ListGroupsForUser of none', (iam) => iam.listGroupsForUser({ UserName: 'none' }), 'NoSuchEntity'],
  ['ListAttachedUserPolicies', (iam) => iam.listAttachedUserPolicies({ UserName }), { AttachedPolicies: [] }],
  ['… of none', (iam) => iam.listAttachedUserPolicies({ UserName: 'none' }), 'NoSuchEntity'],
  ['ListUserPolicies', (iam) => iam.listUserPolicies({ UserName }), { PolicyNames: [] }],
  ['… of none', (iam) => iam.listUserPolicies({ UserName: 'none' }), 'NoSuchEntity'],
  ['GetUserPolicy', (iam) => iam.getUserPolicy({ UserName, PolicyName: 'a' }), 'NoSuchEntity'],
  ['ListAccessKeys', (iam) => iam.listAccessKeys({ UserName }), { AccessKeyMetadata: [] }],
  ['ListAccessKeys of none', (iam) => iam.listAccessKeys({ UserName: 'none' }), 'NoSuchEntity'],
  ['ListSSHPublicKeys', (iam) => iam.listSSHPublicKeys({ UserName }), { SSHPublicKeys: [] }],
  ['ListMFADevices', (iam) => iam.listMFADevices({ UserName }), { MFADevices: [] }],
  [
    'ListVirtualMFADevices',
    (iam) => iam.listVirtualMFADevices({ AssignmentStatus: 'Assigned' }),
    { VirtualMFADevices: [] },
  ],
  ['ListSigningCertificates', (iam) => iam.listSigningCertificates({ UserName }), { Certificates: [] }],
  [
    'ListServiceSpecificCredentials',
    (iam) => iam.listServiceSpecificCredentials({ UserName }),
    { ServiceSpecificCredentials: [] },
  ],
  ['GetLoginProfile', (iam) => iam.getLoginProfile({ UserName }), 'NoSuchEntity'],
  ['DeleteLoginProfile', (iam) => iam.deleteLoginProfile({ UserName }), 'NoSuchEntity'],
  [
    'GetGroup',
    (iam) => iam.getGroup({ GroupName }),
    { Group: { Arn: arn('group/acme/research') }, Users: [] },
  ],
  ['GetGroup of none', (iam) => iam.getGroup({ GroupName: 'none' }), 'NoSuchEntity'],
  [
    'ListAttachedGroupPolicies',
    (iam) => iam.listAttachedGroupPolicies({ GroupName }),
    { AttachedPolicies: [] },
  ],
  ['… of none', (iam) => iam.listAttachedGroupPolicies({ GroupName: 'none' }), 'NoSuchEntity'],
  ['ListGroupPolicies', (iam) => iam.listGroupPolicies({ GroupName }), { PolicyNames: [] }],
  ['… of none', (iam) => iam.listGroupPolicies({ GroupName: 'none' }), 'NoSuchEntity'],
  [
    'GetRole',
    (iam) => iam.getRole({ RoleName }),
    { Role: { Arn: arn('role/acme/training'), MaxSessionDuration: 7200, Tags } },
  ],
  ['GetRole of none', (iam) => iam.getRole({ RoleName: 'none' }), 'NoSuchEntity'],
  ['ListRoleTags', (iam) => iam.listRoleTags({ RoleName }), { Tags }],
  ['ListRolePolicies', (iam) => iam.listRolePolicies({ RoleName }), { PolicyNames: [] }],
  ['… of none', (iam) => iam.listRolePolicies({ RoleName: 'none' }), 'NoSuchEntity'],
  ['ListAttachedRolePolicies', (iam) => iam.listAttachedRolePolicies({ RoleName }), { AttachedPolicies: [] }],
  ['… of none', (iam) => iam.listAttachedRolePolicies({ RoleName: 'none' }), 'NoSuchEntity'],
  [
    'ListInstanceProfilesForRole',
    (iam) => iam.listInstanceProfilesForRole({ RoleName }),
    { InstanceProfiles: [] },
  ],
  [
    'GetPolicy',
    (iam) => iam.getPolicy({ PolicyArn }),
    { Policy: { DefaultVersionId: 'v1', AttachmentCount: 0, PermissionsBoundaryUsageCount: 1, Tags } },
  ],
  ['GetPolicy of none', (iam) => iam.getPolicy({ PolicyArn: arn('policy/none') }), 'NoSuchEntity'],
  ['ListPolicyTags', (iam) => iam.listPolicyTags({ PolicyArn }), { Tags }],
  [
    'GetPolicyVersion',
    (iam) => iam.getPolicyVersion({ PolicyArn, VersionId: 'v1' }),
    { PolicyVersion: { Document: encodeURIComponent(document('s3:GetObject')), IsDefaultVersion: true } },
  ],
  ['… of none', (iam) => iam.getPolicyVersion({ PolicyArn, VersionId: 'v9' }), 'NoSuchEntity'],
  [
    'ListPolicyVersions',
    (iam) => iam.listPolicyVersions({ PolicyArn }),
    { Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] },
  ],
  [
    'ListEntitiesForPolicy',
    (iam) => iam.listEntitiesForPolicy({ PolicyArn, PolicyUsageFilter: 'PermissionsBoundary' }),
    { PolicyUsers: [{ UserName }] },
  ],
  ['GetAccountSummary', (iam) => iam.getAccountSummary({}), { SummaryMap: { Users: 1, Groups: 1 } }],
  ['ListAccountAliases', (iam) => iam.listAccountAliases({}), { AccountAliases: [] }],
  ['ListRoles', (iam) => iam.listRoles({ MaxItems: 1 }), { Roles: [{ RoleName }] }],
])('%s', async (_name, call, expected) => {
  const answer = await answerOf(call(clients.iam))
  if (typeof expected === 'string') expect(answer).toBe(expected)
  else expect(answer).toMatchObject(expected as object)
})

test('a group answers with its members in pages', async () => {
  const { iam } = clients
  const own = { GroupName: 'crowd' }
  await iam.createGroup(own)
  for (let index = 0; index < 5; index++) {
    await iam.createUser({ UserName: `member-${index}` })
    await iam.addUserToGroup({ ...own, UserName: `member-${index}` })
  }
  const first = await iam.getGroup({ ...own, MaxItems: 3 })
  expect([first.Users?.length, first.IsTruncated]).toEqual([3, true])
  const second = await iam.getGroup({ ...own, MaxItems: 3, Marker: first.Marker })
  expect([second.Users?.length, second.IsTruncated, second.Marker]).toEqual([2, false, undefined])
})

test('what is attached, inline, tagged or a boundary is read back and taken away', async () => {
  const { iam } = clients
  await iam.attachUserPolicy({ UserName, PolicyArn })
  expect(await answerOf(iam.listAttachedUserPolicies({ UserName }))).toMatchObject({
    AttachedPolicies: [{ PolicyArn, PolicyName: 'read' }],
  })
  expect(await answerOf(iam.deletePolicy({ PolicyArn }))).toBe('DeleteConflict')
  await iam.detachUserPolicy({ UserName, PolicyArn })
  expect(await answerOf(iam.detachUserPolicy({ UserName, PolicyArn }))).toBe('NoSuchEntity')
  await iam.putUserPolicy({ UserName, PolicyName: 'by-hand', PolicyDocument: document('s3:*') })
  expect(await answerOf(iam.listUserPolicies({ UserName }))).toMatchObject({ PolicyNames: ['by-hand'] })
  await iam.deleteUserPolicy({ UserName, PolicyName: 'by-hand' })
  await iam.deleteUserPermissionsBoundary({ UserName })
  expect(((await answerOf(iam.getUser({ UserName }))) as { User: object }).User).not.toHaveProperty(
    'PermissionsBoundary',
  )
  await iam.untagUser({ UserName, TagKeys: [Tags[0]?.Key ?? ''] })
  await iam.tagUser({ UserName, Tags: [{ Key: 'a', Value: 'b' }] })
  expect(await answerOf(iam.listUserTags({ UserName }))).toMatchObject({ Tags: [{ Key: 'a', Value: 'b' }] })
})

test('a policy takes five versions, and an old one goes before the sixth', async () => {
  const { iam } = clients
  for (const action of ['s3:A', 's3:B', 's3:C', 's3:D']) {
    await iam.createPolicyVersion({ PolicyArn, PolicyDocument: document(action), SetAsDefault: true })
  }
  const sixth = { PolicyArn, PolicyDocument: document('s3:E'), SetAsDefault: true }
  expect(await answerOf(iam.createPolicyVersion(sixth))).toBe('LimitExceeded')
  await iam.deletePolicyVersion({ PolicyArn, VersionId: 'v1' })
  expect(await answerOf(iam.createPolicyVersion(sixth))).toMatchObject({ PolicyVersion: { VersionId: 'v6' } })
  expect(await answerOf(iam.deletePolicyVersion({ PolicyArn, VersionId: 'v6' }))).toBe('DeleteConflict')
})

test('a role is changed in place', async () => {
  const { iam } = clients
  const AssumeRolePolicyDocument = trust.replace('sagemaker', 'ec2')
  await iam.updateAssumeRolePolicy({ RoleName, PolicyDocument: AssumeRolePolicyDocument })
  await iam.updateRole({ RoleName, Description: 'trains', MaxSessionDuration: 3600 })
  await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary: PolicyArn })
  expect(await answerOf(iam.getRole({ RoleName }))).toMatchObject({
    Role: {
      AssumeRolePolicyDocument: encodeURIComponent(AssumeRolePolicyDocument),
      Description: 'trains',
      MaxSessionDuration: 3600,
      PermissionsBoundary: { PermissionsBoundaryArn: PolicyArn },
    },
  })
  await iam.updateRoleDescription({ RoleName, Description: 'trains models' })
  await iam.deleteRolePermissionsBoundary({ RoleName })
  await iam.deleteRole({ RoleName })
  expect(await answerOf(iam.deleteRole({ RoleName }))).toBe('NoSuchEntity')
})

test('a user with everything that a person can add is emptied and deleted', async () => {
  const { iam } = clients
  const own = { UserName: 'leaver' }
  await iam.createUser(own)
  const { AccessKey } = await iam.createAccessKey(own)
  const AccessKeyId = AccessKey?.AccessKeyId
  await iam.updateAccessKey({ ...own, AccessKeyId, Status: 'Inactive' })
  expect(await answerOf(iam.listAccessKeys(own))).toMatchObject({
    AccessKeyMetadata: [{ AccessKeyId, Status: 'Inactive' }],
  })
  expect(await answerOf(iam.getAccessKeyLastUsed({ AccessKeyId }))).toMatchObject(own)
  await iam.createLoginProfile({ ...own, Password: 'Correct-Horse-9-Battery' })
  await iam.addUserToGroup({ ...own, GroupName })
  expect(await answerOf(iam.deleteUser(own))).toBe('DeleteConflict')
  expect(await answerOf(iam.deleteGroup({ GroupName }))).toBe('DeleteConflict')
  await iam.removeUserFromGroup({ ...own, GroupName })
  expect(await answerOf(iam.removeUserFromGroup({ ...own, GroupName }))).toBe('NoSuchEntity')
  await iam.deleteLoginProfile(own)
  await iam.deleteAccessKey({ ...own, AccessKeyId })
  expect(await answerOf(iam.deleteAccessKey({ ...own, AccessKeyId }))).toBe('NoSuchEntity')
  await iam.deleteUser(own)
  expect(await answerOf(iam.getUser(own))).toBe('NoSuchEntity')
  await iam.updateGroup({ GroupName, NewGroupName: 'science', NewPath: '/acme/x/' })
  expect(await answerOf(iam.getGroup({ GroupName: 'science' }))).toMatchObject({
    Group: { Arn: arn('group/acme/x/science') },
  })
  await iam.updateUser({ UserName, NewUserName: 'ada-l', NewPath: '/acme/x/' })
  expect(await answerOf(iam.getUser({ UserName: 'ada-l' }))).toMatchObject({
    User: { Arn: arn('user/acme/x/ada-l') },
  })
})

test.each([
  ['CreateUser', (iam: RootClients['iam']) => iam.createUser({ UserName: 'member-0' })],
  ['CreateGroup', (iam: RootClients['iam']) => iam.createGroup({ GroupName: 'crowd' })],
  [
    'CreatePolicy',
    (iam: RootClients['iam']) =>
      iam.createPolicy({ PolicyName: 'read', PolicyDocument: document('s3:GetObject') }),
  ],
])('%s of what exists is EntityAlreadyExists', async (_name, call) => {
  expect(await answerOf(call(clients.iam))).toBe('EntityAlreadyExists')
})
