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
import type { Block, PlanIndex } from './block.js'
import { policyText } from './block.js'

/**
 * S3 itself refuses to delete a bucket with objects, but Terraform would take the fence away before it asks: so the
 * plan to destroy is refused already.
 */
export function mapBucket(resource: Bucket, index: PlanIndex): Block {
  const { id, dependsOn, bucket, forceDestroy, tags } = resource
  return {
    type: 'aws_s3_bucket',
    id,
    dependsOn,
    arguments: { bucket, force_destroy: forceDestroy, tags },
    preventDestroy: index.isKept(resource),
  }
}

export function mapPublicAccessBlock(resource: BucketPublicAccessBlock): Block {
  const { id, dependsOn, bucket } = resource
  return {
    type: 'aws_s3_bucket_public_access_block',
    id,
    dependsOn,
    arguments: { bucket, ...switches(resource) },
  }
}

export function mapOwnershipControls(resource: BucketOwnershipControls): Block {
  const { id, dependsOn, bucket, objectOwnership } = resource
  return {
    type: 'aws_s3_bucket_ownership_controls',
    id,
    dependsOn,
    arguments: { bucket, rule: { object_ownership: objectOwnership } },
  }
}

export function mapVersioning({ id, dependsOn, bucket, status }: BucketVersioning): Block {
  return {
    type: 'aws_s3_bucket_versioning',
    id,
    dependsOn,
    arguments: { bucket, versioning_configuration: { status } },
  }
}

export function mapEncryption(resource: BucketEncryption): Block {
  const { id, dependsOn, bucket, algorithm, kmsKeyAliasArn } = resource
  const byDefault = {
    sse_algorithm: algorithm,
    ...(kmsKeyAliasArn === undefined ? {} : { kms_master_key_id: kmsKeyAliasArn }),
  }
  return {
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    id,
    dependsOn,
    arguments: {
      bucket,
      rule: {
        apply_server_side_encryption_by_default: byDefault,
        bucket_key_enabled: algorithm === 'aws:kms',
      },
    },
  }
}

export function mapLifecycle(resource: BucketLifecycle): Block {
  const { id, dependsOn, bucket, abortIncompleteMultipartUploadAfterDays: days } = resource
  return {
    type: 'aws_s3_bucket_lifecycle_configuration',
    id,
    dependsOn,
    arguments: {
      bucket,
      // An empty filter is for all objects; without one AWS refuses the rule.
      rule: {
        id: lifecycleRuleId,
        status: 'Enabled',
        filter: {},
        abort_incomplete_multipart_upload: { days_after_initiation: days },
      },
    },
  }
}

export function mapBucketPolicy({ id, dependsOn, bucket, policy }: BucketPolicy): Block {
  return { type: 'aws_s3_bucket_policy', id, dependsOn, arguments: { bucket, policy: policyText(policy) } }
}

export function mapAccountPublicAccessBlock(resource: AccountPublicAccessBlock): Block {
  const { id, dependsOn, account } = resource
  return {
    type: 'aws_s3_account_public_access_block',
    id,
    dependsOn,
    arguments: { account_id: account, ...switches(resource) },
  }
}

function switches(block: BucketPublicAccessBlock | AccountPublicAccessBlock): Record<string, boolean> {
  return {
    block_public_acls: block.blockPublicAcls,
    block_public_policy: block.blockPublicPolicy,
    ignore_public_acls: block.ignorePublicAcls,
    restrict_public_buckets: block.restrictPublicBuckets,
  }
}
