import type {
  BucketLifecycleConfiguration,
  BucketLifecycleConfigurationArgs,
} from '@pulumi/aws/s3/bucketLifecycleConfiguration.js'
import type { ExpirationStatus, LifecycleRule, S3 } from '@aws-sdk/client-s3'
import { unlessGone } from '../aws.js'
import { resourceType, type Inputs } from '../resource-type.js'

type Rules = Inputs<BucketLifecycleConfigurationArgs>['rules']

export const bucketLifecycle = resourceType<BucketLifecycleConfigurationArgs, BucketLifecycleConfiguration>({
  token: 'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
  arguments: {
    bucket: { kind: 'string', required: true, replaces: true },
    rules: {
      kind: {
        blocks: {
          id: 'string',
          status: 'string',
          filter: { block: { prefix: 'string' } },
          abortIncompleteMultipartUpload: { block: { daysAfterInitiation: 'number' } },
        },
      },
      required: true,
    },
  },
  outputs: [],

  async create({ bucket, rules }, aws) {
    await putRules(await aws.s3(), bucket, rules)
    return { id: bucket }
  },
  async read(id, aws) {
    const s3 = await aws.s3()
    const gone = ['NoSuchLifecycleConfiguration', 'NoSuchBucket']
    const answer = await unlessGone(s3.getBucketLifecycleConfiguration({ Bucket: id }), ...gone)
    return answer && { bucket: id, rules: (answer.Rules ?? []).map(ruleOf) }
  },
  async update(id, { after }, aws) {
    await putRules(await aws.s3(), id, after.rules)
  },
  async delete(id, _known, aws) {
    const s3 = await aws.s3()
    await unlessGone(s3.deleteBucketLifecycle({ Bucket: id }), 'NoSuchLifecycleConfiguration', 'NoSuchBucket')
  },
})

async function putRules(s3: S3, bucket: string, rules: Rules): Promise<void> {
  const Rules = (rules ?? []).map(
    ({ id, status, filter, abortIncompleteMultipartUpload: abort }): LifecycleRule => ({
      ID: id,
      Status: status as ExpirationStatus,
      Filter: { Prefix: filter?.prefix ?? '' },
      AbortIncompleteMultipartUpload: abort && { DaysAfterInitiation: abort.daysAfterInitiation },
    }),
  )
  await s3.putBucketLifecycleConfiguration({ Bucket: bucket, LifecycleConfiguration: { Rules } })
}

/**
 * A rule as the argument spells it. What the stand-in does not know, such as an expiration that somebody added by
 * hand, is kept as AWS spells it, so that it is a difference and not overlooked.
 */
function ruleOf({ ID, Status, Filter, AbortIncompleteMultipartUpload: abort, ...rest }: LifecycleRule) {
  return {
    id: ID,
    status: Status,
    filter: { prefix: Filter?.Prefix ?? '' },
    abortIncompleteMultipartUpload: abort && { daysAfterInitiation: abort.DaysAfterInitiation },
    ...rest,
  }
}
