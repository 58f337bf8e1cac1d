import type { GroupMembers, ForeignMembership } from '../../members-of-groups.js'
import type { IamPolicyAttachments } from '../../plan.js'
import type { Block } from './block.js'

/**
 * The policies of a user, group or role. Each is attached by a block of its own, which detaches it when it goes: AWS
 * deletes neither a policy nor its holder before. The list of all of them only makes what is not in it drift, and
 * detaches nothing when it goes; holders that exist already have none.
 */
export function mapAttachments(resource: IamPolicyAttachments): readonly Block[] {
  const { id, dependsOn, target, name, policyArns, exclusive } = resource
  const single: readonly Block[] = policyArns.map((arn) => ({
    type: `aws_iam_${target}_policy_attachment`,
    id: `${id}/${arn.slice(arn.lastIndexOf('/') + 1)}`,
    dependsOn,
    arguments: { [target]: name, policy_arn: arn },
  }))
  if (!exclusive) return single
  const whole: Block = {
    type: `aws_iam_${target}_policy_attachments_exclusive`,
    id,
    dependsOn,
    after: single,
    arguments: { [`${target}_name`]: name, policy_arns: policyArns },
  }
  return [...single, whole]
}

/** All members of a group that the plan makes; somebody else in it is drift. */
export function mapGroupMembers({ id, group, users, dependsOn }: GroupMembers): Block {
  return { type: 'aws_iam_group_membership', id, dependsOn, arguments: { name: group, group, users } }
}

/** A user's place in groups that exist already; whoever else is in them stays. */
export function mapForeignMembership({ id, user, groups, dependsOn }: ForeignMembership): Block {
  return { type: 'aws_iam_user_group_membership', id, dependsOn, arguments: { user, groups } }
}
