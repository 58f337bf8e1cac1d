import {
  paginateListPolicies,
  paginateListTagsForResource,
  paginateListTargetsForPolicy,
} from '@aws-sdk/client-organizations'
import { collect, type Aws } from '../pulumi-resource-aws/aws.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'
import { tagMap, type Tags } from '../pulumi-resource-aws/tags.js'
import { sorted } from './iam-state.js'

export interface GuardrailState {
  readonly content: unknown
  readonly description: string | undefined
  readonly tags: Tags
  /** What it is attached to. */
  readonly targets: readonly string[]
}

/** All service control policies that AWS does not itself manage, as the management account sees them. */
export async function guardrailState(aws: Aws): Promise<Record<string, GuardrailState>> {
  const client = await aws.organizations()
  const listed = await collect(
    paginateListPolicies({ client }, { Filter: 'SERVICE_CONTROL_POLICY' }),
    (page) => page.Policies,
  )
  const guardrails: Record<string, GuardrailState> = {}
  for (const { Id = '', Name = '', Description, AwsManaged } of listed) {
    if (AwsManaged === true) continue
    const { Policy: policy } = await client.describePolicy({ PolicyId: Id })
    const targets = await collect(
      paginateListTargetsForPolicy({ client }, { PolicyId: Id }),
      (page) => page.Targets,
    )
    const tags = await collect(
      paginateListTagsForResource({ client }, { ResourceId: Id }),
      (page) => page.Tags,
    )
    guardrails[Name] = {
      content: canonicalDocument(policy?.Content ?? ''),
      description: Description,
      tags: sorted(tagMap(tags)),
      targets: targets.map(({ TargetId = '' }) => TargetId).toSorted(),
    }
  }
  return sorted(guardrails)
}
