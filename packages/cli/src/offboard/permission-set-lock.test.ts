import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { type LocalAws, type LocalCredentials, startLocalAws } from '@ringfence/local'
import type { PermissionSetIds } from '@ringfence/pulumi/deploy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { revocationInstant } from '../deploy/revoke-leavers.js'
import { memoryIo } from '../memory-io.js'
import { clearInlinePolicies, lockPermissionSets, unlockPermissionSets } from './permission-set-lock.js'

const account = '111122223333'
const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
const region = 'eu-central-1'

let aws: LocalAws
let now: number
let credentials: LocalCredentials
let sso: SSOAdmin
let set: PermissionSetIds

/** The permission set `acme-product`, which may list users, assigned to a group with one person. */
beforeEach(async () => {
  now = Date.UTC(2030, 0, 1)
  aws = await startLocalAws({ account, region: 'eu-west-1', nowMs: () => now })
  await aws.addIdentityCenter({ instance: InstanceArn, identityStore: IdentityStoreId, region })
  credentials = await aws.addManagementAccount()
  const settings = { endpoint: aws.endpoint, region, credentials, systemClockOffset: now - Date.now() }
  sso = new SSOAdmin(settings)
  const store = new Identitystore(settings)
  const { PermissionSet } = await sso.createPermissionSet({ InstanceArn, Name: 'acme-product' })
  set = { InstanceArn, PermissionSetArn: PermissionSet?.PermissionSetArn ?? '' }
  await sso.attachManagedPolicyToPermissionSet({
    ...set,
    ManagedPolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
  })
  const { GroupId } = await store.createGroup({ IdentityStoreId, DisplayName: 'product' })
  const { UserId } = await store.createUser({
    IdentityStoreId,
    UserName: 'susan@acme.example',
    DisplayName: 'susan',
    Name: { GivenName: 'susan', FamilyName: 'acme' },
  })
  await store.createGroupMembership({ IdentityStoreId, GroupId, MemberId: { UserId: UserId ?? '' } })
  await sso.createAccountAssignment({
    ...set,
    PrincipalType: 'GROUP',
    PrincipalId: GroupId,
    TargetType: 'AWS_ACCOUNT',
    TargetId: account,
  })
})
afterEach(() => aws.close())

const signIn = () =>
  aws.signInByIdentityCenter({ userName: 'susan@acme.example', permissionSet: 'acme-product' })

async function works(session: LocalCredentials): Promise<boolean> {
  const iam = new IAM({
    endpoint: aws.endpoint,
    region,
    credentials: session,
    systemClockOffset: now - Date.now(),
  })
  return iam.listUsers({}).then(
    () => true,
    () => false,
  )
}

const leaver = () => ({
  lockedAt: revocationInstant(now),
  roles: [
    { role: 'acme-research', seconds: 3600 },
    { role: 'acme-product', seconds: 3600, permissionSet: set },
  ],
  session: { plan: { account }, target: { identityCenter: { region, endpoint: aws.endpoint, credentials } } },
})

/** As an update whose plan refuses, from now on, what was issued before. */
async function unlock(revokedAt = revocationInstant(now)): Promise<void> {
  const { roles, session } = leaver()
  await unlockPermissionSets(session, roles, { revocations: { 'acme-product': revokedAt } })
}

const inline = async () => (await sso.getInlinePolicyForPermissionSet(set)).InlinePolicy

test('sessions from before the lock are refused at once, later ones are not, and nothing of it stays', async () => {
  const old = await signIn()
  expect(await works(old)).toBe(true)
  const io = memoryIo()
  await lockPermissionSets(leaver(), io)
  expect(io.written.stderr).toBe('done: deny by the inline policy of permission set acme-product\n')
  expect(await works(old)).toBe(false)
  now += 2000
  expect(await works(await signIn())).toBe(true)
  // A run that was killed before it took the lock off is made again.
  await lockPermissionSets(leaver(), io)
  await unlock()
  expect([await inline(), await works(old)]).toEqual(['', true])
})

test('what somebody wrote into the inline policy stays as it is', async () => {
  const InlinePolicy =
    '{"Version":"2012-10-17","Statement":{"Sid":"X","Effect":"Deny","Action":"sns:*","Resource":"*"}}'
  await sso.putInlinePolicyToPermissionSet({ ...set, InlinePolicy })
  const before = await inline()
  await unlock()
  expect(await inline()).toBe(before)
  const old = await signIn()
  await lockPermissionSets(leaver(), memoryIo())
  expect(await works(old)).toBe(false)
  expect(await inline()).toContain('"sns:*"')
  await unlock()
  expect(JSON.parse((await inline()) ?? '')).toEqual({
    Version: '2012-10-17',
    Statement: [{ Sid: 'X', Effect: 'Deny', Action: 'sns:*', Resource: '*' }],
  })
})

test('what an update does not refuse itself stays refused: an offboard may have just begun', async () => {
  const before = revocationInstant(now)
  now += 60_000
  const old = await signIn()
  await lockPermissionSets(leaver(), memoryIo())
  await unlock(before)
  expect(await works(old)).toBe(false)
  const { roles, session } = leaver()
  await unlockPermissionSets(session, roles, { revocations: {} })
  expect(await works(old)).toBe(false)
  await unlock()
  expect(await inline()).toBe('')
})

test('a repair leaves no inline policy, whoever wrote it', async () => {
  const InlinePolicy =
    '{"Version":"2012-10-17","Statement":{"Sid":"X","Effect":"Allow","Action":"sns:*","Resource":"*"}}'
  await sso.putInlinePolicyToPermissionSet({ ...set, InlinePolicy })
  await lockPermissionSets(leaver(), memoryIo())
  await clearInlinePolicies(leaver().session, leaver().roles)
  expect(await inline()).toBe('')
})

test('where the account cannot follow, that is told, and a permission set that is gone is passed over', async () => {
  await sso.attachCustomerManagedPolicyReferenceToPermissionSet({
    ...set,
    CustomerManagedPolicyReference: { Name: 'lost' },
  })
  const io = memoryIo()
  await lockPermissionSets(leaver(), io)
  expect(io.written.stderr).toMatch(
    /^warning: the update that follows refuses the sessions of acme-product, and nothing before it: .*lost does not exist/,
  )
  set = { ...set, PermissionSetArn: `${set.PermissionSetArn.slice(0, -4)}0000` }
  await unlock()
})
