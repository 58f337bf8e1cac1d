import type { IamAccessKey, IamGroup, IamPolicy, IamRole, IamUser } from '../../plan.js'
import type { Block, Mapped } from './block.js'
import { policyText } from './block.js'

/** `force_destroy`: what a leaver added for themselves, such as an MFA device, does not keep the user alive. */
export function mapUser(user: IamUser): readonly Block[] {
  const { id, dependsOn, name, path, permissionsBoundary, tags } = user
  const made = { name, path, permissions_boundary: permissionsBoundary, force_destroy: true, tags }
  return [{ type: 'aws_iam_user', id, dependsOn, arguments: made }, noInlinePolicies('user', user)]
}

export function mapGroup(group: IamGroup): readonly Block[] {
  const { id, dependsOn, name, path } = group
  return [
    { type: 'aws_iam_group', id, dependsOn, arguments: { name, path } },
    noInlinePolicies('group', group),
  ]
}

export function mapRole(role: IamRole): readonly Block[] {
  const { id, dependsOn } = role
  const made = {
    name: role.name,
    path: role.path,
    description: role.description,
    assume_role_policy: policyText(role.assumeRolePolicy),
    permissions_boundary: role.permissionsBoundary,
    max_session_duration: role.maxSessionDuration,
    tags: role.tags,
  }
  return [{ type: 'aws_iam_role', id, dependsOn, arguments: made }, noInlinePolicies('role', role)]
}

export function mapPolicy({ id, dependsOn, name, path, description, policy, tags }: IamPolicy): Block {
  return {
    type: 'aws_iam_policy',
    id,
    dependsOn,
    arguments: { name, path, description, policy: policyText(policy), tags },
  }
}

/** Terraform keeps secrets in its state in the clear; only a key that AWS's provider encrypts is made. */
export function mapAccessKey({ id, dependsOn, user, encryptTo }: IamAccessKey): Mapped {
  if (encryptTo?.kind === 'pgp') {
    return [{ type: 'aws_iam_access_key', id, dependsOn, arguments: { user, pgp_key: encryptTo.key } }]
  }
  const why =
    encryptTo === undefined
      ? 'Terraform would keep its secret in the clear in its state'
      : 'Terraform encrypts secrets to OpenPGP keys only, not to age'
  return {
    leftOut: {
      message: `the configuration has no access key for "${user}": ${why}`,
      hint: `declare an OpenPGP key (keys: { until: …, pgp: … }), or aws iam create-access-key --user-name ${user}, once the rest is there`,
    },
  }
}

/** An inline policy that somebody adds by hand is drift, and the next apply removes it. */
function noInlinePolicies(
  kind: 'user' | 'group' | 'role',
  { id, name }: IamUser | IamGroup | IamRole,
): Block {
  return {
    type: `aws_iam_${kind}_policies_exclusive`,
    id,
    dependsOn: [id],
    arguments: { [`${kind}_name`]: name, policy_names: [] },
  }
}
