import type { PublicAccessBlock } from '@ringfence/policy'
import type { Fields } from '../fields.js'
import { isTrue } from '../told.js'

/** The four switches as Terraform names them; what is not told blocks nothing. */
export function switchesOf(values: Fields): PublicAccessBlock {
  return {
    blockPublicAcls: isTrue(values['block_public_acls']),
    ignorePublicAcls: isTrue(values['ignore_public_acls']),
    blockPublicPolicy: isTrue(values['block_public_policy']),
    restrictPublicBuckets: isTrue(values['restrict_public_buckets']),
  }
}
