import { getGroupOutput } from '@pulumi/aws/identitystore/getGroup.js'
import { Group } from '@pulumi/aws/identitystore/group.js'
import { GroupMembership } from '@pulumi/aws/identitystore/groupMembership.js'
import { User } from '@pulumi/aws/identitystore/user.js'
import { AccountAssignment } from '@pulumi/aws/ssoadmin/accountAssignment.js'
import { PermissionSet } from '@pulumi/aws/ssoadmin/permissionSet.js'
import * as pulumi from '@pulumi/pulumi'
import type { IdentityCenterPlan, IdentityCenterResource } from '@ringfence/plan'
import { registerPermissionSet } from './register-permission-set.js'
import type { Registration } from './registration.js'

type Planned<Type extends IdentityCenterResource['type']> = Extract<IdentityCenterResource, { type: Type }>

/** What everything of the second plan is made with. */
export interface Center extends Pick<IdentityCenterPlan, 'instance' | 'identityStore'> {
  readonly registration: Registration
  /** Options of a child, by credentials of Identity Center's account. */
  options(planned: Pick<IdentityCenterResource, 'dependsOn'>): pulumi.CustomResourceOptions
}

/** Permission sets, what is provisioned for them, and assignments, after the policies to which they refer. */
export function registerIdentityCenter(plan: IdentityCenterPlan, registration: Registration): void {
  const provider = registration.identityCenterProvider
  if (provider === undefined) throw new pulumi.RunError(noIdentityCenter(registration.plan.organization))
  const { identityStore, instance } = plan
  const center: Center = {
    instance,
    identityStore,
    registration,
    options: (planned) => ({ ...registration.options(planned), provider }),
  }
  for (const resource of plan.resources) registerResource(resource, center)
}

function registerResource(planned: IdentityCenterResource, center: Center): void {
  switch (planned.type) {
    case 'ssoadmin.PermissionSet':
      return registerPermissionSet(planned, center)
    case 'ssoadmin.AccountAssignment':
      return registerAssignment(planned, center)
    case 'identitystore.Group':
      return registerGroup(planned, center)
    case 'identitystore.User':
      return registerUser(planned, center)
    case 'identitystore.GroupMembership':
      return registerMembership(planned, center)
  }
}

function registerGroup(planned: Planned<'identitystore.Group'>, center: Center): void {
  const { id, displayName, description } = planned
  const { identityStore: identityStoreId, registration } = center
  const args = { identityStoreId, displayName, description }
  registration.keep(id, new Group(registration.childName(id), args, center.options(planned)))
}

function registerUser(planned: Planned<'identitystore.User'>, center: Center): void {
  const { id, displayName, email, familyName, givenName, userName } = planned
  const { identityStore: identityStoreId, registration } = center
  const user = new User(
    registration.childName(id),
    {
      identityStoreId,
      userName,
      displayName,
      name: { givenName, familyName },
      emails: { value: email, primary: true },
    },
    // The file has no names of people: what somebody writes in their place stays.
    { ...center.options(planned), ignoreChanges: ['displayName', 'name'] },
  )
  registration.keep(id, user)
}

function registerMembership(planned: Planned<'identitystore.GroupMembership'>, center: Center): void {
  const { id, group, user } = planned
  const { identityStore: identityStoreId, registration } = center
  const membership = new GroupMembership(
    registration.childName(id),
    {
      identityStoreId,
      groupId: only(Group, group, center).groupId,
      memberId: only(User, user, center).userId,
    },
    center.options(planned),
  )
  registration.keep(id, membership)
}

function registerAssignment(planned: Planned<'ssoadmin.AccountAssignment'>, center: Center): void {
  const { id, permissionSet, targetAccount } = planned
  const { instance: instanceArn, registration } = center
  const assignment = new AccountAssignment(
    registration.childName(id),
    {
      instanceArn,
      permissionSetArn: only(PermissionSet, permissionSet, center).arn,
      principalType: 'GROUP',
      principalId: groupIdOf(planned, center),
      targetType: 'AWS_ACCOUNT',
      targetId: targetAccount,
    },
    center.options(planned),
  )
  registration.keep(id, assignment)
}

/** A group that the identity provider provisions is looked up, which fails the deployment where there is none. */
function groupIdOf({ group }: Planned<'ssoadmin.AccountAssignment'>, center: Center): pulumi.Output<string> {
  if ('id' in group) return only(Group, group.id, center).groupId
  const { provider, parent } = center.options({ dependsOn: [] })
  const found = getGroupOutput(
    {
      identityStoreId: center.identityStore,
      alternateIdentifier: {
        uniqueAttribute: { attributePath: 'DisplayName', attributeValue: group.displayName },
      },
    },
    { ...(provider === undefined ? {} : { provider }), ...(parent === undefined ? {} : { parent }) },
  )
  return found.groupId
}

/** The resource of a type that is kept under a plan id. */
function only<Kept extends pulumi.Resource>(
  Type: abstract new (...args: never[]) => Kept,
  id: string,
  { registration }: Center,
): Kept {
  const found = registration.find(id).find((one): one is Kept => one instanceof Type)
  if (found === undefined) throw new Error(`${id} is no ${Type.name}`)
  return found
}

/** Said before anything is registered, by whoever knows that there is no provider. */
export function noIdentityCenter(organization: string): string {
  return (
    `people of "${organization}" sign in by Identity Center, whose permission sets are made in its own account.\n` +
    'Try: give "identityCenterProfile", a profile of your AWS configuration that signs in there.'
  )
}
