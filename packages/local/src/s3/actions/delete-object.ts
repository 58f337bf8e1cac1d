import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { Granted, OperationInput, OperationOutput } from '../../http/operations.js'
import { dropStored, removeFiles } from '../contents.js'
import type { S3Deps } from '../deps.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { putVersion, removeVersion } from '../versions.js'
import { malformedXml, requireBucket } from './bucket-deps.js'
import { matchesEtag, preconditionFailed } from './conditions.js'
import { declaresChecksum, modifiedNow } from './put-object.js'

const maxKeys = 1000

/** What is to be deleted. */
interface Target {
  readonly key: string
  readonly versionId: string | undefined
  readonly ifMatch: string | undefined
  readonly bypassGovernance: boolean
}

interface Deletion {
  readonly deleteMarker: boolean
  readonly versionId: string | undefined
  readonly removed: readonly ObjectRecord[]
}

/** DeleteObject: a key that is not there is no error. */
export async function deleteObject(
  deps: S3Deps,
  input: OperationInput<'s3', 'DeleteObject'>,
): Promise<OperationOutput<'s3', 'DeleteObject'>> {
  requireBucket(deps, input)
  if (input.IfMatchLastModifiedTime !== undefined || input.IfMatchSize !== undefined)
    throw new AwsError('NotImplemented', 'This condition is for directory buckets', 501)
  const deletion = await deps.state.database.transaction(() =>
    deleteTarget(deps, requireBucket(deps, input), {
      key: input.Key ?? '',
      versionId: input.VersionId,
      ifMatch: input.IfMatch,
      bypassGovernance: input.BypassGovernanceRetention === true,
    }),
  )
  await removeFiles(deps, deletion.removed)
  return {
    ...(deletion.deleteMarker ? { DeleteMarker: true } : {}),
    ...(deletion.versionId === undefined ? {} : { VersionId: deletion.versionId }),
  }
}

/** DeleteObjects: answers for each key; keys that were denied are errors of their own. */
export async function deleteObjects(
  deps: S3Deps,
  input: OperationInput<'s3', 'DeleteObjects'>,
  call: Call,
  granted: Granted,
): Promise<OperationOutput<'s3', 'DeleteObjects'>> {
  requireBucket(deps, input)
  const objects = input.Delete?.Objects ?? []
  if (objects.length === 0 || objects.length > maxKeys) throw malformedXml()
  if (call.headers['content-md5'] === undefined && !declaresChecksum(call))
    throw new AwsError(
      'InvalidRequest',
      'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
      400,
    )
  const deleted: NonNullable<OperationOutput<'s3', 'DeleteObjects'>['Deleted']> = []
  const errors: NonNullable<OperationOutput<'s3', 'DeleteObjects'>['Errors']> = []
  const removed = await deps.state.database.transaction(() => {
    const bucket = requireBucket(deps, input)
    const gone: ObjectRecord[] = []
    for (const [index, { Key: key = '', VersionId: versionId, ETag: ifMatch }] of objects.entries()) {
      const named = { Key: key, ...(versionId === undefined ? {} : { VersionId: versionId }) }
      if (granted.deniedItems.has(String(index))) {
        errors.push({ ...named, Code: 'AccessDenied', Message: 'Access Denied' })
        continue
      }
      try {
        const target = { key, versionId, ifMatch, bypassGovernance: input.BypassGovernanceRetention === true }
        const deletion = deleteTarget(deps, bucket, target)
        gone.push(...deletion.removed)
        deleted.push({
          ...named,
          ...(deletion.deleteMarker ? { DeleteMarker: true } : {}),
          ...(deletion.deleteMarker && deletion.versionId !== undefined
            ? { DeleteMarkerVersionId: deletion.versionId }
            : {}),
        })
      } catch (error) {
        if (!(error instanceof AwsError)) throw error
        errors.push({ ...named, Code: error.code, Message: error.message })
      }
    }
    return gone
  })
  await removeFiles(deps, removed)
  return {
    ...(input.Delete?.Quiet === true ? {} : { Deleted: deleted }),
    ...(errors.length > 0 ? { Errors: errors } : {}),
  }
}

/**
 * Inside a transaction. Without a version id a versioned bucket gets a delete marker; a version that is named
 * goes for good, unless Object Lock keeps it.
 */
function deleteTarget(deps: S3Deps, bucket: BucketRecord, target: Target): Deletion {
  const { state } = deps
  // No key of that length was ever written.
  if (Buffer.byteLength(target.key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long', 400)
  const found = state.object(bucket.name, target.key, target.versionId)
  if (target.ifMatch !== undefined) {
    if (found === undefined || found.deleteMarker)
      throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404)
    if (!matchesEtag(target.ifMatch, found.etag)) throw preconditionFailed('If-Match')
  }
  if (target.versionId !== undefined) {
    if (found === undefined) return { deleteMarker: false, versionId: target.versionId, removed: [] }
    refuseLocked(deps, found, target.bypassGovernance)
    removeVersion(state, bucket.name, found)
    dropStored(state, [found])
    return { deleteMarker: found.deleteMarker === true, versionId: found.versionId, removed: [found] }
  }
  if (bucket.versioning === undefined) {
    if (found === undefined) return { deleteMarker: false, versionId: undefined, removed: [] }
    state.current.delete([bucket.name, target.key])
    dropStored(state, [found])
    return { deleteMarker: false, versionId: undefined, removed: [found] }
  }
  const { record, removed } = putVersion(state, bucket, markerFor(deps, bucket, target.key))
  dropStored(state, removed)
  return { deleteMarker: true, versionId: record.versionId, removed }
}

function markerFor(
  deps: S3Deps,
  bucket: BucketRecord,
  key: string,
): Omit<ObjectRecord, 'versionId' | 'sequence'> {
  return {
    key,
    deleteMarker: true,
    modifiedMs: modifiedNow(deps),
    etag: '',
    size: 0,
    storageClass: 'STANDARD',
    headers: {},
    metadata: {},
    tags: {},
    encryption: { algorithm: 'AES256' },
    checksums: {},
    owner: bucket.account,
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html */
function refuseLocked(deps: S3Deps, record: ObjectRecord, bypassGovernance: boolean): void {
  const { retention } = record
  const retained = retention !== undefined && retention.untilMs > deps.nowMs()
  const free = retention?.mode === 'GOVERNANCE' && bypassGovernance
  if (record.legalHold === 'ON' || (retained && !free))
    throw new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403)
}
