import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { S3 } from '@aws-sdk/client-s3'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { STS } from '@aws-sdk/client-sts'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LocalAws, LocalCredentials } from '../local-aws.js'
import { startLocalAws } from '../start-local-aws.js'

const account = '111122223333'
const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
// Identity Center's home is another region than the account's.
const home = 'eu-central-1'

let aws: LocalAws
let manager: LocalCredentials
let sso: SSOAdmin
let store: Identitystore
let iam: IAM
beforeEach(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  await aws.addIdentityCenter({ instance: InstanceArn, identityStore: IdentityStoreId, region: home })
  manager = await aws.addManagementAccount()
  sso = clientOf(SSOAdmin, manager)
  store = clientOf(Identitystore, manager)
  iam = clientOf(IAM, aws.root)
})
afterEach(() => aws.close())

function clientOf<Client>(
  Client: new (config: never) => Client,
  credentials: LocalCredentials,
  region = home,
): Client {
  const config = { endpoint: aws.endpoint, region, credentials, maxAttempts: 1, forcePathStyle: true }
  return new Client(config as never)
}

function allow(action: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }],
  })
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'none',
    (error: Error & { code?: string }) => error.code ?? error.name,
  )
}

/** The permission set `acme-product` with one policy of the account, and a group with one user. */
async function prepare() {
  await iam.createPolicy({
    PolicyName: 'read',
    Path: '/ringfence/acme/',
    PolicyDocument: allow('s3:ListAllMyBuckets'),
  })
  await iam.createPolicy({ PolicyName: 'limit', PolicyDocument: allow('s3:*') })
  const { PermissionSet } = await sso.createPermissionSet({
    InstanceArn,
    Name: 'acme-product',
    Description: 'Members of team product',
    SessionDuration: 'PT2H',
    Tags: [{ Key: 'team', Value: 'product' }],
  })
  const set = { InstanceArn, PermissionSetArn: PermissionSet?.PermissionSetArn }
  await sso.attachCustomerManagedPolicyReferenceToPermissionSet({
    ...set,
    CustomerManagedPolicyReference: { Name: 'read', Path: '/ringfence/acme/' },
  })
  await sso.putPermissionsBoundaryToPermissionSet({
    ...set,
    PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'limit' } },
  })
  const { GroupId } = await store.createGroup({ IdentityStoreId, DisplayName: 'product' })
  const { UserId } = await store.createUser({
    IdentityStoreId,
    UserName: 'susan@acme.example',
    DisplayName: 'susan',
    Name: { GivenName: 'susan', FamilyName: 'acme' },
    Emails: [{ Value: 'susan@acme.example', Primary: true }],
  })
  const assignment = {
    ...set,
    PrincipalType: 'GROUP' as const,
    PrincipalId: GroupId,
    TargetType: 'AWS_ACCOUNT' as const,
    TargetId: account,
  }
  return { set, assignment, GroupId, UserId: UserId ?? '' }
}

async function assign(assignment: Awaited<ReturnType<typeof prepare>>['assignment']) {
  const { AccountAssignmentCreationStatus: begun } = await sso.createAccountAssignment(assignment)
  expect(begun?.Status).toBe('IN_PROGRESS')
  const { AccountAssignmentCreationStatus: ended } = await sso.describeAccountAssignmentCreationStatus({
    InstanceArn,
    AccountAssignmentCreationRequestId: begun?.RequestId,
  })
  return ended
}

const reserved = async () => (await iam.listRoles({ PathPrefix: '/aws-reserved/' })).Roles ?? []
const inline = async () =>
  (await iam.listRolePolicies({ RoleName: (await reserved())[0]?.RoleName })).PolicyNames
const susan = { userName: 'susan@acme.example', permissionSet: 'acme-product' }

