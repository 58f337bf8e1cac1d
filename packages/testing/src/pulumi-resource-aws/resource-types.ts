import { iamAccessKey } from './iam/access-key.js'
import {
  groupAttachmentsExclusive,
  roleAttachmentsExclusive,
  userAttachmentsExclusive,
} from './iam/exclusive-attachments.js'
import {
  groupPoliciesExclusive,
  rolePoliciesExclusive,
  userPoliciesExclusive,
} from './iam/exclusive-policies.js'
import { iamGroup } from './iam/group.js'
import { iamGroupMembership, iamUserGroupMembership } from './iam/memberships.js'
import { groupPolicyAttachment, rolePolicyAttachment, userPolicyAttachment } from './iam/policy-attachment.js'
import { iamPolicy } from './iam/policy.js'
import { iamRole } from './iam/role.js'
import { iamUser } from './iam/user.js'
import { getIdentityStoreGroup, identityStoreGroup } from './identity-store/group.js'
import { identityStoreGroupMembership } from './identity-store/group-membership.js'
import { identityStoreUser } from './identity-store/user.js'
import { kmsAlias } from './kms/alias.js'
import { kmsKeyPolicy } from './kms/key-policy.js'
import { kmsKey } from './kms/key.js'
import { organizationsPolicyAttachment } from './organizations/policy-attachment.js'
import { organizationsPolicy } from './organizations/policy.js'
import { inRegion } from './in-region.js'
import type { FunctionType } from './function-type.js'
import type { ResourceType } from './resource-type.js'
import { bucketLifecycle } from './s3/bucket-lifecycle.js'
import { bucketPolicy } from './s3/bucket-policy.js'
import { bucketEncryption, bucketOwnershipControls, bucketVersioning } from './s3/bucket-settings.js'
import { bucket } from './s3/bucket.js'
import { accountPublicAccessBlock, bucketPublicAccessBlock } from './s3/public-access-blocks.js'
import { sageMakerProject } from './sagemaker/project.js'
import { accountAssignment } from './sso-admin/account-assignment.js'
import { permissionsBoundaryAttachment } from './sso-admin/boundary-attachment.js'
import { ssoPermissionSet } from './sso-admin/permission-set.js'
import {
  customerManagedPolicyAttachment,
  customerManagedPolicyAttachmentsExclusive,
  managedPolicyAttachmentsExclusive,
} from './sso-admin/policy-attachments.js'
import { secretPolicy } from './secretsmanager/secret-policy.js'
import { secretVersion } from './secretsmanager/secret-version.js'
import { secret } from './secretsmanager/secret.js'

/** Every resource type that the stand-in has: exactly those that ringfence's components use. */
export const resourceTypes: readonly ResourceType[] = [
  ...[
    bucket,
    bucketPublicAccessBlock,
    bucketOwnershipControls,
    bucketVersioning,
    bucketEncryption,
    bucketLifecycle,
    bucketPolicy,
    kmsKey,
    kmsAlias,
    kmsKeyPolicy,
    sageMakerProject,
    ssoPermissionSet,
    permissionsBoundaryAttachment,
    customerManagedPolicyAttachment,
    customerManagedPolicyAttachmentsExclusive,
    managedPolicyAttachmentsExclusive,
    accountAssignment,
    identityStoreGroup,
    identityStoreUser,
    identityStoreGroupMembership,
    secret,
    secretPolicy,
    secretVersion,
  ].map(inRegion),
  accountPublicAccessBlock,
  iamUser,
  iamGroup,
  iamGroupMembership,
  iamUserGroupMembership,
  iamRole,
  iamPolicy,
  userAttachmentsExclusive,
  groupAttachmentsExclusive,
  roleAttachmentsExclusive,
  userPoliciesExclusive,
  groupPoliciesExclusive,
  rolePoliciesExclusive,
  userPolicyAttachment,
  groupPolicyAttachment,
  rolePolicyAttachment,
  iamAccessKey,
  organizationsPolicy,
  organizationsPolicyAttachment,
]

/** Every function that the components call. */
export const functionTypes: readonly FunctionType[] = [getIdentityStoreGroup]
