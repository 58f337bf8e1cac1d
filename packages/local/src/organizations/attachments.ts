import { AwsError } from '../aws-error.js'
import { constraintViolation } from './errors.js'
import type { OrganizationOperations } from './operation.js'
import { getOrganization, getPolicy, getTarget } from './operation.js'
import { organizationPage } from './pages.js'
import { policyType, summarize } from './policies.js'
import { attach, attachedTo, detach, targetsOf } from './tables.js'

/** SCPs of one root, OU or account (Organizations User Guide, "Quotas"; five until May 2026). */
const maximumAttached = 10

export const attachmentOperations = {
  AttachPolicy(input, _call, { tables, write }) {
    return write(() => {
      const policy = getPolicy(tables, input.PolicyId)
      const target = getTarget(getOrganization(tables), input.TargetId)
      const attached = attachedTo(tables, target.id)
      if (attached.includes(policy.id)) {
        const text = 'The selected policy is already attached to the specified target.'
        throw new AwsError('DuplicatePolicyAttachmentException', text, 400)
      }
      if (attached.length >= maximumAttached) {
        const text = `At most ${maximumAttached} service control policies are attached to one target.`
        throw constraintViolation('MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED', text)
      }
      attach(tables, policy.id, target.id)
      return {}
    })
  },

  DetachPolicy(input, _call, { tables, write }) {
    return write(() => {
      const policy = getPolicy(tables, input.PolicyId)
      const target = getTarget(getOrganization(tables), input.TargetId)
      const attached = attachedTo(tables, target.id)
      if (!attached.includes(policy.id)) {
        const text = "The policy isn't attached to the specified target in the specified root."
        throw new AwsError('PolicyNotAttachedException', text, 400)
      }
      if (attached.length === 1) {
        const text = 'At least one service control policy stays attached to every root, OU and account.'
        throw constraintViolation('MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED', text)
      }
      detach(tables, policy.id, target.id)
      return {}
    })
  },

  ListTargetsForPolicy(input, _call, { tables }) {
    const policy = getPolicy(tables, input.PolicyId)
    const organization = getOrganization(tables)
    const all = targetsOf(tables, policy.id).map((id) => getTarget(organization, id))
    const { items, ...rest } = organizationPage(all, input, ({ id }) => id)
    const Targets = items.map(({ id, arn, name, type }) => ({
      TargetId: id,
      Arn: arn,
      Name: name,
      Type: type,
    }))
    return { Targets, ...rest }
  },

  ListPoliciesForTarget(input, _call, { tables }) {
    const target = getTarget(getOrganization(tables), input.TargetId)
    const all =
      input.Filter === policyType ? attachedTo(tables, target.id).map((id) => getPolicy(tables, id)) : []
    const { items, ...rest } = organizationPage(all, input, ({ id }) => id)
    return { Policies: items.map(summarize), ...rest }
  },
} satisfies OrganizationOperations
