import type { PolicyDocument, Resource } from '@ringfence/plan'

/** The physical name of a resource, as AWS knows it. */
export function resourceName(resource: Resource): string {
  switch (resource.type) {
    case 's3.Bucket':
    case 's3.BucketPublicAccessBlock':
    case 's3.BucketOwnershipControls':
    case 's3.BucketVersioning':
    case 's3.BucketServerSideEncryptionConfiguration':
    case 's3.BucketLifecycleConfiguration':
    case 's3.BucketPolicy':
      return resource.bucket
    case 's3.AccountPublicAccessBlock':
      return resource.account
    case 'kms.Key':
      return resource.id
    case 'kms.KeyPolicy':
      return resource.key
    case 'kms.Alias':
    case 'secretsmanager.Secret':
    case 'sagemaker.Project':
    case 'organizations.Policy':
    case 'iam.PolicyAttachments':
      return resource.name
    case 'iam.User':
    case 'iam.Group':
    case 'iam.Role':
    case 'iam.Policy':
      return `${resource.path}${resource.name}`
    case 'iam.UserGroupMembership':
    case 'iam.AccessKey':
      return resource.user
    case 'secretsmanager.SecretPolicy':
    case 'secretsmanager.SecretVersion':
      return resource.secret
  }
}

/** What sets a resource apart from others of its type, in a few words; empty where its type says it all. */
export function resourceDetail(resource: Resource): string {
  switch (resource.type) {
    case 's3.Bucket':
      return resource.forceDestroy ? 'may be destroyed with its objects' : ''
    case 's3.BucketPublicAccessBlock':
    case 's3.AccountPublicAccessBlock':
      return 'all four switches on'
    case 's3.BucketOwnershipControls':
      return resource.objectOwnership
    case 's3.BucketVersioning':
      return resource.status
    case 's3.BucketServerSideEncryptionConfiguration':
      return resource.kmsKeyAliasArn ?? resource.algorithm
    case 's3.BucketLifecycleConfiguration':
      return `unfinished uploads end after ${resource.abortIncompleteMultipartUploadAfterDays} days`
    case 's3.BucketPolicy':
    case 'kms.KeyPolicy':
    case 'secretsmanager.SecretPolicy':
      return sizeOf(resource.policy)
    case 'iam.Policy':
      return `${sizeOf(resource.policy)}, ${resource.description}`
    case 'kms.Key':
      return `rotated, deleted after ${resource.deletionWindowInDays} days`
    case 'kms.Alias':
      return `of ${resource.key}`
    case 'iam.User':
    case 'iam.Role':
      return `boundary ${resource.permissionsBoundary}`
    case 'iam.Group':
      return ''
    case 'iam.UserGroupMembership':
      return `in ${resource.groups.join(', ')}${among(resource)}`
    case 'iam.PolicyAttachments':
      return `${resource.target} has ${resource.policyArns.map(lastPart).join(', ')}${among(resource)}`
    case 'iam.AccessKey':
      return `until ${resource.until}${handoverOf(resource)}`
    case 'secretsmanager.Secret':
      return 'deleted at once, without a recovery window'
    case 'secretsmanager.SecretVersion':
      return `of ${resource.accessKey}`
    case 'sagemaker.Project':
      return resource.productId
    case 'organizations.Policy':
      return `on account ${resource.targetAccount}`
  }
}

/** To whom the secret of an access key goes, where that is somebody or somewhere. */
function handoverOf({ encryptTo, secret }: Extract<Resource, { type: 'iam.AccessKey' }>): string {
  if (secret !== undefined) return `, kept in ${secret}`
  return encryptTo === undefined ? '' : `, encrypted by ${encryptTo.kind}`
}

/** The policy documents of a resource: none or one. */
export function resourcePolicies(resource: Resource): readonly PolicyDocument[] {
  switch (resource.type) {
    case 's3.BucketPolicy':
    case 'kms.Key':
    case 'kms.KeyPolicy':
    case 'iam.Policy':
    case 'organizations.Policy':
    case 'secretsmanager.SecretPolicy':
      return [resource.policy]
    case 'iam.Role':
      return [resource.assumeRolePolicy]
    default:
      return []
  }
}

/**
 * The name by which `Plan.statements` and decisions call the policy of a resource; `aliases` are the ARNs of
 * the keys' aliases by the keys' ids, or ARNs of keys that existed.
 */
export function policyName(
  resource: Resource,
  partition: string,
  aliases: ReadonlyMap<string, string>,
): string {
  switch (resource.type) {
    case 's3.BucketPolicy':
      return `arn:${partition}:s3:::${resource.bucket}`
    case 'kms.Key':
      return aliases.get(resource.id) ?? resource.id
    case 'kms.KeyPolicy':
      return aliases.get(resource.key) ?? resource.key
    case 'iam.Policy':
    case 'iam.Role':
      return resource.arn
    default:
      return resource.id
  }
}

/** What a user, group or role that existed has besides stays. */
function among({ exclusive }: { readonly exclusive: boolean }): string {
  return exclusive ? '' : ', among others'
}

/** As AWS counts managed policies: without white space. */
function sizeOf(document: PolicyDocument): string {
  return `${JSON.stringify(document).length.toLocaleString('en-US')} characters`
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
