import type { Account, Unknown } from '../account/account.js'
import { grantsBeside } from '../account/layers-of.js'
import type { Target } from './asked.js'
import { actionsAskedFor } from './region.js'

/** [KMS guide, "Grant operations"] */
const GRANTED = [
  'CreateGrant',
  'Decrypt',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetPublicKey',
  'ReEncryptFrom',
  'ReEncryptTo',
  'RetireGrant',
  'Sign',
  'Verify',
  'VerifyMac',
].map((name) => `kms:${name}`)

/** [S3 guide, "Mapping of ACL permissions and access policy permissions"] */
const OF_ACLS = [
  'AbortMultipartUpload',
  'DeleteObject',
  'DeleteObjectVersion',
  'GetBucketAcl',
  'GetObject',
  'GetObjectAcl',
  'GetObjectVersion',
  'GetObjectVersionAcl',
  'ListBucket',
  'ListBucketMultipartUploads',
  'ListBucketVersions',
  'ListMultipartUploadParts',
  'PutBucketAcl',
  'PutObject',
  'PutObjectAcl',
  'PutObjectVersionAcl',
].map((name) => `s3:${name}`)

/** What beside policies may let principals of a kind do it: KMS answers nobody without credentials. */
export function grantsTo(kind: string, account: Account, { resource, shape }: Target): readonly Unknown[] {
  if (resource === undefined || (resource.kind === 'key' && kind === 'anonymous')) return []
  const given = resource.kind === 'key' ? GRANTED : OF_ACLS
  return actionsAskedFor(shape, given).length > 0 ? grantsBeside(account, resource) : []
}
