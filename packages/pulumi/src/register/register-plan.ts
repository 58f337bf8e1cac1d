import type { Plan, Resource } from '@ringfence/plan'
import { registerAccessKey } from './register-access-key.js'
import { registerAccountBlock, registerBucket, registerBucketSetting } from './register-bucket.js'
import { registerGuardrail } from './register-guardrail.js'
import { registerIdentityCenter } from './register-identity-center.js'
import { registerAlias, registerKey, registerKeyPolicy } from './register-key.js'
import { registerMemberships } from './register-membership.js'
import { registerAttachments, registerPolicy } from './register-policy.js'
import { registerGroup, registerRole, registerUser } from './register-principal.js'
import { registerProject } from './register-project.js'
import { registerSecret, registerSecretPolicy, registerSecretVersion } from './register-secret.js'
import type { OutputLists, RegisteredPlan } from './registered-plan.js'
import { toRegisteredPlan } from './registered-plan.js'
import type { RegisterOptions, Registration } from './registration.js'
import { createRegistration } from './registration.js'

/**
 * Registers every resource of a plan with Pulumi, under its parent and in the plan's order. Throws RunError
 * where a service control policy or Identity Center has no provider, or a key a recipient that is none.
 */
export function registerPlan(plan: Plan, options: RegisterOptions): RegisteredPlan {
  return toRegisteredPlan(registerResources(plan, options))
}

/** The same, with every output by itself: for components of which some outputs are there or not. */
export function registerResources(plan: Plan, options: RegisterOptions): OutputLists {
  const registration = createRegistration(plan, options)
  for (const resource of plan.resources) registerResource(resource, registration)
  registerMemberships(registration)
  if (plan.identityCenter !== undefined) registerIdentityCenter(plan.identityCenter, registration)
  return registration.outputs
}

function registerResource(resource: Resource, registration: Registration): void {
  switch (resource.type) {
    case 's3.Bucket':
      return registerBucket(resource, registration)
    case 's3.BucketPublicAccessBlock':
    case 's3.BucketOwnershipControls':
    case 's3.BucketVersioning':
    case 's3.BucketServerSideEncryptionConfiguration':
    case 's3.BucketLifecycleConfiguration':
    case 's3.BucketPolicy':
      return registerBucketSetting(resource, registration)
    case 's3.AccountPublicAccessBlock':
      return registerAccountBlock(resource, registration)
    case 'kms.Key':
      return registerKey(resource, registration)
    case 'kms.Alias':
      return registerAlias(resource, registration)
    case 'kms.KeyPolicy':
      return registerKeyPolicy(resource, registration)
    case 'iam.User':
      return registerUser(resource, registration)
    case 'iam.Group':
      return registerGroup(resource, registration)
    case 'iam.Role':
      return registerRole(resource, registration)
    case 'iam.Policy':
      return registerPolicy(resource, registration)
    case 'iam.PolicyAttachments':
      return registerAttachments(resource, registration)
    case 'iam.AccessKey':
      return registerAccessKey(resource, registration)
    case 'secretsmanager.Secret':
      return registerSecret(resource, registration)
    case 'secretsmanager.SecretPolicy':
      return registerSecretPolicy(resource, registration)
    case 'secretsmanager.SecretVersion':
      return registerSecretVersion(resource, registration)
    case 'iam.UserGroupMembership':
      return // Group by group, once all users and groups are registered.
    case 'sagemaker.Project':
      return registerProject(resource, registration)
    case 'organizations.Policy':
      return registerGuardrail(resource, registration)
  }
}
