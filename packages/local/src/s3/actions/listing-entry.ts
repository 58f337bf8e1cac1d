import type * as S3 from '@aws-sdk/client-s3'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { ownerOf } from './canonical-user.js'

/** An entry of ListObjects and ListObjectsV2. */
export function printObject(
  record: ObjectRecord,
  bucket: BucketRecord,
  encode: (name: string) => string,
  withOwner: boolean,
): S3._Object {
  return {
    Key: encode(record.key),
    LastModified: new Date(record.modifiedMs),
    ETag: `"${record.etag}"`,
    ...printChecksums(record),
    Size: record.size,
    StorageClass: record.storageClass as S3.ObjectStorageClass,
    ...(withOwner ? { Owner: objectOwner(record, bucket) } : {}),
  }
}

/** The algorithms with which an object can be checked; not the sums. */
function printChecksums(record: ObjectRecord): Pick<S3._Object, 'ChecksumAlgorithm' | 'ChecksumType'> {
  const algorithms = Object.keys(record.checksums)
  if (algorithms.length === 0) return {}
  return {
    ChecksumAlgorithm: algorithms.map((name) => name.toUpperCase() as S3.ChecksumAlgorithm),
    ...(record.checksumType === undefined ? {} : { ChecksumType: record.checksumType }),
  }
}

/** The writer's account, unless the bucket makes every object its own. [S3 guide, "Object Ownership"] */
function objectOwner(record: ObjectRecord, bucket: BucketRecord): { readonly ID: string } {
  return ownerOf(bucket.ownership === 'BucketOwnerEnforced' ? bucket.account : record.owner)
}

/** A version in ListObjectVersions. */
export function printVersion(
  record: ObjectRecord,
  isLatest: boolean,
  bucket: BucketRecord,
  encode: (name: string) => string,
): S3.ObjectVersion {
  return {
    ETag: `"${record.etag}"`,
    ...printChecksums(record),
    Size: record.size,
    StorageClass: record.storageClass as S3.ObjectVersionStorageClass,
    ...printMarker(record, isLatest, bucket, encode),
  }
}

/** What versions and delete markers have in common, which is all that a delete marker has. */
export function printMarker(
  record: ObjectRecord,
  isLatest: boolean,
  bucket: BucketRecord,
  encode: (name: string) => string,
): S3.DeleteMarkerEntry {
  return {
    Key: encode(record.key),
    VersionId: record.versionId,
    IsLatest: isLatest,
    LastModified: new Date(record.modifiedMs),
    Owner: objectOwner(record, bucket),
  }
}
