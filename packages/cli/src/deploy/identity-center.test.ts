import { Identitystore } from '@aws-sdk/client-identitystore'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { type LocalAws, startLocalAws } from '@ringfence/local'
import type { IdentityCenterPlan } from '@ringfence/plan'
import type { StateResource } from '@ringfence/pulumi/deploy'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AwsAccess } from './aws-access.js'
import { findInIdentityCenter } from './find-in-identity-center.js'
import { checkIdentityCenter } from './identity-center.js'

const account = '111122223333'
const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
const region = 'eu-central-1'
const declaredAt = { file: 'ringfence.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 }
const plan: IdentityCenterPlan = {
  instance: InstanceArn,
  identityStore: IdentityStoreId,
  region,
  targetAccount: account,
  resources: [],
  external: [{ kind: 'identityStoreGroup', displayName: 'product', members: [], declaredAt }],
}

let aws: LocalAws
let access: AwsAccess
let store: Identitystore
beforeEach(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  await aws.addIdentityCenter({ instance: InstanceArn, identityStore: IdentityStoreId, region })
  const credentials = await aws.addManagementAccount()
  access = { region, endpoint: aws.endpoint, credentials }
  store = new Identitystore({ region, endpoint: aws.endpoint, credentials })
})
afterEach(() => aws.close())

it('takes the account that administers the instance, where every group is there', async () => {
  const missing = checkIdentityCenter(plan, access)
  await expect(missing).rejects.toMatchObject({
    code: 'GROUP_NOT_PROVISIONED',
    message: `the identity store ${IdentityStoreId} has no group called product`,
  })
  await store.createGroup({ IdentityStoreId, DisplayName: 'product' })
  await checkIdentityCenter(plan, access)
})

it.each<[string, (access: AwsAccess) => AwsAccess, Partial<IdentityCenterPlan>]>([
  ['another account', (to) => ({ ...to, credentials: aws.root }), {}],
  ['another region', (to) => ({ ...to, region: 'us-east-1' }), {}],
  ['another instance', (to) => to, { instance: InstanceArn.replace(/f$/, '0') }],
  ['another identity store', (to) => to, { identityStore: 'd-9999999999' }],
])('refuses %s', async (_, changed, other) => {
  await store.createGroup({ IdentityStoreId, DisplayName: 'product' })
  const checked = checkIdentityCenter({ ...plan, ...other }, changed(access))
  await expect(checked).rejects.toMatchObject({ code: 'IDENTITY_CENTER_OTHER', exitCode: 3 })
})

it('finds what a killed update has made', async () => {
  const sso = new SSOAdmin({ region, endpoint: aws.endpoint, credentials: access.credentials! })
  const find = (type: string, inputs: Readonly<Record<string, unknown>>) =>
    findInIdentityCenter({ type, inputs, urn: '' } as StateResource, access)
  const set = [
    'aws:ssoadmin/permissionSet:PermissionSet',
    { instanceArn: InstanceArn, name: 'acme-product' },
  ] as const
  expect(await find(...set)).toBeUndefined()
  const { PermissionSet } = await sso.createPermissionSet({ InstanceArn, Name: 'acme-product' })
  expect(await find(...set)).toBe(`${PermissionSet?.PermissionSetArn},${InstanceArn}`)

  const identityStoreId = IdentityStoreId
  const group = ['aws:identitystore/group:Group', { identityStoreId, displayName: 'product' }] as const
  const user = ['aws:identitystore/user:User', { identityStoreId, userName: 'susan@acme.example' }] as const
  expect([await find(...group), await find(...user)]).toEqual([undefined, undefined])
  const { GroupId } = await store.createGroup({ IdentityStoreId, DisplayName: 'product' })
  const { UserId } = await store.createUser({
    IdentityStoreId,
    UserName: 'susan@acme.example',
    DisplayName: 'susan',
    Name: { GivenName: 'susan', FamilyName: 'acme' },
  })
  expect([await find(...group), await find(...user)]).toEqual([
    `${IdentityStoreId}/${GroupId}`,
    `${IdentityStoreId}/${UserId}`,
  ])
  const membership = [
    'aws:identitystore/groupMembership:GroupMembership',
    { identityStoreId, groupId: GroupId, memberId: UserId },
  ] as const
  expect(await find(...membership)).toBeUndefined()
  const made = await store.createGroupMembership({
    IdentityStoreId,
    GroupId,
    MemberId: { UserId: UserId ?? '' },
  })
  expect(await find(...membership)).toBe(`${IdentityStoreId}/${made.MembershipId}`)
  // What is put, and not made, is put again.
  const boundary = 'aws:ssoadmin/permissionsBoundaryAttachment:PermissionsBoundaryAttachment'
  expect(await find(boundary, {})).toBeUndefined()
})
