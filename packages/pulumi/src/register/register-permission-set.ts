import { CustomerManagedPolicyAttachment } from '@pulumi/aws/ssoadmin/customerManagedPolicyAttachment.js'
import { CustomerManagedPolicyAttachmentsExclusive } from '@pulumi/aws/ssoadmin/customerManagedPolicyAttachmentsExclusive.js'
import { ManagedPolicyAttachmentsExclusive } from '@pulumi/aws/ssoadmin/managedPolicyAttachmentsExclusive.js'
import { PermissionSet } from '@pulumi/aws/ssoadmin/permissionSet.js'
import { PermissionsBoundaryAttachment } from '@pulumi/aws/ssoadmin/permissionsBoundaryAttachment.js'
import type * as pulumi from '@pulumi/pulumi'
import type { PermissionSet as PlannedSet } from '@ringfence/plan'
import type { Center } from './register-identity-center.js'

/**
 * A permission set with its boundary and each policy as a resource of its own, and beside them the exclusive lists: what
 * somebody attaches by hand is drift. One comes after the other, the boundary first: each provisions the set again
 * wherever it is assigned, and Identity Center refuses what begins before that has ended (ConflictException).
 */
export function registerPermissionSet(planned: PlannedSet, center: Center): void {
  const { id, name, description, sessionDuration, tags, customerManagedPolicies, permissionsBoundary } =
    planned
  const { instance: instanceArn, registration } = center
  const child = registration.childName(id)
  const set = new PermissionSet(
    child,
    { instanceArn, name, description, sessionDuration, tags: { ...tags } },
    center.options(planned),
  )
  registration.keep(id, set)
  const to = { instanceArn, permissionSetArn: set.arn }
  const next = (make: (options: pulumi.CustomResourceOptions) => pulumi.Resource): void => {
    registration.keep(id, make(center.options({ dependsOn: [...planned.dependsOn, id] })))
  }
  const boundary = { customerManagedPolicyReference: { ...permissionsBoundary } }
  next(
    (options) =>
      new PermissionsBoundaryAttachment(
        `${child}/boundary`,
        { ...to, permissionsBoundary: boundary },
        options,
      ),
  )
  const references = customerManagedPolicies.map(({ name: policy, path }) => ({ name: policy, path }))
  for (const reference of references) {
    const args = { ...to, customerManagedPolicyReference: reference }
    next((options) => new CustomerManagedPolicyAttachment(`${child}/${reference.name}`, args, options))
  }
  next(
    (options) =>
      new CustomerManagedPolicyAttachmentsExclusive(
        `${child}/customer-managed-policies`,
        { ...to, customerManagedPolicyReferences: references },
        options,
      ),
  )
  next(
    (options) =>
      new ManagedPolicyAttachmentsExclusive(
        `${child}/managed-policies`,
        { ...to, managedPolicyArns: [] },
        options,
      ),
  )
}
