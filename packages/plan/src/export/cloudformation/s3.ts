import type {
  AccountPublicAccessBlock,
  Bucket,
  BucketEncryption,
  BucketLifecycle,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketVersioning,
} from '../../plan.js'
import { lifecycleRuleId } from '../lifecycle-rule.js'
import type { JsonObject } from '../print-json.js'
import { policyJson } from '../print-json.js'
import type { Mapped, PlanIndex } from './mapped.js'
import { refuseExisting, tagList } from './mapped.js'

/** Everything that a bucket has besides its name, tags and policy. */
type BucketSetting =
  BucketEncryption | BucketLifecycle | BucketOwnershipControls | BucketPublicAccessBlock | BucketVersioning

/** CloudFormation deletes a bucket without objects; the data of a dataset must not hang on that. */
export function mapBucket(resource: Bucket, index: PlanIndex): Mapped {
  const { bucket, tags, forceDestroy } = resource
  return {
    as: 'resource',
    type: 'AWS::S3::Bucket',
    properties: { BucketName: bucket, Tags: tagList(tags) },
    retain: index.isKept(resource),
    ...(forceDestroy
      ? {
          lacks: {
            message: `CloudFormation cannot empty the bucket "${bucket}": a stack cannot delete it while it has objects`,
            hint: 'empty the bucket before it is deleted',
          },
        }
      : {}),
  }
}

/** A setting of a bucket, which CloudFormation has as a property of the bucket. */
export function mapBucketSetting(setting: BucketSetting, index: PlanIndex): Mapped {
  const owner = index.bucket(setting.bucket)
  if (owner === undefined) return refuseExisting(`the bucket "${setting.bucket}"`)
  return { as: 'properties', of: owner, properties: settingProperties(setting) }
}

function settingProperties(setting: BucketSetting): JsonObject {
  switch (setting.type) {
    case 's3.BucketPublicAccessBlock':
      return {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: setting.blockPublicAcls,
          BlockPublicPolicy: setting.blockPublicPolicy,
          IgnorePublicAcls: setting.ignorePublicAcls,
          RestrictPublicBuckets: setting.restrictPublicBuckets,
        },
      }
    case 's3.BucketOwnershipControls':
      return { OwnershipControls: { Rules: [{ ObjectOwnership: setting.objectOwnership }] } }
    case 's3.BucketVersioning':
      return { VersioningConfiguration: { Status: setting.status } }
    case 's3.BucketServerSideEncryptionConfiguration': {
      const { algorithm, kmsKeyAliasArn } = setting
      const byDefault = {
        SSEAlgorithm: algorithm,
        ...(kmsKeyAliasArn === undefined ? {} : { KMSMasterKeyID: kmsKeyAliasArn }),
      }
      const rule = { ServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: algorithm === 'aws:kms' }
      return { BucketEncryption: { ServerSideEncryptionConfiguration: [rule] } }
    }
    case 's3.BucketLifecycleConfiguration':
      return {
        LifecycleConfiguration: {
          Rules: [
            {
              Id: lifecycleRuleId,
              Status: 'Enabled',
              AbortIncompleteMultipartUpload: {
                DaysAfterInitiation: setting.abortIncompleteMultipartUploadAfterDays,
              },
            },
          ],
        },
      }
  }
}

/** The fence stays with a bucket that stays: without it, whoever may read all of S3 in the account reads this. */
export function mapBucketPolicy(resource: BucketPolicy, index: PlanIndex): Mapped {
  return {
    as: 'resource',
    type: 'AWS::S3::BucketPolicy',
    properties: { Bucket: resource.bucket, PolicyDocument: policyJson(resource.policy) },
    retain: index.isKept(resource),
  }
}

/** AWS has no type for it: `AWS::S3::AccountPublicAccessBlock` is known to AWS Config only. */
export function mapAccountPublicAccessBlock({ account }: AccountPublicAccessBlock): Mapped {
  const switches = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets']
  return {
    as: 'nothing',
    why: {
      message: `CloudFormation has no resource for the public access block of the account; the template blocks public access to each bucket only`,
      hint: `aws s3control put-public-access-block --account-id ${account} --public-access-block-configuration ${switches.map((name) => `${name}=true`).join(',')}`,
    },
  }
}
