import type { Resource } from '../../plan.js'
import type { Mapped, PlanIndex } from './block.js'
import { mapAttachments } from './iam-attachments.js'
import { mapAccessKey, mapGroup, mapPolicy, mapRole, mapUser } from './iam.js'
import { mapAlias, mapKey, mapKeyPolicy } from './kms.js'
import { mapServiceControlPolicy } from './organizations.js'
import {
  mapAccountPublicAccessBlock,
  mapBucket,
  mapBucketPolicy,
  mapEncryption,
  mapLifecycle,
  mapOwnershipControls,
  mapPublicAccessBlock,
  mapVersioning,
} from './s3.js'
import { mapProject } from './sagemaker.js'
import { mapSecret, mapSecretPolicy, mapSecretVersion } from './secrets-manager.js'

/**
 * What a resource of the plan becomes. Memberships become nothing here: Terraform has them by group, so that
 * `printTerraformConfiguration` takes them from the plan as a whole.
 */
export function mapResource(resource: Resource, index: PlanIndex): Mapped {
  switch (resource.type) {
    case 's3.Bucket':
      return [mapBucket(resource, index)]
    case 's3.BucketPublicAccessBlock':
      return [mapPublicAccessBlock(resource)]
    case 's3.BucketOwnershipControls':
      return [mapOwnershipControls(resource)]
    case 's3.BucketVersioning':
      return [mapVersioning(resource)]
    case 's3.BucketServerSideEncryptionConfiguration':
      return [mapEncryption(resource)]
    case 's3.BucketLifecycleConfiguration':
      return [mapLifecycle(resource)]
    case 's3.BucketPolicy':
      return [mapBucketPolicy(resource)]
    case 's3.AccountPublicAccessBlock':
      return [mapAccountPublicAccessBlock(resource)]
    case 'kms.Key':
      return [mapKey(resource, index)]
    case 'kms.Alias':
      return [mapAlias(resource, index)]
    case 'kms.KeyPolicy':
      return [mapKeyPolicy(resource)]
    case 'iam.User':
      return mapUser(resource)
    case 'iam.Group':
      return mapGroup(resource)
    case 'iam.UserGroupMembership':
      return []
    case 'iam.Role':
      return mapRole(resource)
    case 'iam.Policy':
      return [mapPolicy(resource)]
    case 'iam.PolicyAttachments':
      return mapAttachments(resource)
    case 'iam.AccessKey':
      return mapAccessKey(resource)
    case 'secretsmanager.Secret':
      return [mapSecret(resource)]
    case 'secretsmanager.SecretPolicy':
      return [mapSecretPolicy(resource)]
    case 'secretsmanager.SecretVersion':
      return mapSecretVersion(resource)
    case 'sagemaker.Project':
      return [mapProject(resource)]
    case 'organizations.Policy':
      return mapServiceControlPolicy(resource)
  }
}
