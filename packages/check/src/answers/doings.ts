import type { AccountResource, AccountRole } from '../account/account.js'

/** Actions that people have one word for. */
export interface DoingOn {
  readonly can: string
  /** Patterns; those of all doings of a resource are all known actions on it, and none is part of two. */
  readonly actions: readonly string[]
}

const BUCKET: readonly DoingOn[] = [
  { can: 'read', actions: ['s3:GetObject*', 's3:RestoreObject', 's3:ListObject*'] },
  { can: 'list', actions: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'] },
  {
    can: 'write',
    actions: [
      's3:PutObject*',
      's3:AbortMultipartUpload',
      's3:ListMultipartUploadParts',
      's3:ObjectOwnerOverrideToBucketOwner',
      's3:ReplicateObject*',
      's3:ReplicateTags',
      's3:UpdateObjectEncryption',
    ],
  },
  { can: 'delete', actions: ['s3:DeleteObject*', 's3:BypassGovernanceRetention', 's3:ReplicateDelete'] },
  { can: 'see the settings', actions: ['s3:GetBucket*', 's3:Get*Configuration', 's3:ListTagsForResource'] },
  {
    can: 'change the settings',
    actions: [
      's3:PutBucket*',
      's3:Put*Configuration',
      's3:DeleteBucketWebsite',
      's3:DeleteBucketMetadataTableConfiguration',
      's3:CreateBucketMetadataTableConfiguration',
      's3:UpdateBucketMetadata*',
      's3:TagResource',
      's3:UntagResource',
      's3:InitiateReplication',
      's3:PauseReplication',
      's3:AllowVendedLogDeliveryForResource',
    ],
  },
  { can: 'delete the bucket or its policy', actions: ['s3:DeleteBucket', 's3:DeleteBucketPolicy'] },
  { can: 'create the bucket', actions: ['s3:CreateBucket'] },
]

const KEY: readonly DoingOn[] = [
  { can: 'decrypt', actions: ['kms:Decrypt'] },
  { can: 'encrypt', actions: ['kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'] },
  { can: 'see the settings', actions: ['kms:Describe*', 'kms:Get*', 'kms:List*'] },
  { can: 'let others use it', actions: ['kms:CreateGrant'] },
  {
    can: 'change the key',
    actions: [
      'kms:Put*',
      'kms:Schedule*',
      'kms:Disable*',
      'kms:Enable*',
      'kms:Update*',
      'kms:Cancel*',
      'kms:CreateAlias',
      'kms:Synchronize*',
      'kms:Delete*',
      'kms:Rotate*',
      'kms:Revoke*',
      'kms:Retire*',
      'kms:Replicate*',
      'kms:Import*',
      'kms:TagResource',
      'kms:UntagResource',
    ],
  },
  {
    can: 'sign or check codes',
    actions: ['kms:Sign', 'kms:Verify*', 'kms:GenerateMac', 'kms:GenerateRandom', 'kms:DeriveSharedSecret'],
  },
]

const SECRET: readonly DoingOn[] = [
  { can: 'fetch', actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'] },
  {
    can: 'see the settings',
    actions: [
      'secretsmanager:Describe*',
      'secretsmanager:GetResourcePolicy',
      'secretsmanager:List*',
      'secretsmanager:Validate*',
    ],
  },
  {
    can: 'change or delete',
    actions: [
      'secretsmanager:Cancel*',
      'secretsmanager:Create*',
      'secretsmanager:Delete*',
      'secretsmanager:Put*',
      'secretsmanager:Remove*',
      'secretsmanager:Replicate*',
      'secretsmanager:Restore*',
      'secretsmanager:Rotate*',
      'secretsmanager:Stop*',
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
      'secretsmanager:Update*',
    ],
  },
]

/** What an identity provider asks for somebody: no user or role signs such a request. */
export const SIGN_IN: DoingOn = {
  can: 'sign in as',
  actions: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
}

/** What can be done to a resource, in the order in which it is told. */
export function doingsOn(resource: AccountResource | AccountRole): readonly DoingOn[] {
  switch (resource.kind) {
    case 'bucket':
      return BUCKET
    case 'key':
      return KEY
    case 'role':
      return [{ can: 'act as', actions: ['sts:AssumeRole'] }, SIGN_IN]
    case 'other':
      if (resource.arn.split(':')[2] === 'secretsmanager') return SECRET
      return [{ can: 'use', actions: [`${resource.arn.split(':')[2] ?? ''}:*`] }]
  }
}
