import type { Capability } from '../declaration.js'

type DataCapability = Extract<Capability, 'read' | 'write' | 'delete'>

/**
 * What the fence of a bucket refuses to all but the holders, by capability. Patterns, so that actions which
 * AWS adds to a family later are refused as well. Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon S3"; every action on buckets and objects belongs to exactly one class (tested).
 */
export const fenced = {
  /** On objects. RestoreObject brings data back and, with SELECT, writes query results elsewhere. */
  read: ['s3:GetObject*', 's3:ListObject*', 's3:RestoreObject'],
  /** Names of objects; goes with `read`, and administrators see them too. */
  names: ['s3:ListBucket', 's3:ListBucketVersions'],
  /** Goes with `read`: uploads in progress cannot be listed by prefix. */
  uploads: ['s3:ListBucketMultipartUploads'],
  write: [
    's3:PutObject*',
    's3:AbortMultipartUpload',
    's3:ListMultipartUploadParts',
    's3:ObjectOwnerOverrideToBucketOwner',
    's3:ReplicateObject*',
    's3:ReplicateTags',
    's3:UpdateObjectEncryption',
  ],
  delete: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:ReplicateDelete'],
  /** `administer`: settings of a bucket that neither widen the fence nor destroy or move data. */
  settings: [
    's3:PutAccelerateConfiguration',
    's3:PutBucketCORS',
    's3:PutBucketNotification',
    's3:PutBucketRequestPayment',
    's3:PutBucketTagging',
    's3:PutIntelligentTieringConfiguration',
    's3:PutMetricsConfiguration',
    's3:TagResource',
    's3:UntagResource',
  ],
  /** Harmless: how the bucket is set up. Open to whoever in the account has a policy for it. */
  configuration: ['s3:GetBucket*', 's3:Get*Configuration', 's3:ListTagsForResource'],
} as const

/** What a grant allows on objects. */
export const objectActions: Readonly<Record<DataCapability, readonly string[]>> = {
  read: [
    's3:GetObject',
    's3:GetObjectAttributes',
    's3:GetObjectTagging',
    's3:GetObjectVersion',
    's3:GetObjectVersionAttributes',
    's3:GetObjectVersionTagging',
  ],
  write: ['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts', 's3:PutObject', 's3:PutObjectTagging'],
  delete: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
}

/** What `read` allows on the bucket: all of it, or by prefix (ListBucketMultipartUploads has no prefix key). */
export const listActions = [
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:ListBucketMultipartUploads',
] as const
export const listActionsByPrefix = ['s3:ListBucket', 's3:ListBucketVersions'] as const

/** What S3 asks of KMS on behalf of the caller; parts of multipart uploads are decrypted on completion. */
export const keyActions: Readonly<Record<DataCapability, readonly string[]>> = {
  read: ['kms:Decrypt'],
  write: ['kms:Decrypt', 'kms:GenerateDataKey'],
  delete: [],
}

/**
 * Administration of a key without use of it: nothing here decrypts, encrypts or lets others do so
 * (no CreateGrant, no ReplicateKey).
 */
export const keyAdministration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
] as const
