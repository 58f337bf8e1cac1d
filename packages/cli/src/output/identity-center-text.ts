import type { IdentityCenterPlan, IdentityCenterResource, Plan, PolicyReference } from '@ringfence/plan'
import type { Colors } from './color.js'
import { count, printPlace } from './diagnostics.js'
import { printable } from './printable.js'

/** The plan for Identity Center, for people: what it makes in order, what it looks up, and the roles that AWS makes of it. */
export function printIdentityCenterText(
  { external: ofAccount, organization }: Plan,
  { external, identityStore, instance, region, resources, targetAccount }: IdentityCenterPlan,
  colors: Colors,
): string {
  const width = Math.max(0, ...resources.map(({ type }) => type.length))
  const blocks = [
    `${colors.bold(organization)} in Identity Center ${printable(instance)}, ${region}, identity store ${identityStore}: ${count(resources.length, 'resource')} for account ${targetAccount}`,
    ...(external.length === 0
      ? []
      : [
          [
            colors.bold('groups that the identity provider provisions, with exactly these members'),
            ...external.map(
              ({ declaredAt, displayName, members }) =>
                `  ${printable(displayName)}: ${members.map(({ email }) => printable(email)).join(', ')}  ${colors.dim(printPlace(declaredAt))}`,
            ),
          ].join('\n'),
        ]),
    resources
      .map(
        (one) =>
          `${colors.cyan(one.type.padEnd(width))}  ${printable(nameOf(one))}  ${colors.dim(printable(detailOf(one)))}`,
      )
      .join('\n'),
    [
      colors.bold('roles that AWS makes of them in the account'),
      ...ofAccount.flatMap((one) => (one.kind === 'reservedRole' ? [`  ${printable(one.arn)}`] : [])),
    ].join('\n'),
  ]
  return `${blocks.join('\n\n')}\n`
}

function nameOf(resource: IdentityCenterResource): string {
  switch (resource.type) {
    case 'ssoadmin.PermissionSet':
      return resource.name
    case 'identitystore.Group':
      return resource.displayName
    case 'identitystore.User':
      return resource.userName
    case 'identitystore.GroupMembership':
    case 'ssoadmin.AccountAssignment':
      return resource.id
  }
}

function detailOf(resource: IdentityCenterResource): string {
  switch (resource.type) {
    case 'ssoadmin.PermissionSet':
      return `sessions of ${resource.sessionDuration}, policies ${resource.customerManagedPolicies.map(policyName).join(', ') || 'none'}, boundary ${policyName(resource.permissionsBoundary)}`
    case 'identitystore.Group':
      return resource.description
    case 'identitystore.User':
      return resource.displayName
    case 'identitystore.GroupMembership':
      return `${resource.user} in ${resource.group}`
    case 'ssoadmin.AccountAssignment':
      return `${resource.permissionSet} for ${'id' in resource.group ? resource.group.id : `the group ${resource.group.displayName}`} in ${resource.targetAccount}`
  }
}

function policyName({ name, path }: PolicyReference): string {
  return `${path}${name}`
}
