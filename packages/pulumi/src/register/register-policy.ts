import { GroupPolicyAttachment } from '@pulumi/aws/iam/groupPolicyAttachment.js'
import { GroupPolicyAttachmentsExclusive } from '@pulumi/aws/iam/groupPolicyAttachmentsExclusive.js'
import { Policy } from '@pulumi/aws/iam/policy.js'
import { RolePolicyAttachment } from '@pulumi/aws/iam/rolePolicyAttachment.js'
import { RolePolicyAttachmentsExclusive } from '@pulumi/aws/iam/rolePolicyAttachmentsExclusive.js'
import { UserPolicyAttachment } from '@pulumi/aws/iam/userPolicyAttachment.js'
import { UserPolicyAttachmentsExclusive } from '@pulumi/aws/iam/userPolicyAttachmentsExclusive.js'
import type * as pulumi from '@pulumi/pulumi'
import type { Resource } from '@ringfence/plan'
import type { Registration } from './registration.js'

type PlannedAttachments = Extract<Resource, { type: 'iam.PolicyAttachments' }>

export function registerPolicy(
  planned: Extract<Resource, { type: 'iam.Policy' }>,
  registration: Registration,
): void {
  const { id, name, path, description, tags } = planned
  const policy = new Policy(
    registration.childName(id),
    { name, path, description, policy: JSON.stringify(planned.policy), tags: { ...tags } },
    registration.options(planned),
  )
  registration.keep(id, policy)
  registration.outputs.policyArns.set(withoutOrganization(name, registration), policy.arn)
}

/**
 * Each policy is attached by a resource of its own, because only those detach when they are deleted: the
 * exclusive list does nothing then, and IAM deletes no policy that is attached. The list, where the plan owns
 * the principal, makes an attachment added by hand drift. What only denies is attached before anything else, and
 * detached after it.
 */
export function registerAttachments(planned: PlannedAttachments, registration: Registration): void {
  const { id, name, target, policyArns } = planned
  const options = registration.options(planned)
  const attachAll = (arns: readonly string[], more: pulumi.CustomResourceOptions) =>
    arns.map((policyArn) => {
      const child = `${registration.childName(id)}/${policyArn.slice(policyArn.lastIndexOf('/') + 1)}`
      return attach(target, child, name, policyArn, more)
    })
  const { denials } = registration
  const denying = attachAll(
    policyArns.filter((arn) => denials.has(arn)),
    options,
  )
  const allowing = attachAll(
    policyArns.filter((arn) => !denials.has(arn)),
    {
      ...options,
      dependsOn: [...(options.dependsOn as readonly pulumi.Resource[]), ...denying],
    },
  )
  registration.keep(id, ...denying, ...allowing)
  if (!planned.exclusive) return
  const listOptions = registration.options({ dependsOn: [...planned.dependsOn, id] })
  registration.keep(id, exclusiveList(planned, registration.childName(id), listOptions))
}

function attach(
  target: PlannedAttachments['target'],
  child: string,
  name: string,
  policyArn: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  switch (target) {
    case 'user':
      return new UserPolicyAttachment(child, { user: name, policyArn }, options)
    case 'group':
      return new GroupPolicyAttachment(child, { group: name, policyArn }, options)
    case 'role':
      return new RolePolicyAttachment(child, { role: name, policyArn }, options)
  }
}

function exclusiveList(
  { target, name, policyArns }: PlannedAttachments,
  child: string,
  options: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const list = { policyArns: [...policyArns] }
  switch (target) {
    case 'user':
      return new UserPolicyAttachmentsExclusive(child, { userName: name, ...list }, options)
    case 'group':
      return new GroupPolicyAttachmentsExclusive(child, { groupName: name, ...list }, options)
    case 'role':
      return new RolePolicyAttachmentsExclusive(child, { roleName: name, ...list }, options)
  }
}

function withoutOrganization(name: string, { plan }: Registration): string {
  const start = `${plan.organization}-`
  return name.startsWith(start) ? name.slice(start.length) : name
}
