import { Policy } from '@pulumi/aws/organizations/policy.js'
import { PolicyAttachment } from '@pulumi/aws/organizations/policyAttachment.js'
import * as pulumi from '@pulumi/pulumi'
import type { Resource } from '@ringfence/plan'
import type { Registration } from './registration.js'

/** The service control policy and its attachment to the account, by credentials of the management account. */
export function registerGuardrail(
  planned: Extract<Resource, { type: 'organizations.Policy' }>,
  registration: Registration,
): void {
  const { id, name, description, policy, targetAccount } = planned
  const provider = registration.managementProvider
  if (provider === undefined) throw new pulumi.RunError(noManagement(registration.plan.organization))
  const options = { ...registration.options(planned), provider }
  const guardrail = new Policy(
    registration.childName(id),
    { name, description, content: JSON.stringify(policy), type: 'SERVICE_CONTROL_POLICY' },
    options,
  )
  const attachment = new PolicyAttachment(
    `${registration.childName(id)}/attachment`,
    { policyId: guardrail.id, targetId: targetAccount },
    options,
  )
  registration.keep(id, guardrail, attachment)
}

/** Said before anything is registered, by whoever knows that there is no provider. */
export function noManagement(organization: string): string {
  return (
    `"${organization}" declares "guardrail: serviceControlPolicy", and a service control policy can be set only ` +
    "from the organization's management account.\n" +
    'Try: give "managementProfile", a profile of your AWS configuration that signs in there, or declare "guardrail: none".'
  )
}
