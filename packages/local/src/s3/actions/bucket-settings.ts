import type { ServerSideEncryptionRule } from '@aws-sdk/client-s3'
import { AwsError } from '../../aws-error.js'
import type { OperationInput, ServiceOperations } from '../../http/operations.js'
import type { BucketEncryption, BucketRecord } from '../records.js'
import { grantsToOthers, ownerships } from './bucket-acl.js'
import {
  changeBucket,
  invalidArgument,
  malformedXml,
  requireBucket,
  without,
  withSetting,
  type BucketDeps,
} from './bucket-deps.js'
import { aclOf } from './bucket-settings-acl.js'
import { parseTagSet, printTagSet } from './bucket-tags.js'
import { parsePublicAccessBlock, printPublicAccessBlock } from './public-access-block-shape.js'

const algorithms: ReadonlySet<string> = new Set(['AES256', 'aws:kms', 'aws:kms:dsse'])
const noBlock = 'The public access block configuration was not found'

/** The settings of a bucket that have an effect here: access block, ownership, encryption, versioning, tags. */
export function bucketSettingsOperations(deps: BucketDeps) {
  return {
    GetPublicAccessBlock: (input) => {
      const { name, publicAccessBlock } = requireBucket(deps, input)
      if (publicAccessBlock === undefined)
        throw new AwsError('NoSuchPublicAccessBlockConfiguration', noBlock, 404, { BucketName: name })
      return { PublicAccessBlockConfiguration: printPublicAccessBlock(publicAccessBlock) }
    },
    PutPublicAccessBlock: async (input) => {
      const publicAccessBlock = parsePublicAccessBlock(input.PublicAccessBlockConfiguration)
      await changeBucket(deps, input, (bucket) => ({ ...bucket, publicAccessBlock }))
      return {}
    },
    DeletePublicAccessBlock: async (input) => {
      await changeBucket(deps, input, (bucket) => without(bucket, 'publicAccessBlock'))
      return {}
    },
    GetBucketOwnershipControls: (input) => {
      const { name, ownership } = requireBucket(deps, input)
      if (ownership === undefined)
        throw new AwsError(
          'OwnershipControlsNotFoundError',
          'The bucket ownership controls were not found',
          404,
          { BucketName: name },
        )
      return { OwnershipControls: { Rules: [{ ObjectOwnership: ownership }] } }
    },
    PutBucketOwnershipControls: async (input) => {
      await changeBucket(deps, input, (bucket) => withOwnership(bucket, input))
      return {}
    },
    DeleteBucketOwnershipControls: async (input) => {
      await changeBucket(deps, input, (bucket) => without(bucket, 'ownership'))
      return {}
    },
    GetBucketEncryption: (input) => ({
      ServerSideEncryptionConfiguration: { Rules: [printEncryption(requireBucket(deps, input))] },
    }),
    PutBucketEncryption: async (input) => {
      const { encryption, blocked } = parseEncryption(input.ServerSideEncryptionConfiguration?.Rules)
      await changeBucket(deps, input, (bucket) =>
        withSetting({ ...bucket, encryption }, 'BlockedEncryptionTypes', blocked),
      )
      return {}
    },
    // Back to the base level, which every bucket has. [S3 guide, "default encryption for buckets"]
    DeleteBucketEncryption: async (input) => {
      await changeBucket(deps, input, (bucket) =>
        withSetting(
          { ...bucket, encryption: { algorithm: 'AES256', bucketKey: false } },
          'BlockedEncryptionTypes',
          undefined,
        ),
      )
      return {}
    },
    GetBucketVersioning: (input) => {
      const { versioning } = requireBucket(deps, input)
      return versioning === undefined ? {} : { Status: versioning }
    },
    PutBucketVersioning: async (input) => {
      await changeBucket(deps, input, (bucket) => withVersioning(bucket, input))
      return {}
    },
    GetBucketTagging: (input) => {
      const { name, tags } = requireBucket(deps, input)
      if (tags === undefined)
        throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: name })
      return { TagSet: printTagSet(tags) }
    },
    PutBucketTagging: async (input) => {
      const tags = parseTagSet(input.Tagging?.TagSet ?? [])
      await changeBucket(deps, input, (bucket) =>
        Object.keys(tags).length === 0 ? without(bucket, 'tags') : { ...bucket, tags },
      )
      return {}
    },
    DeleteBucketTagging: async (input) => {
      await changeBucket(deps, input, (bucket) => without(bucket, 'tags'))
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}

