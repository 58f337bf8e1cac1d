import { AwsError } from '../aws-error.js'
import type { Call } from '../call.js'
import type { ServiceOperations } from '../http/operations.js'
import type { BucketRecord } from '../s3/records.js'
import { changeBucket, requireBucket, without, type BucketDeps } from '../s3/actions/bucket-deps.js'
import { parseTagSet, printTagSet } from '../s3/actions/bucket-tags.js'
import { parsePublicAccessBlock, printPublicAccessBlock } from '../s3/actions/public-access-block-shape.js'

/** S3 Control: the public access block of an account, and tags of buckets by their ARN. */
export function s3ControlOperations(deps: BucketDeps) {
  const { state } = deps
  return {
    GetPublicAccessBlock: (input, call) => {
      const block = state.accountPublicAccessBlock(ownAccount(input, call))
      if (block === undefined)
        throw new AwsError(
          'NoSuchPublicAccessBlockConfiguration',
          'The public access block configuration was not found',
          404,
          { AccountId: call.caller.account },
        )
      return { PublicAccessBlockConfiguration: printPublicAccessBlock(block) }
    },
    PutPublicAccessBlock: async (input, call) => {
      const account = ownAccount(input, call)
      const block = parsePublicAccessBlock(input.PublicAccessBlockConfiguration)
      await state.database.transaction(() => state.setAccountPublicAccessBlock(account, block))
      return {}
    },
    DeletePublicAccessBlock: async (input, call) => {
      const account = ownAccount(input, call)
      await state.database.transaction(() => state.setAccountPublicAccessBlock(account, undefined))
      return {}
    },
    ListTagsForResource: (input, call) => {
      const bucket = ownBucket(deps, input, call)
      return { Tags: printTagSet(bucket.tags ?? {}) as { Key: string; Value: string }[] }
    },
    TagResource: async (input, call) => {
      const { name } = ownBucket(deps, input, call)
      await changeBucket(deps, { Bucket: name }, (bucket) => {
        const added = parseTagSet(input.Tags ?? [])
        return withTags(bucket, parseTagSet(printTagSet({ ...bucket.tags, ...added })))
      })
      return {}
    },
    UntagResource: async (input, call) => {
      const { name } = ownBucket(deps, input, call)
      const removed = new Set(input.TagKeys)
      await changeBucket(deps, { Bucket: name }, (bucket) =>
        withTags(
          bucket,
          Object.fromEntries(Object.entries(bucket.tags ?? {}).filter(([key]) => !removed.has(key))),
        ),
      )
      return {}
    },
  } satisfies ServiceOperations<'s3-control'>
}

/** S3 Control serves each account alone. [API_control_PutPublicAccessBlock, x-amz-account-id] */
function ownAccount(input: { readonly AccountId?: string | undefined }, call: Call): string {
  const account = input.AccountId ?? ''
  if (!/^\d{12}$/.test(account))
    throw new AwsError('InvalidRequest', 'The x-amz-account-id header is missing or malformed', 400)
  if (account !== call.caller.account) throw new AwsError('AccessDenied', 'Access Denied', 403)
  return account
}

/** Of the resources that S3 Control tags, general purpose buckets alone are here. */
function ownBucket(
  deps: BucketDeps,
  input: { readonly AccountId?: string | undefined; readonly ResourceArn: string | undefined },
  call: Call,
): BucketRecord {
  const account = ownAccount(input, call)
  const name = /^arn:aws:s3:::([^/*?]+)$/.exec(input.ResourceArn ?? '')?.[1]
  if (name === undefined)
    throw new AwsError('InvalidRequest', 'The resource is no general purpose bucket', 400)
  return requireBucket(deps, { Bucket: name, ExpectedBucketOwner: account })
}

function withTags(bucket: BucketRecord, tags: Readonly<Record<string, string>>): BucketRecord {
  return Object.keys(tags).length === 0 ? without(bucket, 'tags') : { ...bucket, tags }
}
