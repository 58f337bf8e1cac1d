import type { ServiceControlPolicy } from '../../plan.js'
import type { Block } from './block.js'
import { policyText } from './block.js'
import { Expression } from './expression.js'
import { identifier } from './identifier.js'

export function mapServiceControlPolicy(resource: ServiceControlPolicy): readonly Block[] {
  const { id, dependsOn, name, description, policy, targetAccount } = resource
  return [
    {
      type: 'aws_organizations_policy',
      id,
      dependsOn,
      inManagementAccount: true,
      arguments: { name, description, type: 'SERVICE_CONTROL_POLICY', content: policyText(policy) },
    },
    {
      type: 'aws_organizations_policy_attachment',
      id,
      dependsOn,
      inManagementAccount: true,
      arguments: {
        policy_id: new Expression(`aws_organizations_policy.${identifier(id)}.id`),
        target_id: targetAccount,
      },
    },
  ]
}
