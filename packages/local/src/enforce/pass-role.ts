import type { Call, Requirement } from '../call.js'
import { nameKey } from '../iam/tables.js'
import { keys, resourceTags } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/**
 * `iam:PassRole` on the role that an operation hands to a service (Service Authorization Reference, IAM;
 * IAM User Guide, "Grant a user permissions to pass a role to an AWS service").
 */
export function passRole(
  roleArn: string | undefined,
  service: string,
  view: ResourceView,
  call: Call,
  associatedResourceArn?: string,
): readonly Requirement[] {
  if (roleArn === undefined || roleArn === '') return []
  const account = roleArn.split(':')[4] ?? call.caller.account
  const role = view.iam.roles.get(nameKey(account, roleArn.slice(roleArn.lastIndexOf('/') + 1)))
  return [
    {
      action: 'iam:PassRole',
      resource: roleArn,
      context: {
        ...keys({ 'iam:PassedToService': service, 'iam:AssociatedResourceArn': associatedResourceArn }),
        ...(role?.arn === roleArn ? resourceTags(role.tags, 'aws', 'iam') : {}),
      },
    },
  ]
}
