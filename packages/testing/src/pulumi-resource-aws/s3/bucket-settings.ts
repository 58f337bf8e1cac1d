import type {
  BucketOwnershipControls,
  BucketOwnershipControlsArgs,
} from '@pulumi/aws/s3/bucketOwnershipControls.js'
import type {
  BucketServerSideEncryptionConfiguration,
  BucketServerSideEncryptionConfigurationArgs,
} from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js'
import type { BucketVersioning, BucketVersioningArgs } from '@pulumi/aws/s3/bucketVersioning.js'
import type {
  BucketVersioningStatus,
  ObjectOwnership,
  S3,
  ServerSideEncryption,
  ServerSideEncryptionRule,
} from '@aws-sdk/client-s3'
import { unlessGone } from '../aws.js'
import { resourceType, type Inputs } from '../resource-type.js'

const bucketArgument = { kind: 'string', required: true, replaces: true } as const

export const bucketOwnershipControls = resourceType<BucketOwnershipControlsArgs, BucketOwnershipControls>({
  token: 'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  arguments: {
    bucket: bucketArgument,
    rule: { kind: { block: { objectOwnership: 'string' } }, required: true },
  },
  outputs: [],

  async create({ bucket, rule }, aws) {
    await putOwnership(await aws.s3(), bucket, rule.objectOwnership)
    return { id: bucket }
  },
  async read(id, aws) {
    const s3 = await aws.s3()
    const gone = ['OwnershipControlsNotFoundError', 'NoSuchBucket']
    const answer = await unlessGone(s3.getBucketOwnershipControls({ Bucket: id }), ...gone)
    const objectOwnership = answer?.OwnershipControls?.Rules?.[0]?.ObjectOwnership
    return objectOwnership && { bucket: id, rule: { objectOwnership } }
  },
  async update(id, { after }, aws) {
    await putOwnership(await aws.s3(), id, after.rule.objectOwnership)
  },
  async delete(id, _known, aws) {
    const s3 = await aws.s3()
    const gone = ['OwnershipControlsNotFoundError', 'NoSuchBucket']
    await unlessGone(s3.deleteBucketOwnershipControls({ Bucket: id }), ...gone)
  },
})

async function putOwnership(s3: S3, bucket: string, ownership: string): Promise<void> {
  const Rules = [{ ObjectOwnership: ownership as ObjectOwnership }]
  await s3.putBucketOwnershipControls({ Bucket: bucket, OwnershipControls: { Rules } })
}

export const bucketVersioning = resourceType<BucketVersioningArgs, BucketVersioning>({
  token: 'aws:s3/bucketVersioning:BucketVersioning',
  arguments: {
    bucket: bucketArgument,
    versioningConfiguration: { kind: { block: { status: 'string' } }, required: true },
  },
  outputs: [],

  async create({ bucket, versioningConfiguration: { status } }, aws) {
    // A bucket that never had versions is Disabled, and no request says so.
    if (status !== 'Disabled') await putVersioning(await aws.s3(), bucket, status)
    return { id: bucket }
  },
  async read(id, aws) {
    const answer = await unlessGone((await aws.s3()).getBucketVersioning({ Bucket: id }), 'NoSuchBucket')
    return answer && { bucket: id, versioningConfiguration: { status: answer.Status ?? 'Disabled' } }
  },
  async update(id, { after }, aws) {
    await putVersioning(await aws.s3(), id, after.versioningConfiguration.status)
  },
  async delete(id, { versioningConfiguration: { status } }, aws) {
    if (status !== 'Enabled') return
    await unlessGone(putVersioning(await aws.s3(), id, 'Suspended'), 'NoSuchBucket')
  },
})

async function putVersioning(s3: S3, bucket: string, status: string): Promise<void> {
  const VersioningConfiguration = { Status: status as BucketVersioningStatus }
  await s3.putBucketVersioning({ Bucket: bucket, VersioningConfiguration })
}

type EncryptionRules = Inputs<BucketServerSideEncryptionConfigurationArgs>['rules']

export const bucketEncryption = resourceType<
  BucketServerSideEncryptionConfigurationArgs,
  BucketServerSideEncryptionConfiguration
>({
  token: 'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  arguments: {
    bucket: bucketArgument,
    rules: {
      kind: {
        blocks: {
          applyServerSideEncryptionByDefault: {
            block: { sseAlgorithm: 'string', kmsMasterKeyId: 'string' },
          },
          bucketKeyEnabled: 'boolean',
        },
      },
      required: true,
    },
  },
  outputs: [],

  async create({ bucket, rules }, aws) {
    await putEncryption(await aws.s3(), bucket, rules)
    return { id: bucket }
  },
  async read(id, aws) {
    const gone = ['ServerSideEncryptionConfigurationNotFoundError', 'NoSuchBucket']
    const answer = await unlessGone((await aws.s3()).getBucketEncryption({ Bucket: id }), ...gone)
    if (answer === undefined) return undefined
    const rules = answer.ServerSideEncryptionConfiguration?.Rules ?? []
    return {
      bucket: id,
      rules: rules.map(({ ApplyServerSideEncryptionByDefault: by, BucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: by?.SSEAlgorithm,
          kmsMasterKeyId: by?.KMSMasterKeyID,
        },
        bucketKeyEnabled: BucketKeyEnabled,
      })),
    }
  },
  async update(id, { after }, aws) {
    await putEncryption(await aws.s3(), id, after.rules)
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.s3()).deleteBucketEncryption({ Bucket: id }), 'NoSuchBucket')
  },
})

async function putEncryption(s3: S3, bucket: string, rules: EncryptionRules): Promise<void> {
  const Rules = rules.map(
    ({ applyServerSideEncryptionByDefault: by, bucketKeyEnabled }): ServerSideEncryptionRule => ({
      ApplyServerSideEncryptionByDefault: by && {
        SSEAlgorithm: by.sseAlgorithm as ServerSideEncryption,
        KMSMasterKeyID: by.kmsMasterKeyId,
      },
      BucketKeyEnabled: bucketKeyEnabled,
    }),
  )
  await s3.putBucketEncryption({ Bucket: bucket, ServerSideEncryptionConfiguration: { Rules } })
}
