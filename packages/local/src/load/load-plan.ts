import type { Resource, SageMakerProject, ServiceControlPolicy } from '@ringfence/plan'
import { parsePolicy, policyLength } from '@ringfence/policy'
import { AwsError } from '../aws-error.js'
import { getAccount, putAccount } from '../iam/account.js'
import { loadExternal } from './load-external.js'
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
import type { LoadContext } from './load-context.js'
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

/** Characters of one SCP (Organizations quotas). */
const serviceControlPolicySize = 10_240

/**
 * Makes all of a plan's resources in their order; what is there as planned stays untouched, what differs is
 * changed. Service control policies come from outside of the account: they are taken off while its root works
 * and put on at the end, whether or not the rest went well.
 */
export async function loadPlan(context: LoadContext): Promise<void> {
  const { plan } = context
  const controls = plan.resources.filter((resource) => resource.type === 'organizations.Policy')
  const before = getAccount(context.state.iam, plan.account).serviceControlPolicies
  if (controls.length > 0) await setServiceControls(context, [])
  try {
    await loadExternal(context)
    for (const resource of plan.resources) await loadResource(context, resource)
  } catch (error) {
    if (controls.length > 0) await setServiceControls(context, before)
    throw error
  }
  if (controls.length > 0) await setServiceControls(context, controls.map(readServiceControl))
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
    case 'sagemaker.Project':
      return loadProject(context, resource)
    case 'organizations.Policy':
      return Promise.resolve()
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

function readServiceControl(planned: ServiceControlPolicy): { name: string; document: string } {
  const document = JSON.stringify(planned.policy)
  const read = parsePolicy(document, { kind: 'serviceControl', name: planned.id })
  if (!read.ok)
    throw new AwsError('MalformedPolicyDocumentException', read.diagnostics[0]?.message ?? '', 400)
  if (policyLength(document) > serviceControlPolicySize) {
    const text = `A service control policy has at most ${serviceControlPolicySize} characters.`
    throw new AwsError('ConstraintViolationException', text, 400)
  }
  return { name: planned.id, document }
}

function setServiceControls(
  { plan, state, write }: LoadContext,
  serviceControlPolicies: readonly { readonly name: string; readonly document: string }[],
): Promise<void> {
  return write(() => {
    putAccount(state.iam, { ...getAccount(state.iam, plan.account), serviceControlPolicies })
  })
}
