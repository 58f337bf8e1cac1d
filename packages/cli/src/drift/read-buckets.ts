import type { S3, ServerSideEncryptionRule } from '@aws-sdk/client-s3'
import type { S3Control } from '@aws-sdk/client-s3-control'
import {
  accessBlock,
  type AccessBlock,
  canonicalText,
  encryption,
  type Fact,
  lifecycleOf,
  present,
  type Thing,
} from '@ringfence/lifecycle'
import { tagsOf } from './read-iam.js'
import { mapSome, unlessGone } from './unless-gone.js'

/** Reads the settings of buckets; one that is not there has no facts. `aliasOf` tells how a key is called. */
export async function readBuckets(
  s3: S3,
  names: readonly string[],
  aliasOf: (key: string) => string,
): Promise<readonly Fact[]> {
  return (await mapSome(names, (name) => bucketFacts(s3, name, aliasOf))).flat()
}

/** The access block of the account. */
export async function readAccountBlock(s3Control: S3Control, account: string): Promise<readonly Fact[]> {
  const block = await unlessGone(
    s3Control.getPublicAccessBlock({ AccountId: account }),
    'NoSuchPublicAccessBlockConfiguration',
  )
  return blockFact(`account/${account}`, block?.PublicAccessBlockConfiguration)
}

interface AwsBlock {
  readonly BlockPublicAcls?: boolean | undefined
  readonly IgnorePublicAcls?: boolean | undefined
  readonly BlockPublicPolicy?: boolean | undefined
  readonly RestrictPublicBuckets?: boolean | undefined
}

function blockFact(thing: Thing, block: AwsBlock | undefined): readonly Fact[] {
  if (block === undefined) return []
  const switches: AccessBlock = {
    blockPublicAcls: block.BlockPublicAcls,
    ignorePublicAcls: block.IgnorePublicAcls,
    blockPublicPolicy: block.BlockPublicPolicy,
    restrictPublicBuckets: block.RestrictPublicBuckets,
  }
  return [{ thing, aspect: 'accessBlock', value: accessBlock(switches) }]
}

async function bucketFacts(
  s3: S3,
  bucket: string,
  aliasOf: (key: string) => string,
): Promise<readonly Fact[]> {
  const Bucket = { Bucket: bucket }
  const thing: Thing = `bucket/${bucket}`
  const tags = await unlessGone(s3.getBucketTagging(Bucket), 'NoSuchTagSet', 'NoSuchBucket')
  if (tags === undefined && !(await isThere(s3, bucket))) return []
  const block = await unlessGone(s3.getPublicAccessBlock(Bucket), 'NoSuchPublicAccessBlockConfiguration')
  const encrypted = await unlessGone(
    s3.getBucketEncryption(Bucket),
    'ServerSideEncryptionConfigurationNotFoundError',
  )
  const rules = await unlessGone(s3.getBucketLifecycleConfiguration(Bucket), 'NoSuchLifecycleConfiguration')
  const ownership = await unlessGone(s3.getBucketOwnershipControls(Bucket), 'OwnershipControlsNotFoundError')
  const policy = await unlessGone(s3.getBucketPolicy(Bucket), 'NoSuchBucketPolicy')
  const website = await unlessGone(s3.getBucketWebsite(Bucket), 'NoSuchWebsiteConfiguration')
  const replication = await unlessGone(
    s3.getBucketReplication(Bucket),
    'ReplicationConfigurationNotFoundError',
  )
  const versioning = (await s3.getBucketVersioning(Bucket)).Status
  const rule = encrypted?.ServerSideEncryptionConfiguration?.Rules?.[0]
  const values: readonly (readonly [Fact['aspect'], string | undefined])[] = [
    ['encryption', encryptionText(rule, aliasOf)],
    ['lifecycle', rules?.Rules === undefined ? undefined : lifecycleOf(rules.Rules)],
    ['ownership', ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership],
    ['document', policy?.Policy === undefined ? undefined : canonicalText(policy.Policy)],
    ['website', website === undefined ? undefined : present],
    ['replication', replication === undefined ? undefined : present],
    ['versioning', versioning],
  ]
  return [
    { thing, aspect: 'exists', value: present },
    ...tagsOf(thing, tags?.TagSet),
    ...blockFact(thing, block?.PublicAccessBlockConfiguration),
    ...values.flatMap(([aspect, value]) => (value === undefined ? [] : [{ thing, aspect, value }])),
  ]
}

async function isThere(s3: S3, Bucket: string): Promise<boolean> {
  return (await unlessGone(s3.headBucket({ Bucket }), 'NotFound', 'NoSuchBucket')) !== undefined
}

function encryptionText(
  rule: ServerSideEncryptionRule | undefined,
  aliasOf: (key: string) => string,
): string | undefined {
  const by = rule?.ApplyServerSideEncryptionByDefault
  if (by?.SSEAlgorithm === undefined) return undefined
  return encryption(by.SSEAlgorithm, by.KMSMasterKeyID === undefined ? undefined : aliasOf(by.KMSMasterKeyID))
}
