import type { S3 } from '@aws-sdk/client-s3'
import type { RequestContext } from '@ringfence/policy'
import type { Call, Requirement } from '../call.js'
import { bucketArn } from './arns.js'
import type { Rows } from './requirements.js'
import { keys } from './requirements.js'
import type { ResourceView } from './resource-view.js'
import type { AclInput } from './s3-context.js'
import { aclContext, s3Context, setsAcl } from './s3-context.js'
import { s3ObjectRows } from './s3-object-rows.js'

/*
 * Source of all rows: Service Authorization Reference, "Actions, resources, and condition keys for Amazon
 * S3", and S3 User Guide, "Required permissions for Amazon S3 API operations".
 */

interface BucketInput {
  readonly Bucket?: string | undefined
}

/** A permission on a bucket. */
export function bucketRequirement(
  action: string,
  bucket: string,
  call: Call,
  view: ResourceView,
  more: RequestContext = {},
): Requirement {
  const owner = view.bucket(bucket)?.account ?? call.caller.account
  return {
    action,
    resource: bucketArn(bucket),
    resourceAccount: owner,
    context: { ...s3Context(call, owner), ...more },
  }
}

function onBucket<Input extends BucketInput>(action: string, more?: (input: Input) => RequestContext) {
  return (input: Input, call: Call, view: ResourceView): Requirement[] => [
    bucketRequirement(action, input.Bucket ?? '', call, view, more?.(input)),
  ]
}

/** Keys of the listings (`s3:prefix` is missing when the request has none). */
function listing(input: {
  readonly Bucket?: string | undefined
  readonly Prefix?: string | undefined
  readonly Delimiter?: string | undefined
  readonly MaxKeys?: number | undefined
  readonly MaxUploads?: number | undefined
}): RequestContext {
  return keys({
    's3:prefix': input.Prefix,
    's3:delimiter': input.Delimiter,
    's3:max-keys': input.MaxKeys ?? input.MaxUploads,
  })
}

const bucketRows = {
  CreateBucket: (input, call) => {
    const bucket = input.Bucket ?? ''
    const context = {
      ...aclContext(input),
      ...keys({
        's3:locationconstraint': input.CreateBucketConfiguration?.LocationConstraint,
        's3:x-amz-object-ownership': input.ObjectOwnership,
      }),
    }
    const { account } = call.caller
    const need = (action: string): Requirement => ({
      action,
      resource: bucketArn(bucket),
      resourceAccount: account,
      context: { ...s3Context(call, account), ...context },
    })
    return [
      need('s3:CreateBucket'),
      ...(setsAcl(input) ? [need('s3:PutBucketAcl')] : []),
      ...(input.ObjectOwnership === undefined ? [] : [need('s3:PutBucketOwnershipControls')]),
      ...(input.ObjectLockEnabledForBucket === true
        ? [need('s3:PutBucketObjectLockConfiguration'), need('s3:PutBucketVersioning')]
        : []),
      ...((input.CreateBucketConfiguration?.Tags?.length ?? 0) > 0 ? [need('s3:TagResource')] : []),
    ]
  },
  HeadBucket: onBucket('s3:ListBucket'),
  DeleteBucket: onBucket('s3:DeleteBucket'),
  ListBuckets: (_input, call) => [
    {
      action: 's3:ListAllMyBuckets',
      resource: 'arn:aws:s3:::*',
      context: s3Context(call, call.caller.account),
    },
  ],
  GetBucketLocation: onBucket('s3:GetBucketLocation'),
  ListObjects: onBucket('s3:ListBucket', listing),
  ListObjectsV2: onBucket('s3:ListBucket', listing),
  ListObjectVersions: onBucket('s3:ListBucketVersions', listing),
  ListMultipartUploads: onBucket('s3:ListBucketMultipartUploads', listing),
} satisfies Rows<S3>