/** [API_PutBucketOwnershipControls] */
function withOwnership(
  bucket: BucketRecord,
  input: OperationInput<'s3', 'PutBucketOwnershipControls'>,
): BucketRecord {
  const rules = input.OwnershipControls?.Rules ?? []
  const ownership = rules[0]?.ObjectOwnership
  if (rules.length !== 1 || ownership === undefined || !ownerships.has(ownership)) throw malformedXml()
  if (ownership === 'BucketOwnerEnforced' && grantsToOthers(aclOf(bucket), bucket.account))
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
      400,
    )
  return { ...bucket, ownership }
}

function printEncryption({ encryption, settings }: BucketRecord): ServerSideEncryptionRule {
  const { algorithm, kmsKeyId, bucketKey } = encryption
  const blocked = settings['BlockedEncryptionTypes'] as ServerSideEncryptionRule['BlockedEncryptionTypes']
  return {
    ApplyServerSideEncryptionByDefault: {
      SSEAlgorithm: algorithm,
      ...(kmsKeyId === undefined ? {} : { KMSMasterKeyID: kmsKeyId }),
    },
    BucketKeyEnabled: bucketKey,
    ...(blocked === undefined ? {} : { BlockedEncryptionTypes: blocked }),
  }
}

/** One rule. [API_PutBucketEncryption, API_ServerSideEncryptionByDefault] */
function parseEncryption(rules: readonly ServerSideEncryptionRule[] = []): {
  readonly encryption: BucketEncryption
  readonly blocked: ServerSideEncryptionRule['BlockedEncryptionTypes']
} {
  const [rule] = rules
  if (rules.length !== 1 || rule === undefined) throw malformedXml()
  // A rule may be there only to block encryption types; the default stays the base level.
  const byDefault = rule.ApplyServerSideEncryptionByDefault ?? { SSEAlgorithm: 'AES256' }
  const algorithm = byDefault.SSEAlgorithm
  const kmsKeyId = byDefault.KMSMasterKeyID
  if (algorithm === undefined || !algorithms.has(algorithm)) throw malformedXml()
  if (algorithm === 'AES256' && kmsKeyId !== undefined)
    throw invalidArgument(
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      'KMSMasterKeyID',
      kmsKeyId,
    )
  return {
    encryption: {
      algorithm: algorithm as BucketEncryption['algorithm'],
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
      bucketKey: rule.BucketKeyEnabled ?? false,
    },
    blocked: rule.BlockedEncryptionTypes,
  }
}

/** [API_PutBucketVersioning; S3 guide, "Object Lock considerations"] */
function withVersioning(
  bucket: BucketRecord,
  input: OperationInput<'s3', 'PutBucketVersioning'>,
): BucketRecord {
  const { MFADelete, Status } = input.VersioningConfiguration ?? {}
  if (Status !== 'Enabled' && Status !== 'Suspended')
    throw new AwsError(
      'IllegalVersioningConfigurationException',
      'The Versioning element must be specified',
      400,
    )
  if (MFADelete === 'Enabled') {
    if (input.MFA === undefined)
      throw new AwsError('AccessDenied', 'Mfa Authentication must be used for this request', 403)
    throw new AwsError('NotImplemented', 'MFA delete is not implemented', 501)
  }
  if (MFADelete !== undefined && MFADelete !== 'Disabled') throw malformedXml()
  if (Status === 'Suspended' && bucket.objectLock !== undefined)
    throw new AwsError(
      'InvalidBucketState',
      'An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.',
      409,
    )
  return { ...bucket, versioning: Status }
}
