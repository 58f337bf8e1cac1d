import { isPublicPolicy, parsePolicy, policyLength, type Policy } from '@ringfence/policy'
import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { ServiceOperations } from '../../http/operations.js'
import type { BucketRecord } from '../records.js'
import { bucketPolicyFault, policyFault } from './bucket-policy-faults.js'
import { changeBucket, effectiveAccessBlock, requireBucket, without, type BucketDeps } from './bucket-deps.js'

/** 20 KB. [S3 guide, "Bucket policies are limited to 20 KB in size"] */
const maxPolicyLength = 20 * 1024

/** Put, Get and Delete of a bucket's policy, and whether it is public. */
export function bucketPolicyOperations(deps: BucketDeps) {
  return {
    PutBucketPolicy: async (input, call) => {
      await changeBucket(deps, input, (bucket) => {
        refuseOtherAccounts(bucket, call)
        const text = input.Policy ?? ''
        const policy = checkBucketPolicy(bucket.name, text)
        if (effectiveAccessBlock(deps, bucket).blockPublicPolicy && isPublicPolicy(policy))
          throw publicPolicyRefused(bucket, call)
        return { ...bucket, policy: text }
      })
      return {}
    },
    GetBucketPolicy: (input, call) => {
      const bucket = requireBucket(deps, input)
      refuseOtherAccounts(bucket, call)
      return { Policy: requirePolicy(bucket) }
    },
    GetBucketPolicyStatus: (input) => {
      const bucket = requireBucket(deps, input)
      const policy = checkBucketPolicy(bucket.name, requirePolicy(bucket))
      return { PolicyStatus: { IsPublic: isPublicPolicy(policy) } }
    },
    DeleteBucketPolicy: async (input, call) => {
      await changeBucket(deps, input, (bucket) => {
        refuseOtherAccounts(bucket, call)
        return without(bucket, 'policy')
      })
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}

/**
 * Reads a policy as S3 would take it for the bucket. Errors: `MalformedPolicy`, whose `Detail` is the reason;
 * `PolicyTooLarge`.
 */
export function checkBucketPolicy(bucket: string, text: string): Policy {
  if (policyLength(text) > maxPolicyLength)
    throw new AwsError('PolicyTooLarge', 'Policy exceeds the maximum allowed document size.', 400)
  const parsed = parsePolicy(text, { kind: 'resource', name: `arn:aws:s3:::${bucket}` })
  const fault = parsed.ok ? bucketPolicyFault(parsed.policy, bucket) : policyFault(parsed.diagnostics)
  if (fault !== undefined) throw new AwsError('MalformedPolicy', fault.message, 400, { Detail: fault.detail })
  if (!parsed.ok) throw new AwsError('MalformedPolicy', 'Invalid policy', 400)
  return parsed.policy
}

/** Whoever may do it from another account is still refused. [API_PutBucketPolicy: 405 Method Not Allowed] */
function refuseOtherAccounts(bucket: BucketRecord, call: Call): void {
  if (call.caller.account !== bucket.account)
    throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405)
}

function requirePolicy(bucket: BucketRecord): string {
  if (bucket.policy === undefined)
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, {
      BucketName: bucket.name,
    })
  return bucket.policy
}

/** [S3 guide, "Troubleshoot access denied (403 Forbidden) errors", Block Public Access settings] */
function publicPolicyRefused(bucket: BucketRecord, call: Call): AwsError {
  return new AwsError(
    'AccessDenied',
    `User: ${call.caller.principal} is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::${bucket.name}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
    403,
  )
}
