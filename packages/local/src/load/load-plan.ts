import type { Resource, SageMakerProject } from '@ringfence/plan'
import { loadExternal, loadReservedRoles } from './load-external.js'
import {
  loadAccessKey,
  loadAttachments,
  loadGroup,
  loadMembership,
  loadPolicy,
  loadRole,
  loadUser,
} from './load-iam.js'
import { loadAlias, loadKey, loadKeyPolicy } from './load-kms.js'
import { loadSecret, loadSecretPolicy, loadSecretVersion } from './load-secrets-manager.js'
import type { LoadContext } from './load-context.js'
import { loadServiceControlPolicy } from './load-organizations.js'
import {
  loadAccountPublicAccessBlock,
  loadBucket,
  loadBucketEncryption,
  loadBucketLifecycle,
  loadBucketOwnershipControls,
  loadBucketPolicy,
  loadBucketPublicAccessBlock,
  loadBucketVersioning,
} from './load-s3.js'

/**
 * Makes all of a plan's resources in their order; what is there as planned stays untouched, what differs is
 * changed.
 */
export async function loadPlan(context: LoadContext): Promise<void> {
  await loadExternal(context)
  for (const resource of context.plan.resources) await loadResource(context, resource)
  await loadReservedRoles(context)
}

function loadResource(context: LoadContext, resource: Resource): Promise<void> {
  switch (resource.type) {
    case 's3.Bucket':
      return loadBucket(context, resource)
    case 's3.BucketPublicAccessBlock':
      return loadBucketPublicAccessBlock(context, resource)
    case 's3.BucketOwnershipControls':
      return loadBucketOwnershipControls(context, resource)
    case 's3.BucketVersioning':
      return loadBucketVersioning(context, resource)
    case 's3.BucketServerSideEncryptionConfiguration':
      return loadBucketEncryption(context, resource)
    case 's3.BucketLifecycleConfiguration':
      return loadBucketLifecycle(context, resource)
    case 's3.BucketPolicy':
      return loadBucketPolicy(context, resource)
    case 's3.AccountPublicAccessBlock':
      return loadAccountPublicAccessBlock(context, resource)
    case 'kms.Key':
      return loadKey(context, resource)
    case 'kms.Alias':
      return loadAlias(context, resource)
    case 'kms.KeyPolicy':
      return loadKeyPolicy(context, resource)
    case 'iam.User':
      return loadUser(context, resource)
    case 'iam.Group':
      return loadGroup(context, resource)
    case 'iam.UserGroupMembership':
      return loadMembership(context, resource)
    case 'iam.Role':
      return loadRole(context, resource)
    case 'iam.Policy':
      return loadPolicy(context, resource)
    case 'iam.PolicyAttachments':
      return loadAttachments(context, resource)
    case 'iam.AccessKey':
      return loadAccessKey(context, resource)
    case 'secretsmanager.Secret':
      return loadSecret(context, resource)
    case 'secretsmanager.SecretPolicy':
      return loadSecretPolicy(context, resource)
    case 'secretsmanager.SecretVersion':
      return loadSecretVersion(context, resource)
    case 'sagemaker.Project':
      return loadProject(context, resource)
    case 'organizations.Policy':
      return loadServiceControlPolicy(context, resource)
  }
}

async function loadProject(context: LoadContext, planned: SageMakerProject): Promise<void> {
  const { aws, region, state } = context
  if (state.sageMaker.resources.get([aws.account, region, 'project', planned.name]) !== undefined) return
  await aws.call('sagemaker', 'CreateProject', {
    ProjectName: planned.name,
    ProjectDescription: planned.description,
    ServiceCatalogProvisioningDetails: {
      ProductId: planned.productId,
      ...(planned.provisioningArtifactId === undefined
        ? {}
        : { ProvisioningArtifactId: planned.provisioningArtifactId }),
    },
    Tags: Object.entries(planned.tags).map(([Key, Value]) => ({ Key, Value })),
  })
}
