import type { Capability } from '@ringfence/plan'

/** What can be done with the objects of a store. */
export type DataCapability = Extract<Capability, 'read' | 'write' | 'delete'>
export const dataCapabilities: readonly DataCapability[] = ['read', 'write', 'delete']

/**
 * What each capability on a dataset or model means, in actions of S3: stated here for proofs, apart from the tables
 * that policies are built from, so that a slip there is found. Service Authorization Reference, "Actions, resources,
 * and condition keys for Amazon S3".
 */
export const storeActions = {
  /** On objects. */
  read: [
    's3:GetObject',
    's3:GetObjectAttributes',
    's3:GetObjectTagging',
    's3:GetObjectVersion',
    's3:GetObjectVersionAttributes',
    's3:GetObjectVersionTagging',
  ],
  /** On the bucket, with `read`; they can be held to a prefix. */
  listByPrefix: ['s3:ListBucket', 's3:ListBucketVersions'],
  /** On the bucket, with `read` on all of it: S3 knows no prefix of uploads in progress. */
  listUploads: ['s3:ListBucketMultipartUploads'],
  write: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectTagging'],
  delete: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
  /** On the bucket: settings that neither open it nor move or destroy data, and how it is set up. */
  administer: [
    's3:PutAccelerateConfiguration',
    's3:PutBucketCORS',
    's3:PutBucketNotification',
    's3:PutBucketRequestPayment',
    's3:PutBucketTagging',
    's3:PutIntelligentTieringConfiguration',
    's3:PutMetricsConfiguration',
    's3:TagResource',
    's3:UntagResource',
    's3:GetBucket*',
    's3:Get*Configuration',
    's3:ListTagsForResource',
  ],
} as const

/**
 * What belongs to a capability in whatever way: whoever lacks the capability is to have none of it, whatever
 * policies they have. Patterns, so that they cover what AWS adds to a family later.
 */
export const families = {
  read: ['s3:GetObject*', 's3:ListObject*', 's3:RestoreObject'],
  names: ['s3:ListBucket', 's3:ListBucketVersions'],
  uploads: ['s3:ListBucketMultipartUploads'],
  /** Without `s3:PutObject` itself, which has rules about encryption. */
  writeBesidePut: [
    's3:PutObject?*',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
    's3:ObjectOwnerOverrideToBucketOwner',
    's3:ReplicateObject*',
    's3:ReplicateTags',
    's3:UpdateObjectEncryption',
  ],
  put: ['s3:PutObject'],
  delete: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:ReplicateDelete'],
  settings: storeActions.administer.slice(0, 9),
  /** How a bucket is set up. Not secret: whoever in the account has a policy for it may look. */
  setUp: storeActions.administer.slice(9),
} as const

/** What S3 asks of KMS for whom it works; uploads in parts are decrypted when they are completed. */
export const keyUse: Readonly<Record<DataCapability, readonly string[]>> = {
  read: ['kms:Decrypt'],
  write: ['kms:Decrypt', 'kms:GenerateDataKey'],
  delete: [],
}

/** What administrators do with a key: nothing that decrypts or encrypts, or lets others do so. */
export const keyAdministration = [
  'kms:CancelKeyDeletion', 'kms:CreateAlias', 'kms:DeleteAlias', 'kms:DescribeKey', 'kms:DisableKey',
  'kms:DisableKeyRotation', 'kms:EnableKey', 'kms:EnableKeyRotation', 'kms:GetKeyPolicy', 'kms:GetKeyRotationStatus',
  'kms:ListGrants', 'kms:ListKeyPolicies', 'kms:ListKeyRotations', 'kms:ListResourceTags', 'kms:PutKeyPolicy',
  'kms:RevokeGrant', 'kms:RotateKeyOnDemand', 'kms:ScheduleKeyDeletion', 'kms:TagResource', 'kms:UntagResource',
  'kms:UpdateAlias', 'kms:UpdateKeyDescription',
] as const // prettier-ignore

/** What a member does to fetch the access key that is kept for them in Secrets Manager. */
export const ownKey = ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']

/** What people do about their own user. */
export const ownSignIn = [
  'iam:ChangePassword',
  'iam:CreateVirtualMFADevice',
  'iam:EnableMFADevice',
  'iam:GetUser',
  'iam:ListMFADevices',
  'iam:ResyncMFADevice',
] as const

/** What jobs do besides reading and writing stores. */
export const jobActions = {
  logs: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
  metrics: ['cloudwatch:PutMetricData'],
  images: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
  login: ['ecr:GetAuthorizationToken'],
} as const

/** Looking at what is deployed on a platform, and removing it. */
const handleDeployed = [
  'sagemaker:DeleteEndpoint',
  'sagemaker:DeleteEndpointConfig',
  'sagemaker:DeleteModel',
  'sagemaker:DescribeEndpoint',
  'sagemaker:DescribeEndpointConfig',
  'sagemaker:DescribeModel',
] as const

/** What the capabilities on a platform mean, in actions of SageMaker. */
export const platformActions = {
  train: {
    create: ['sagemaker:CreateTrainingJob'],
    own: ['sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'],
    list: ['sagemaker:ListTrainingJobs'],
    kinds: ['training-job'],
  },
  deploy: {
    create: ['sagemaker:CreateEndpoint', 'sagemaker:CreateEndpointConfig', 'sagemaker:CreateModel'],
    own: [
      // An endpoint is made of a configuration that is there already, with its tag.
      'sagemaker:CreateEndpoint',
      ...handleDeployed,
      'sagemaker:UpdateEndpoint',
      'sagemaker:UpdateEndpointWeightsAndCapacities',
    ],
    list: ['sagemaker:ListEndpointConfigs', 'sagemaker:ListEndpoints', 'sagemaker:ListModels'],
    kinds: ['endpoint', 'endpoint-config', 'model'],
  },
  invoke: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
  administer: ['sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob', ...handleDeployed],
} as const
