import type { ServiceControlPolicy } from '@ringfence/plan'
import { under } from '../iam/tables.js'
import type { LoadContext } from './load-context.js'
import { samePolicy } from './load-context.js'

/** A service control policy, made and attached by the organization's management account. */
export async function loadServiceControlPolicy(
  { management, state }: LoadContext,
  planned: ServiceControlPolicy,
): Promise<void> {
  const aws = await management()
  const { attachments, policies } = state.organizations
  const Content = JSON.stringify(planned.policy)
  const described = { Name: planned.name, Description: planned.description, Content }
  const present = [...under(policies, [])].find(({ value }) => value.name === planned.name)?.value
  if (present === undefined) {
    const Type = 'SERVICE_CONTROL_POLICY'
    const { Policy } = await aws.call('organizations', 'CreatePolicy', { ...described, Type })
    const PolicyId = Policy?.PolicySummary?.Id
    await aws.call('organizations', 'AttachPolicy', { PolicyId, TargetId: planned.targetAccount })
    return
  }
  const same = present.description === planned.description && samePolicy(present.content, planned.policy)
  if (!same) await aws.call('organizations', 'UpdatePolicy', { PolicyId: present.id, ...described })
  if (attachments.get([planned.targetAccount, present.id]) !== undefined) return
  const target = { PolicyId: present.id, TargetId: planned.targetAccount }
  await aws.call('organizations', 'AttachPolicy', target)
}