test('an assignment makes the role in the account as AWS does, and its end takes it away', async () => {
  const { set, assignment } = await prepare()
  expect(await reserved()).toEqual([])
  expect(await assign(assignment)).toMatchObject({ Status: 'SUCCEEDED', TargetId: account })
  const [role] = await reserved()
  expect(role?.Arn).toMatch(
    /^arn:aws:iam::111122223333:role\/aws-reserved\/sso\.amazonaws\.com\/eu-central-1\/AWSReservedSSO_acme-product_[0-9a-f]{16}$/,
  )
  const RoleName = role?.RoleName
  const { Role } = await iam.getRole({ RoleName })
  expect(Role).toMatchObject({
    Description: 'Members of team product',
    PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${account}:policy/limit` },
  })
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toMatch(
    /"Federated":"arn:aws:iam::111122223333:saml-provider\/AWSSSO_[0-9a-f]{16}_DO_NOT_DELETE"/,
  )
  const { AttachedPolicies } = await iam.listAttachedRolePolicies({ RoleName })
  expect(AttachedPolicies?.map(({ PolicyName }) => PolicyName)).toEqual(['read'])
  const PolicyArn = `arn:aws:iam::${account}:policy/ringfence/acme/read`
  expect(await codeOf(iam.deletePolicy({ PolicyArn }))).toBe('DeleteConflictException')

  const assignments = await sso.listAccountAssignments({ ...set, AccountId: account })
  expect(assignments.AccountAssignments).toMatchObject([{ PrincipalId: assignment.PrincipalId }])
  expect(await codeOf(sso.deletePermissionSet(set))).toBe('ConflictException')
  const { AccountAssignmentDeletionStatus } = await sso.deleteAccountAssignment(assignment)
  const gone = await sso.describeAccountAssignmentDeletionStatus({
    InstanceArn,
    AccountAssignmentDeletionRequestId: AccountAssignmentDeletionStatus?.RequestId,
  })
  expect(gone.AccountAssignmentDeletionStatus?.Status).toBe('SUCCEEDED')
  expect(await reserved()).toEqual([])
  await sso.deletePermissionSet(set)
  await iam.deletePolicy({ PolicyArn })
})

test('whoever is assigned by a group gets a session, and nobody else', async () => {
  const { assignment, GroupId, UserId } = await prepare()
  expect(await codeOf(aws.signInByIdentityCenter(susan))).toBe('ForbiddenException')
  await assign(assignment)
  expect(await codeOf(aws.signInByIdentityCenter(susan))).toBe('ForbiddenException')
  const { MembershipId } = await store.createGroupMembership({
    IdentityStoreId,
    GroupId,
    MemberId: { UserId },
  })
  const session = await aws.signInByIdentityCenter(susan)
  expect((session.expiresAtMs ?? 0) - Date.now()).toBeGreaterThan(7_100_000)
  const { Arn } = await clientOf(STS, session).getCallerIdentity({})
  expect(Arn).toMatch(/assumed-role\/AWSReservedSSO_acme-product_[0-9a-f]{16}\/susan@acme\.example$/)
  expect(await codeOf(clientOf(S3, session, 'eu-west-1').listBuckets({}))).toBe('none')
  expect(await codeOf(clientOf(IAM, session).listUsers({}))).toBe('AccessDenied')
  await store.deleteGroupMembership({ IdentityStoreId, MembershipId })
  expect(await codeOf(aws.signInByIdentityCenter(susan))).toBe('ForbiddenException')
})

test('what changes in a permission set is in the account once it is provisioned there', async () => {
  const { set, assignment } = await prepare()
  await assign(assignment)
  await sso.putInlinePolicyToPermissionSet({ ...set, InlinePolicy: allow('s3:GetObject') })
  expect(await inline()).toEqual([])
  const provision = async () => {
    const { PermissionSetProvisioningStatus: begun } = await sso.provisionPermissionSet({
      ...set,
      TargetType: 'ALL_PROVISIONED_ACCOUNTS',
    })
    const ended = await sso.describePermissionSetProvisioningStatus({
      InstanceArn,
      ProvisionPermissionSetRequestId: begun?.RequestId,
    })
    return ended.PermissionSetProvisioningStatus
  }
  expect((await provision())?.Status).toBe('SUCCEEDED')
  expect(await inline()).toEqual(['AwsSSOInlinePolicy'])
  await sso.attachCustomerManagedPolicyReferenceToPermissionSet({
    ...set,
    CustomerManagedPolicyReference: { Name: 'nobody-made-it' },
  })
  expect(await provision()).toMatchObject({
    Status: 'FAILED',
    FailureReason: expect.stringContaining('policy/nobody-made-it'),
  })
  expect(await inline()).toEqual(['AwsSSOInlinePolicy'])
})

test('nobody of the account makes or changes a reserved role', async () => {
  const { assignment } = await prepare()
  await assign(assignment)
  const RoleName = (await reserved())[0]?.RoleName
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'
  expect(await codeOf(iam.attachRolePolicy({ RoleName, PolicyArn }))).toBe('UnmodifiableEntityException')
  expect(await codeOf(iam.deleteRole({ RoleName }))).toBe('UnmodifiableEntityException')
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole' }],
  })
  const made = iam.createRole({
    RoleName: 'AWSReservedSSO_acme-product_0123456789abcdef',
    Path: '/aws-reserved/sso.amazonaws.com/eu-central-1/',
    AssumeRolePolicyDocument: trust,
  })
  expect(await codeOf(made)).toBe('InvalidInputException')
})

describe('who may ask', () => {
  test('the account of the instance alone, in its region', async () => {
    const member = clientOf(SSOAdmin, aws.root)
    expect((await member.listInstances({})).Instances).toEqual([])
    expect(await codeOf(member.listPermissionSets({ InstanceArn }))).toBe('AccessDeniedException')
    expect(await codeOf(clientOf(Identitystore, aws.root).listGroups({ IdentityStoreId }))).toBe(
      'AccessDeniedException',
    )
    expect((await sso.listInstances({})).Instances).toMatchObject([{ InstanceArn, IdentityStoreId }])
    expect((await clientOf(SSOAdmin, manager, 'us-east-1').listInstances({})).Instances).toEqual([])
  })

  test('a permission is asked for every resource that an operation names', async () => {
    const { set, assignment } = await prepare()
    const management = clientOf(IAM, manager)
    await management.createUser({ UserName: 'clerk' })
    const put = (resources: readonly string[]) =>
      management.putUserPolicy({
        UserName: 'clerk',
        PolicyName: 'may',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'sso:CreateAccountAssignment', Resource: resources }],
        }),
      })
    const { AccessKey } = await management.createAccessKey({ UserName: 'clerk' })
    const clerk = clientOf(SSOAdmin, {
      accessKeyId: AccessKey?.AccessKeyId ?? '',
      secretAccessKey: AccessKey?.SecretAccessKey ?? '',
    })
    const all = [InstanceArn, set.PermissionSetArn ?? '', `arn:aws:sso:::account/${account}`]
    for (const missing of all) {
      await put(all.filter((one) => one !== missing))
      const answer = clerk.createAccountAssignment(assignment)
      await expect(answer).rejects.toThrow(
        `not authorized to perform: sso:CreateAccountAssignment on resource: ${missing}`,
      )
    }
    await put(all)
    expect((await clerk.createAccountAssignment(assignment)).AccountAssignmentCreationStatus?.Status).toBe(
      'IN_PROGRESS',
    )
  })
})

test('names are looked up, and are unique', async () => {
  const { GroupId, UserId } = await prepare()
  const by = (AttributePath: string, AttributeValue: string) => ({
    IdentityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
  })
  expect((await store.getGroupId(by('displayName', 'product'))).GroupId).toBe(GroupId)
  expect((await store.getUserId(by('userName', 'susan@acme.example'))).UserId).toBe(UserId)
  expect((await store.getUserId(by('emails.value', 'susan@acme.example'))).UserId).toBe(UserId)
  expect(await codeOf(store.getGroupId(by('displayName', 'nobody')))).toBe('ResourceNotFoundException')
  expect(await codeOf(store.createGroup({ IdentityStoreId, DisplayName: 'product' }))).toBe(
    'ConflictException',
  )
  expect(await codeOf(sso.createPermissionSet({ InstanceArn, Name: 'acme-product' }))).toBe(
    'ConflictException',
  )
  await store.updateUser({
    IdentityStoreId,
    UserId,
    Operations: [{ AttributePath: 'displayName', AttributeValue: 'Susan' }],
  })
  expect(await store.describeUser({ IdentityStoreId, UserId })).toMatchObject({ DisplayName: 'Susan' })
  await store.updateGroup({
    IdentityStoreId,
    GroupId,
    Operations: [{ AttributePath: 'description', AttributeValue: 'Team' }],
  })
  expect(await store.describeGroup({ IdentityStoreId, GroupId })).toMatchObject({ Description: 'Team' })
  const { Groups } = await store.listGroups({ IdentityStoreId })
  expect(Groups?.map(({ DisplayName }) => DisplayName)).toEqual(['product'])
})

test("what breaks the service's model is refused", async () => {
  const named = sso.createPermissionSet({ InstanceArn, Name: 'x'.repeat(33) })
  expect(await codeOf(named)).toBe('ValidationException')
})