const settingRows = {
  GetBucketPolicy: onBucket('s3:GetBucketPolicy'),
  PutBucketPolicy: onBucket('s3:PutBucketPolicy'),
  DeleteBucketPolicy: onBucket('s3:DeleteBucketPolicy'),
  GetBucketPolicyStatus: onBucket('s3:GetBucketPolicyStatus'),
  GetPublicAccessBlock: onBucket('s3:GetBucketPublicAccessBlock'),
  PutPublicAccessBlock: onBucket('s3:PutBucketPublicAccessBlock'),
  DeletePublicAccessBlock: onBucket('s3:PutBucketPublicAccessBlock'),
  GetBucketOwnershipControls: onBucket('s3:GetBucketOwnershipControls'),
  PutBucketOwnershipControls: onBucket('s3:PutBucketOwnershipControls'),
  DeleteBucketOwnershipControls: onBucket('s3:PutBucketOwnershipControls'),
  GetBucketEncryption: onBucket('s3:GetEncryptionConfiguration'),
  PutBucketEncryption: onBucket('s3:PutEncryptionConfiguration'),
  DeleteBucketEncryption: onBucket('s3:PutEncryptionConfiguration'),
  GetBucketVersioning: onBucket('s3:GetBucketVersioning'),
  PutBucketVersioning: onBucket('s3:PutBucketVersioning'),
  GetBucketTagging: onBucket('s3:GetBucketTagging'),
  PutBucketTagging: onBucket('s3:PutBucketTagging'),
  DeleteBucketTagging: onBucket('s3:PutBucketTagging'),
  GetBucketLifecycleConfiguration: onBucket('s3:GetLifecycleConfiguration'),
  PutBucketLifecycleConfiguration: onBucket('s3:PutLifecycleConfiguration'),
  DeleteBucketLifecycle: onBucket('s3:PutLifecycleConfiguration'),
  GetBucketLogging: onBucket('s3:GetBucketLogging'),
  PutBucketLogging: onBucket('s3:PutBucketLogging'),
  GetBucketCors: onBucket('s3:GetBucketCORS'),
  PutBucketCors: onBucket('s3:PutBucketCORS'),
  DeleteBucketCors: onBucket('s3:PutBucketCORS'),
  GetBucketWebsite: onBucket('s3:GetBucketWebsite'),
  PutBucketWebsite: onBucket('s3:PutBucketWebsite'),
  DeleteBucketWebsite: onBucket('s3:DeleteBucketWebsite'),
  GetBucketReplication: onBucket('s3:GetReplicationConfiguration'),
  PutBucketReplication: onBucket('s3:PutReplicationConfiguration'),
  DeleteBucketReplication: onBucket('s3:PutReplicationConfiguration'),
  GetBucketAcl: onBucket('s3:GetBucketAcl'),
  PutBucketAcl: onBucket('s3:PutBucketAcl', (input: BucketInput & AclInput) => aclContext(input)),
  GetBucketAccelerateConfiguration: onBucket('s3:GetAccelerateConfiguration'),
  PutBucketAccelerateConfiguration: onBucket('s3:PutAccelerateConfiguration'),
  GetBucketRequestPayment: onBucket('s3:GetBucketRequestPayment'),
  PutBucketRequestPayment: onBucket('s3:PutBucketRequestPayment'),
  GetObjectLockConfiguration: onBucket('s3:GetBucketObjectLockConfiguration'),
  PutObjectLockConfiguration: onBucket('s3:PutBucketObjectLockConfiguration'),
  GetBucketNotificationConfiguration: onBucket('s3:GetBucketNotification'),
  PutBucketNotificationConfiguration: onBucket('s3:PutBucketNotification'),
  GetBucketAbac: onBucket('s3:GetBucketAbac'),
  PutBucketAbac: onBucket('s3:PutBucketAbac'),
  // Both versions of the operation take the permission of the first.
  GetBucketMetadataConfiguration: onBucket('s3:GetBucketMetadataTableConfiguration'),
  GetBucketMetadataTableConfiguration: onBucket('s3:GetBucketMetadataTableConfiguration'),
} satisfies Rows<S3>

const reportRows = {
  GetBucketMetricsConfiguration: onBucket('s3:GetMetricsConfiguration'),
  ListBucketMetricsConfigurations: onBucket('s3:GetMetricsConfiguration'),
  PutBucketMetricsConfiguration: onBucket('s3:PutMetricsConfiguration'),
  DeleteBucketMetricsConfiguration: onBucket('s3:PutMetricsConfiguration'),
  GetBucketAnalyticsConfiguration: onBucket('s3:GetAnalyticsConfiguration'),
  ListBucketAnalyticsConfigurations: onBucket('s3:GetAnalyticsConfiguration'),
  PutBucketAnalyticsConfiguration: onBucket('s3:PutAnalyticsConfiguration'),
  DeleteBucketAnalyticsConfiguration: onBucket('s3:PutAnalyticsConfiguration'),
  GetBucketInventoryConfiguration: onBucket('s3:GetInventoryConfiguration'),
  ListBucketInventoryConfigurations: onBucket('s3:GetInventoryConfiguration'),
  PutBucketInventoryConfiguration: onBucket('s3:PutInventoryConfiguration'),
  DeleteBucketInventoryConfiguration: onBucket('s3:PutInventoryConfiguration'),
  GetBucketIntelligentTieringConfiguration: onBucket('s3:GetIntelligentTieringConfiguration'),
  ListBucketIntelligentTieringConfigurations: onBucket('s3:GetIntelligentTieringConfiguration'),
  PutBucketIntelligentTieringConfiguration: onBucket('s3:PutIntelligentTieringConfiguration'),
  DeleteBucketIntelligentTieringConfiguration: onBucket('s3:PutIntelligentTieringConfiguration'),
} satisfies Rows<S3>

export const s3Rows: Rows<S3> = { ...bucketRows, ...settingRows, ...reportRows, ...s3ObjectRows }
