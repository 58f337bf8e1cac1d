import type { Bucket, BucketArgs } from '@pulumi/aws/s3/bucket.js'
import type { S3 } from '@aws-sdk/client-s3'
import { isAwsError, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { tagList, tagMap, type Tags } from '../tags.js'

export const bucket = resourceType<BucketArgs, Bucket>({
  token: 'aws:s3/bucket:Bucket',
  arguments: {
    bucket: { kind: 'string', required: true, replaces: true },
    forceDestroy: { kind: 'boolean', default: false },
    tags: { kind: 'map' },
  },
  outputs: ['arn', 'bucketDomainName', 'bucketRegion', 'bucketRegionalDomainName', 'region'],
  uniqueName: 'bucket',

  async create({ bucket: name = '', tags }, aws) {
    const s3 = await aws.s3()
    await s3.createBucket({
      Bucket: name,
      ...(aws.region === 'us-east-1'
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: aws.region as 'eu-west-1' } }),
    })
    return { id: name, finish: () => putTags(s3, name, tags) }
  },

  async read(id, aws) {
    const s3 = await aws.s3()
    const head = await unlessGone(s3.headBucket({ Bucket: id }), 'NotFound', 'NoSuchBucket')
    if (head === undefined) return undefined
    const region = head.BucketRegion ?? aws.region
    return {
      bucket: id,
      tags: await readTags(s3, id),
      arn: `arn:aws:s3:::${id}`,
      bucketDomainName: `${id}.s3.amazonaws.com`,
      bucketRegion: region,
      bucketRegionalDomainName: `${id}.s3.${region}.amazonaws.com`,
      region,
    }
  },

  async update(id, { after, changed }, aws) {
    if (changed('tags')) await putTags(await aws.s3(), id, after.tags, true)
  },

  async delete(id, { forceDestroy }, aws) {
    const s3 = await aws.s3()
    try {
      await s3.deleteBucket({ Bucket: id })
    } catch (error) {
      if (isAwsError(error, 'NoSuchBucket')) return
      if (!isAwsError(error, 'BucketNotEmpty') || forceDestroy !== true) throw error
      await emptyBucket(s3, id)
      await s3.deleteBucket({ Bucket: id })
    }
  },
})

async function putTags(s3: S3, name: string, tags: Tags | undefined, clear = false): Promise<void> {
  const TagSet = tagList(tags)
  if (TagSet.length > 0) await s3.putBucketTagging({ Bucket: name, Tagging: { TagSet } })
  else if (clear) await s3.deleteBucketTagging({ Bucket: name })
}

async function readTags(s3: S3, name: string): Promise<Tags> {
  return tagMap((await unlessGone(s3.getBucketTagging({ Bucket: name }), 'NoSuchTagSet'))?.TagSet)
}

/** Deletes all versions and delete markers; each round makes the bucket smaller, or fails. */
async function emptyBucket(s3: S3, name: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket: name })
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }))
    if (Objects.length === 0) return
    const { Errors = [] } = await s3.deleteObjects({ Bucket: name, Delete: { Objects, Quiet: true } })
    const [failed] = Errors
    if (failed !== undefined)
      throw new Error(`${name}/${failed.Key ?? ''}: ${failed.Code}: ${failed.Message}`)
  }
}
