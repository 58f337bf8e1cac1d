import type { BucketPolicy, BucketPolicyArgs } from '@pulumi/aws/s3/bucketPolicy.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

export const bucketPolicy = resourceType<BucketPolicyArgs, BucketPolicy>({
  token: 'aws:s3/bucketPolicy:BucketPolicy',
  arguments: {
    bucket: { kind: 'string', required: true, replaces: true },
    policy: { kind: 'document', required: true },
  },
  outputs: [],

  async create({ bucket, policy }, aws) {
    await (await aws.s3()).putBucketPolicy({ Bucket: bucket, Policy: policy })
    return { id: bucket }
  },
  async read(id, aws) {
    const s3 = await aws.s3()
    const answer = await unlessGone(s3.getBucketPolicy({ Bucket: id }), 'NoSuchBucketPolicy', 'NoSuchBucket')
    return answer && { bucket: id, policy: answer.Policy }
  },
  async update(id, { after }, aws) {
    await (await aws.s3()).putBucketPolicy({ Bucket: id, Policy: after.policy })
  },
  async delete(id, _known, aws) {
    const s3 = await aws.s3()
    await unlessGone(s3.deleteBucketPolicy({ Bucket: id }), 'NoSuchBucketPolicy', 'NoSuchBucket')
  },
})
