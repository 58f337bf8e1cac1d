import type { Call } from '../call.js'
import type { Permits } from '../http/deps.js'
import type { ObjectFiles } from '../store/object-files.js'
import type { S3State } from './state.js'

/** What the operations of S3 are given. */
export interface S3Deps {
  readonly state: S3State
  readonly files: ObjectFiles
  readonly nowMs: () => number
  readonly permits: Permits
  /** Bucket defaults of before April 2023: ACLs on, no public access block. */
  readonly legacyBucketDefaults: boolean
  /**
   * The ARN of a KMS key by id, key ARN or alias, and of the AWS managed key of S3 for `undefined`. Throws
   * `AwsError` where there is no such key.
   */
  readonly kmsKeyArn: (call: Call, keyId: string | undefined) => string
}
