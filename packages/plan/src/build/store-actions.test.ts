import { expect, test } from 'vitest'
import { fenced, objectActions, listActions } from './store-actions.js'

/**
 * Every S3 action that takes a bucket or an object (Service Authorization Reference, "Actions, resources, and
 * condition keys for Amazon S3").
 */
const actionsOnBucketsAndObjects = `
  AbortMultipartUpload AllowVendedLogDeliveryForResource BypassGovernanceRetention CreateBucket
  CreateBucketMetadataTableConfiguration DeleteBucket DeleteBucketMetadataTableConfiguration
  DeleteBucketPolicy DeleteBucketWebsite DeleteObject DeleteObjectAnnotation DeleteObjectTagging
  DeleteObjectVersion DeleteObjectVersionAnnotation DeleteObjectVersionTagging
  GetAccelerateConfiguration GetAnalyticsConfiguration GetBucketAbac GetBucketAcl GetBucketCORS
  GetBucketLocation GetBucketLogging GetBucketMetadataTableConfiguration GetBucketNotification
  GetBucketObjectLockConfiguration GetBucketOwnershipControls GetBucketPolicy
  GetBucketPolicyStatus GetBucketPublicAccessBlock GetBucketRequestPayment GetBucketTagging
  GetBucketVersioning GetBucketWebsite GetEncryptionConfiguration
  GetIntelligentTieringConfiguration GetInventoryConfiguration GetLifecycleConfiguration
  GetMetricsConfiguration GetObject GetObjectAcl GetObjectAnnotation GetObjectAttributes
  GetObjectLegalHold GetObjectRetention GetObjectTagging GetObjectTorrent GetObjectVersion
  GetObjectVersionAcl GetObjectVersionAnnotation GetObjectVersionAnnotationForReplication
  GetObjectVersionAttributes GetObjectVersionForReplication GetObjectVersionTagging
  GetObjectVersionTorrent GetReplicationConfiguration InitiateReplication ListBucket
  ListBucketMultipartUploads ListBucketVersions ListMultipartUploadParts ListObjectAnnotations
  ListObjectVersionAnnotations ListTagsForResource ObjectOwnerOverrideToBucketOwner
  PauseReplication PutAccelerateConfiguration PutAnalyticsConfiguration PutBucketAbac PutBucketAcl
  PutBucketCORS PutBucketLogging PutBucketNotification PutBucketObjectLockConfiguration
  PutBucketOwnershipControls PutBucketPolicy PutBucketPublicAccessBlock PutBucketRequestPayment
  PutBucketTagging PutBucketVersioning PutBucketWebsite PutEncryptionConfiguration
  PutIntelligentTieringConfiguration PutInventoryConfiguration PutLifecycleConfiguration
  PutMetricsConfiguration PutObject PutObjectAcl PutObjectAnnotation PutObjectLegalHold
  PutObjectRetention PutObjectTagging PutObjectVersionAcl PutObjectVersionAnnotation
  PutObjectVersionTagging PutReplicationConfiguration ReplicateDelete ReplicateObject
  ReplicateObjectAnnotation ReplicateTags RestoreObject TagResource UntagResource
  UpdateBucketMetadataAnnotationTableConfiguration UpdateBucketMetadataInventoryTableConfiguration
  UpdateBucketMetadataJournalTableConfiguration UpdateObjectEncryption
`
  .trim()
  .split(/\s+/)

function classesOf(action: string): string[] {
  return Object.entries(fenced)
    .filter(([, patterns]) =>
      patterns.some((pattern) => new RegExp(`^${pattern.replace('*', '.*')}$`).test(`s3:${action}`)),
    )
    .map(([name]) => name)
}

test('no action belongs to two classes', () => {
  expect(actionsOnBucketsAndObjects.length).toBeGreaterThan(90)
  for (const action of actionsOnBucketsAndObjects)
    expect(classesOf(action).length, action).toBeLessThanOrEqual(1)
})

test('each pattern stands for an action that exists, or S3 would refuse the bucket policy', () => {
  for (const pattern of Object.values(fenced).flat()) {
    const expression = new RegExp(`^${pattern.replace('*', '.*')}$`)
    expect(
      actionsOnBucketsAndObjects.some((action) => expression.test(`s3:${action}`)),
      pattern,
    ).toBe(true)
  }
})

test('what is in no class is left to administrators, and nothing of it is data', () => {
  expect(actionsOnBucketsAndObjects.filter((action) => classesOf(action).length === 0))
    .toMatchInlineSnapshot(`
    [
      "AllowVendedLogDeliveryForResource",
      "CreateBucket",
      "CreateBucketMetadataTableConfiguration",
      "DeleteBucket",
      "DeleteBucketMetadataTableConfiguration",
      "DeleteBucketPolicy",
      "DeleteBucketWebsite",
      "InitiateReplication",
      "PauseReplication",
      "PutAnalyticsConfiguration",
      "PutBucketAbac",
      "PutBucketAcl",
      "PutBucketLogging",
      "PutBucketObjectLockConfiguration",
      "PutBucketOwnershipControls",
      "PutBucketPolicy",
      "PutBucketPublicAccessBlock",
      "PutBucketVersioning",
      "PutBucketWebsite",
      "PutEncryptionConfiguration",
      "PutInventoryConfiguration",
      "PutLifecycleConfiguration",
      "PutReplicationConfiguration",
      "UpdateBucketMetadataAnnotationTableConfiguration",
      "UpdateBucketMetadataInventoryTableConfiguration",
      "UpdateBucketMetadataJournalTableConfiguration",
    ]
  `)
})

test('what grants allow belongs to the class of the capability', () => {
  for (const [capability, actions] of Object.entries(objectActions)) {
    for (const action of actions) expect(classesOf(action.slice(3)), action).toEqual([capability])
  }
  for (const action of listActions)
    expect(classesOf(action.slice(3))).toEqual([
      action === 's3:ListBucketMultipartUploads' ? 'uploads' : 'names',
    ])
})
