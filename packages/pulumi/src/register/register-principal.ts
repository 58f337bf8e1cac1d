import { Group } from '@pulumi/aws/iam/group.js'
import { GroupPoliciesExclusive } from '@pulumi/aws/iam/groupPoliciesExclusive.js'
import { Role } from '@pulumi/aws/iam/role.js'
import { RolePoliciesExclusive } from '@pulumi/aws/iam/rolePoliciesExclusive.js'
import { User } from '@pulumi/aws/iam/user.js'
import { UserPoliciesExclusive } from '@pulumi/aws/iam/userPoliciesExclusive.js'
import type * as pulumi from '@pulumi/pulumi'
import type { Resource } from '@ringfence/plan'
import { outputName } from './registered-plan.js'
import type { Registration } from './registration.js'

/**
 * Principals of ringfence have no inline policy: each is registered with an exclusive list that is empty, so
 * that one added by hand is drift.
 */
export function registerUser(
  planned: Extract<Resource, { type: 'iam.User' }>,
  registration: Registration,
): void {
  const { id, name, path, permissionsBoundary, tags } = planned
  const user = new User(
    registration.childName(id),
    {
      name,
      path,
      permissionsBoundary,
      // The MFA device or the password that a leaver set up must not keep the user alive.
      forceDestroy: true,
      tags: { ...tags },
    },
    registration.options(planned),
  )
  registration.keep(id, user)
  registration.outputs.userNames.set(outputName(id), user.name)
  registration.outputs.userArns.set(outputName(id), user.arn)
  const [inlineName, options] = inlinePolicies(id, registration)
  registration.keep(
    id,
    new UserPoliciesExclusive(inlineName, { userName: user.name, policyNames: [] }, options),
  )
}

export function registerGroup(
  planned: Extract<Resource, { type: 'iam.Group' }>,
  registration: Registration,
): void {
  const { id, name, path } = planned
  const group = new Group(registration.childName(id), { name, path }, registration.options(planned))
  registration.keep(id, group)
  registration.outputs.groupNames.set(outputName(id), group.name)
  registration.outputs.groupArns.set(outputName(id), group.arn)
  const [inlineName, options] = inlinePolicies(id, registration)
  registration.keep(
    id,
    new GroupPoliciesExclusive(inlineName, { groupName: group.name, policyNames: [] }, options),
  )
}

export function registerRole(
  planned: Extract<Resource, { type: 'iam.Role' }>,
  registration: Registration,
): void {
  const { id, name, path, description, permissionsBoundary, maxSessionDuration, tags } = planned
  const role = new Role(
    registration.childName(id),
    {
      name,
      path,
      description,
      permissionsBoundary,
      maxSessionDuration,
      assumeRolePolicy: JSON.stringify(planned.assumeRolePolicy),
      // Drift must not keep a role alive either.
      forceDetachPolicies: true,
      tags: { ...tags },
    },
    registration.options(planned),
  )
  registration.keep(id, role)
  registration.outputs.roleArns.set(outputName(id), role.arn)
  const [inlineName, options] = inlinePolicies(id, registration)
  registration.keep(
    id,
    new RolePoliciesExclusive(inlineName, { roleName: role.name, policyNames: [] }, options),
  )
}

/** Name and options of the exclusive list of a principal that is kept already. */
function inlinePolicies(id: string, registration: Registration): [string, pulumi.CustomResourceOptions] {
  return [`${registration.childName(id)}/inline-policies`, registration.options({ dependsOn: [id] })]
}
