import type { HeldByGroup, HeldByPolicy, HeldByRole } from './held.js'
import type { Step } from './step.js'

/** What takes a role away that nobody declared. */
export function roleSteps(held: HeldByRole): readonly Step[] {
  const RoleName = held.name
  const on = (operation: Step['operation'], input: Readonly<Record<string, string>> = {}): Step => ({
    operation,
    input: { RoleName, ...input },
  })
  return [
    ...held.attachments.map((PolicyArn) => on('DetachRolePolicy', { PolicyArn })),
    ...held.inlinePolicies.map((PolicyName) => on('DeleteRolePolicy', { PolicyName })),
    ...held.instanceProfiles.map((InstanceProfileName) =>
      on('RemoveRoleFromInstanceProfile', { InstanceProfileName }),
    ),
    on('DeleteRole'),
  ]
}

/** What takes a group away that nobody declared. */
export function groupSteps(held: HeldByGroup): readonly Step[] {
  const GroupName = held.name
  const on = (operation: Step['operation'], input: Readonly<Record<string, string>> = {}): Step => ({
    operation,
    input: { GroupName, ...input },
  })
  return [
    ...held.attachments.map((PolicyArn) => on('DetachGroupPolicy', { PolicyArn })),
    ...held.inlinePolicies.map((PolicyName) => on('DeleteGroupPolicy', { PolicyName })),
    ...held.members.map((UserName) => on('RemoveUserFromGroup', { UserName })),
    on('DeleteGroup'),
  ]
}

/** What takes a policy away that nobody declared. */
export function policySteps(held: HeldByPolicy): readonly Step[] {
  const PolicyArn = held.arn
  return [
    ...held.users.map((UserName): Step => ({
      operation: 'DetachUserPolicy',
      input: { UserName, PolicyArn },
    })),
    ...held.groups.map((GroupName): Step => ({
      operation: 'DetachGroupPolicy',
      input: { GroupName, PolicyArn },
    })),
    ...held.roles.map((RoleName): Step => ({
      operation: 'DetachRolePolicy',
      input: { RoleName, PolicyArn },
    })),
    ...held.otherVersions.map((VersionId): Step => ({
      operation: 'DeletePolicyVersion',
      input: { PolicyArn, VersionId },
    })),
    { operation: 'DeletePolicy', input: { PolicyArn } },
  ]
}
