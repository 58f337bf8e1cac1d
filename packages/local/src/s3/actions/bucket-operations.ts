import type { ServiceOperations } from '../../http/operations.js'
import { bucketLifecycleOperations } from './buckets.js'
import type { BucketDeps } from './bucket-deps.js'
import { bucketPolicyOperations } from './bucket-policy.js'
import { bucketAclOperations } from './bucket-settings-acl.js'
import { bucketKeptOperations } from './bucket-settings-kept.js'
import { bucketListedOperations } from './bucket-settings-listed.js'
import { bucketLockOperations } from './bucket-settings-lock.js'
import { bucketMetadataOperations } from './bucket-settings-metadata.js'
import { bucketSettingsOperations } from './bucket-settings.js'

/** Every operation on buckets and their sub-resources, listings of their objects apart. */
export function bucketOperations(deps: BucketDeps) {
  return {
    ...bucketLifecycleOperations(deps),
    ...bucketPolicyOperations(deps),
    ...bucketSettingsOperations(deps),
    ...bucketAclOperations(deps),
    ...bucketLockOperations(deps),
    ...bucketKeptOperations(deps),
    ...bucketListedOperations(deps),
    ...bucketMetadataOperations(deps),
  } satisfies ServiceOperations<'s3'>
}
