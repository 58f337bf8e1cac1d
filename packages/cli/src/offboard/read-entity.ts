import {
  type IAM,
  paginateGetGroup,
  paginateListAttachedGroupPolicies,
  paginateListAttachedRolePolicies,
  paginateListEntitiesForPolicy,
  paginateListGroupPolicies,
  paginateListInstanceProfilesForRole,
  paginateListPolicyVersions,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam'
import type { HeldByGroup, HeldByPolicy, HeldByRole } from '@ringfence/lifecycle'
import { collect } from './read-user.js'

/** All that keeps a role from being deleted. */
export async function readRole(iam: IAM, RoleName: string): Promise<HeldByRole> {
  const client = { client: iam }
  const role = { RoleName }
  const attached = await collect(
    paginateListAttachedRolePolicies(client, role),
    (page) => page.AttachedPolicies,
  )
  const profiles = await collect(
    paginateListInstanceProfilesForRole(client, role),
    (page) => page.InstanceProfiles,
  )
  return {
    name: RoleName,
    attachments: attached.map(({ PolicyArn = '' }) => PolicyArn),
    inlinePolicies: await collect(paginateListRolePolicies(client, role), (page) => page.PolicyNames),
    instanceProfiles: profiles.map(({ InstanceProfileName = '' }) => InstanceProfileName),
  }
}

/** All that keeps a group from being deleted. */
export async function readGroup(iam: IAM, GroupName: string): Promise<HeldByGroup> {
  const client = { client: iam }
  const group = { GroupName }
  const users = await collect(paginateGetGroup(client, group), (page) => page.Users)
  const attached = await collect(
    paginateListAttachedGroupPolicies(client, group),
    (page) => page.AttachedPolicies,
  )
  return {
    name: GroupName,
    members: users.map(({ UserName = '' }) => UserName),
    attachments: attached.map(({ PolicyArn = '' }) => PolicyArn),
    inlinePolicies: await collect(paginateListGroupPolicies(client, group), (page) => page.PolicyNames),
  }
}

/** All that keeps a policy from being deleted. */
export async function readPolicy(iam: IAM, PolicyArn: string): Promise<HeldByPolicy> {
  const client = { client: iam }
  const pages = await collect(paginateListEntitiesForPolicy(client, { PolicyArn }), (page) => [page])
  const versions = await collect(paginateListPolicyVersions(client, { PolicyArn }), (page) => page.Versions)
  return {
    arn: PolicyArn,
    users: pages.flatMap(({ PolicyUsers = [] }) => PolicyUsers.map(({ UserName = '' }) => UserName)),
    groups: pages.flatMap(({ PolicyGroups = [] }) => PolicyGroups.map(({ GroupName = '' }) => GroupName)),
    roles: pages.flatMap(({ PolicyRoles = [] }) => PolicyRoles.map(({ RoleName = '' }) => RoleName)),
    otherVersions: versions
      .filter(({ IsDefaultVersion }) => IsDefaultVersion !== true)
      .map(({ VersionId = '' }) => VersionId),
  }
}
