import type { PolicyAttachment, PolicyAttachmentArgs } from '@pulumi/aws/organizations/policyAttachment.js'
import { paginateListTargetsForPolicy } from '@aws-sdk/client-organizations'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

export const organizationsPolicyAttachment = resourceType<PolicyAttachmentArgs, PolicyAttachment>({
  token: 'aws:organizations/policyAttachment:PolicyAttachment',
  arguments: {
    policyId: { kind: 'string', required: true, replaces: true },
    targetId: { kind: 'string', required: true, replaces: true },
  },
  outputs: [],

  async create({ policyId, targetId }, aws) {
    await (await aws.organizations()).attachPolicy({ PolicyId: policyId, TargetId: targetId })
    return { id: `${targetId}:${policyId}` }
  },
  async read(_id, aws, { policyId, targetId }) {
    const pages = paginateListTargetsForPolicy({ client: await aws.organizations() }, { PolicyId: policyId })
    const targets = await unlessGone(
      collect(pages, (page) => page.Targets),
      'PolicyNotFoundException',
    )
    return targets?.some(({ TargetId }) => TargetId === targetId) === true
      ? { policyId, targetId }
      : undefined
  },
  async delete(_id, { policyId, targetId }, aws) {
    const detached = (await aws.organizations()).detachPolicy({ PolicyId: policyId, TargetId: targetId })
    await unlessGone(
      detached,
      'PolicyNotFoundException',
      'PolicyNotAttachedException',
      'TargetNotFoundException',
    )
  },
})
