import type { Call, Requirement } from '../call.js'
import { bucketArn, objectArn } from './arns.js'
import { kmsContext } from './kms-context.js'
import type { ResourceView } from './resource-view.js'

interface Encryption {
  readonly algorithm: string
  readonly kmsKeyId?: string
  readonly bucketKey: boolean
}

/**
 * The key permission that S3 asks of the caller for an object under SSE-KMS (S3 User Guide, "Using
 * server-side encryption with AWS KMS keys"): the encryption context is the object's ARN, or the bucket's
 * where a bucket key is used, and `kms:ViaService` is S3.
 */
export function keyUse(
  action: 'kms:GenerateDataKey' | 'kms:Decrypt',
  encryption: Encryption | undefined,
  place: { readonly bucket: string; readonly key: string },
  call: Call,
  view: ResourceView,
): readonly Requirement[] {
  if (encryption === undefined || !encryption.algorithm.startsWith('aws:kms')) return []
  const id = encryption.kmsKeyId ?? 'alias/aws/s3'
  const owner = id.startsWith('alias/aws/') ? view.bucket(place.bucket)?.account : undefined
  const key = view.kmsKey(id, owner ?? call.caller.account, call.region)
  const context = encryption.bucketKey ? bucketArn(place.bucket) : objectArn(place.bucket, place.key)
  return [
    {
      action,
      resource: key?.arn ?? id,
      context: {
        ...(key === undefined ? {} : kmsContext(key, call, view)),
        'kms:ViaService': `s3.${call.region}.amazonaws.com`,
        'kms:EncryptionContext:aws:s3:arn': context,
        'kms:EncryptionContextKeys': ['aws:s3:arn'],
        'kms:EncryptionAlgorithm': 'SYMMETRIC_DEFAULT',
      },
    },
  ]
}

interface EncryptionInput {
  readonly ServerSideEncryption?: string | undefined
  readonly SSEKMSKeyId?: string | undefined
  readonly SSECustomerAlgorithm?: string | undefined
  readonly BucketKeyEnabled?: boolean | undefined
}

/**
 * How an object will be encrypted: what the request says, or else the bucket's default. A request that names the
 * algorithm and no key takes the AWS managed key. [S3 API, PutObject]
 */
export function effectiveEncryption(
  input: EncryptionInput,
  bucket: string,
  view: ResourceView,
): Encryption | undefined {
  if (input.SSECustomerAlgorithm !== undefined) return undefined
  const byDefault = view.bucket(bucket)?.encryption
  if (input.ServerSideEncryption === undefined) return byDefault
  const kmsKeyId = input.SSEKMSKeyId
  return {
    algorithm: input.ServerSideEncryption,
    bucketKey: input.BucketKeyEnabled ?? byDefault?.bucketKey ?? false,
    ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
  }
}
