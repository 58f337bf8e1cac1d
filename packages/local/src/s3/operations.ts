import type { ServiceOperations } from '../http/operations.js'
import { bucketOperations } from './actions/bucket-operations.js'
import { listingOperations } from './actions/listing.js'
import { objectOperations } from './actions/object-operations.js'
import type { S3Deps } from './deps.js'

/** Every operation of S3 that is implemented. */
export function s3Operations(deps: S3Deps): ServiceOperations<'s3'> {
  return { ...bucketOperations(deps), ...listingOperations(deps), ...objectOperations(deps) }
}
