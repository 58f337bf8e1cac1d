import type {
  AccountPublicAccessBlock,
  AccountPublicAccessBlockArgs,
} from '@pulumi/aws/s3/accountPublicAccessBlock.js'
import type {
  BucketPublicAccessBlock,
  BucketPublicAccessBlockArgs,
} from '@pulumi/aws/s3/bucketPublicAccessBlock.js'
import type { PublicAccessBlockConfiguration } from '@aws-sdk/client-s3'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'

const flags = {
  blockPublicAcls: { kind: 'boolean', default: false },
  blockPublicPolicy: { kind: 'boolean', default: false },
  ignorePublicAcls: { kind: 'boolean', default: false },
  restrictPublicBuckets: { kind: 'boolean', default: false },
} as const

const gone = 'NoSuchPublicAccessBlockConfiguration'

export const bucketPublicAccessBlock = resourceType<BucketPublicAccessBlockArgs, BucketPublicAccessBlock>({
  token: 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  arguments: { bucket: { kind: 'string', required: true, replaces: true }, ...flags },
  outputs: [],

  async create(inputs, aws) {
    const s3 = await aws.s3()
    await s3.putPublicAccessBlock({ Bucket: inputs.bucket, ...configurationOf(inputs) })
    return { id: inputs.bucket }
  },
  async read(id, aws) {
    const answer = await unlessGone(
      (await aws.s3()).getPublicAccessBlock({ Bucket: id }),
      gone,
      'NoSuchBucket',
    )
    return answer && { bucket: id, ...flagsOf(answer.PublicAccessBlockConfiguration) }
  },
  async update(id, { after }, aws) {
    await (await aws.s3()).putPublicAccessBlock({ Bucket: id, ...configurationOf(after) })
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.s3()).deletePublicAccessBlock({ Bucket: id }), gone, 'NoSuchBucket')
  },
})

export const accountPublicAccessBlock = resourceType<AccountPublicAccessBlockArgs, AccountPublicAccessBlock>({
  token: 'aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock',
  arguments: { accountId: { kind: 'string', replaces: true, computed: true }, ...flags },
  outputs: [],

  async create(inputs, aws) {
    const id = inputs.accountId ?? (await aws.accountId())
    await (await aws.s3Control()).putPublicAccessBlock({ AccountId: id, ...configurationOf(inputs) })
    return { id }
  },
  async read(id, aws) {
    const answer = await unlessGone((await aws.s3Control()).getPublicAccessBlock({ AccountId: id }), gone)
    return answer && { accountId: id, ...flagsOf(answer.PublicAccessBlockConfiguration) }
  },
  async update(id, { after }, aws) {
    await (await aws.s3Control()).putPublicAccessBlock({ AccountId: id, ...configurationOf(after) })
  },
  async delete(id, _known, aws) {
    await unlessGone((await aws.s3Control()).deletePublicAccessBlock({ AccountId: id }), gone)
  },
})

type Flags = { readonly [Name in keyof typeof flags]?: boolean | undefined }

function configurationOf(inputs: Flags) {
  return {
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: inputs.blockPublicAcls,
      BlockPublicPolicy: inputs.blockPublicPolicy,
      IgnorePublicAcls: inputs.ignorePublicAcls,
      RestrictPublicBuckets: inputs.restrictPublicBuckets,
    } satisfies PublicAccessBlockConfiguration,
  }
}

function flagsOf(configuration: PublicAccessBlockConfiguration | undefined): Flags {
  return {
    blockPublicAcls: configuration?.BlockPublicAcls,
    blockPublicPolicy: configuration?.BlockPublicPolicy,
    ignorePublicAcls: configuration?.IgnorePublicAcls,
    restrictPublicBuckets: configuration?.RestrictPublicBuckets,
  }
}
