import { IAM } from '@aws-sdk/client-iam'
import { Identitystore } from '@aws-sdk/client-identitystore'
import { SSOAdmin } from '@aws-sdk/client-sso-admin'
import { type LocalAws, startLocalAws } from '@ringfence/local'
import type { PermissionSetIds } from '@ringfence/pulumi/deploy'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AwsAccess } from './aws-access.js'
import { provisionSets } from './provision-sets.js'

const account = '111122223333'
const InstanceArn = 'arn:aws:sso:::instance/ssoins-0123456789abcdef'
const IdentityStoreId = 'd-0123456789'
const region = 'eu-central-1'
const ManagedPolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess'

let aws: LocalAws
let access: AwsAccess
let sso: SSOAdmin
let set: PermissionSetIds

/** A permission set that is assigned to a group, and to which a policy was attached after that. */
beforeEach(async () => {
  aws = await startLocalAws({ account, region: 'eu-west-1' })
  await aws.addIdentityCenter({ instance: InstanceArn, identityStore: IdentityStoreId, region })
  access = { region, endpoint: aws.endpoint, credentials: await aws.addManagementAccount() }
  sso = new SSOAdmin(access)
  const { PermissionSet } = await sso.createPermissionSet({ InstanceArn, Name: 'acme-product' })
  set = { InstanceArn, PermissionSetArn: PermissionSet?.PermissionSetArn ?? '' }
  const { GroupId } = await new Identitystore(access).createGroup({ IdentityStoreId, DisplayName: 'product' })
  const to = { PrincipalType: 'GROUP', PrincipalId: GroupId } as const
  await sso.createAccountAssignment({ ...set, ...to, TargetType: 'AWS_ACCOUNT', TargetId: account })
  await sso.attachManagedPolicyToPermissionSet({ ...set, ManagedPolicyArn })
})
afterEach(() => aws.close())

/** What the role of the permission set has. */
async function attached(): Promise<readonly (string | undefined)[]> {
  const iam = new IAM({ endpoint: aws.endpoint, region: 'us-east-1', credentials: aws.root })
  const [role] = (await iam.listRoles({ PathPrefix: '/aws-reserved/' })).Roles ?? []
  const { AttachedPolicies = [] } = await iam.listAttachedRolePolicies({ RoleName: role?.RoleName })
  return AttachedPolicies.map(({ PolicyArn }) => PolicyArn)
}

test('what was attached to a permission set reaches its role, and what was detached leaves it', async () => {
  expect(await attached()).toEqual([])
  expect(await provisionSets([set], access, account)).toEqual([])
  expect(await attached()).toEqual([ManagedPolicyArn])
  await sso.detachManagedPolicyFromPermissionSet({ ...set, ManagedPolicyArn })
  expect(await provisionSets([set], access, account)).toEqual([])
  expect(await attached()).toEqual([])
})

test('a permission set that is gone is nothing to bring, and why one could not be brought is told', async () => {
  await sso.attachCustomerManagedPolicyReferenceToPermissionSet({
    ...set,
    CustomerManagedPolicyReference: { Name: 'nowhere' },
  })
  const gone = { InstanceArn, PermissionSetArn: `${set.PermissionSetArn.slice(0, -1)}x` }
  expect(await provisionSets([gone, set], access, account)).toEqual([
    expect.stringContaining('policy/nowhere does not exist'),
  ])
})
