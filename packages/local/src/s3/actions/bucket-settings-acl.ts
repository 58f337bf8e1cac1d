import type { Grant } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { ServiceOperations } from '../../http/operations.js'
import type { BucketRecord } from '../records.js'
import { isPublicAcl, ownerGrants, parseAclRequest } from './bucket-acl.js'
import {
  changeBucket,
  effectiveAccessBlock,
  requireBucket,
  withSetting,
  type BucketDeps,
} from './bucket-deps.js'
import { ownerOf } from './canonical-user.js'

/** The grants of the bucket's ACL: those that were put, or the owner's full control. */
export function aclOf(bucket: BucketRecord): readonly Grant[] {
  return (bucket.settings['Acl'] as readonly Grant[] | undefined) ?? ownerGrants(bucket.account)
}

/** Reading and writing the ACL of a bucket. */
export function bucketAclOperations(deps: BucketDeps) {
  return {
    GetBucketAcl: (input) => {
      const bucket = requireBucket(deps, input)
      // Where ACLs are off, what was put before counts no more. [S3 guide, "Disabling ACLs"]
      const grants = bucket.ownership === 'BucketOwnerEnforced' ? ownerGrants(bucket.account) : aclOf(bucket)
      return { Owner: ownerOf(bucket.account), Grants: [...grants] }
    },
    PutBucketAcl: async (input, call) => {
      await changeBucket(deps, input, (bucket) => {
        if (bucket.ownership === 'BucketOwnerEnforced')
          throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400)
        const grants = parseAclRequest(input, bucket.account)
        if (grants === undefined)
          throw new AwsError('MissingSecurityHeader', 'Your request was missing a required header', 400, {
            MissingHeaderName: 'x-amz-acl',
          })
        if (isPublicAcl(grants) && effectiveAccessBlock(deps, bucket).blockPublicAcls)
          throw new AwsError(
            'AccessDenied',
            `User: ${call.caller.principal} is not authorized to perform: s3:PutBucketAcl on resource: "arn:aws:s3:::${bucket.name}" because public access control lists (ACLs) are prevented by the BlockPublicAcls setting in S3 Block Public Access.`,
            403,
          )
        return withSetting(bucket, 'Acl', grants)
      })
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}
