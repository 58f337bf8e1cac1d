import type { S3 } from '@aws-sdk/client-s3'
import type { BucketStep } from '@ringfence/lifecycle'
import { unlessGone } from './unless-gone.js'

/** Sends the steps one after the other. A bucket that is gone has taken along what they are about. */
export async function runBucketSteps(client: S3, steps: readonly BucketStep[]): Promise<void> {
  for (const { input, operation } of steps) {
    const sent =
      operation === 'DeleteBucketWebsite'
        ? client.deleteBucketWebsite(input)
        : client.deleteBucketReplication(input)
    await unlessGone(sent, 'NoSuchBucket')
  }
}
