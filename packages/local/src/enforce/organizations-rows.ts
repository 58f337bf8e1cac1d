import type { Organizations } from '@aws-sdk/client-organizations'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { notInUse, notManagement } from '../organizations/errors.js'
import type { Row, Rows } from './requirements.js'
import { keys, requestTags, resourceTags, tagKeys } from './requirements.js'
import type { ResourceView } from './resource-view.js'

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for AWS Organizations", and
 * Organizations User Guide, "Adding tags" (tags of a new policy are a permission of their own). Only principals
 * of the management account are answered, whatever the policies of a member allow; a member may ask which
 * organization it belongs to. Delegated administrators do not exist here.
 */

const type = 'SERVICE_CONTROL_POLICY'

function forManagement<Input>(row: Row<Input>): Row<Input> {
  return (input, call, view) => {
    const { account } = call.caller
    if (!view.isOrganizationMember(account)) throw notInUse()
    if (view.managementAccount() !== account) throw notManagement()
    return row(input, call, view)
  }
}

/** A permission that names no resource. */
function general(action: string): Row<unknown> {
  return forManagement(() => [{ action: `organizations:${action}`, resource: '*' }])
}

/** A permission on what an id names: a policy, a root or an account. */
function onEntity(
  action: string,
  id: string | undefined,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const arn = view.organizationArn(id ?? '') ?? unknownArn(id ?? '', call)
  const tags = resourceTags(view.organizationTags(id ?? ''), 'aws')
  return {
    action: `organizations:${action}`,
    resource: arn,
    // The ARN of a policy that AWS manages names no account.
    resourceAccount: call.caller.account,
    context: { ...tags, ...more },
  }
}

/** What is asked for where there is no such entity; the operation then says that it is not there. */
function unknownArn(id: string, call: Call): string {
  return `arn:aws:organizations::${call.caller.account}:${id.startsWith('p-') ? 'policy' : 'account'}/${id}`
}

interface PolicyInput {
  readonly PolicyId?: string | undefined
}

function onPolicy(action: string) {
  return forManagement((input: PolicyInput, call, view) => [
    onEntity(action, input.PolicyId, call, view, keys({ 'organizations:PolicyType': type })),
  ])
}

/** Attaching and detaching take the permission on the policy and on the target. */
function onPolicyAndTarget(action: string) {
  return forManagement(
    (input: PolicyInput & { readonly TargetId?: string | undefined }, call, view): Requirement[] => {
      const context = keys({ 'organizations:PolicyType': type })
      return [input.PolicyId, input.TargetId].map((id) => onEntity(action, id, call, view, context))
    },
  )
}

export const organizationsRows: Rows<Organizations> = {
  DescribeOrganization: (_input, call, view) => {
    if (!view.isOrganizationMember(call.caller.account)) throw notInUse()
    return [{ action: 'organizations:DescribeOrganization', resource: '*' }]
  },
  ListRoots: general('ListRoots'),
  ListAccounts: general('ListAccounts'),
  DescribeAccount: forManagement((input, call, view) => [
    onEntity('DescribeAccount', input.AccountId, call, view),
  ]),
  CreatePolicy: forManagement((input) => {
    const context = { ...requestTags(input.Tags), ...keys({ 'organizations:PolicyType': input.Type }) }
    const tagged = (input.Tags?.length ?? 0) > 0
    return ['CreatePolicy', ...(tagged ? ['TagResource'] : [])].map((action) => ({
      action: `organizations:${action}`,
      resource: '*',
      context,
    }))
  }),
  DescribePolicy: onPolicy('DescribePolicy'),
  UpdatePolicy: onPolicy('UpdatePolicy'),
  DeletePolicy: onPolicy('DeletePolicy'),
  ListPolicies: forManagement((input) => [
    {
      action: 'organizations:ListPolicies',
      resource: '*',
      context: keys({ 'organizations:PolicyType': input.Filter }),
    },
  ]),
  AttachPolicy: onPolicyAndTarget('AttachPolicy'),
  DetachPolicy: onPolicyAndTarget('DetachPolicy'),
  ListTargetsForPolicy: onPolicy('ListTargetsForPolicy'),
  ListPoliciesForTarget: forManagement((input, call, view) => [
    onEntity(
      'ListPoliciesForTarget',
      input.TargetId,
      call,
      view,
      keys({ 'organizations:PolicyType': input.Filter }),
    ),
  ]),
  TagResource: forManagement((input, call, view) => [
    onEntity('TagResource', input.ResourceId, call, view, requestTags(input.Tags)),
  ]),
  UntagResource: forManagement((input, call, view) => [
    onEntity('UntagResource', input.ResourceId, call, view, tagKeys(input.TagKeys)),
  ]),
  ListTagsForResource: forManagement((input, call, view) => [
    onEntity('ListTagsForResource', input.ResourceId, call, view),
  ]),
}
