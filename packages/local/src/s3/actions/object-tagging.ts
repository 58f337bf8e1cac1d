import { AwsError } from '../../aws-error.js'
import type { Call } from '../../call.js'
import type { ServiceOperations } from '../../http/operations.js'
import type { S3Deps } from '../deps.js'
import { findObject } from '../find-object.js'
import type { BucketRecord, ObjectRecord } from '../records.js'
import { replaceVersion } from '../versions.js'
import { malformedXml, requireBucket } from './bucket-deps.js'
import { printTagSet } from './bucket-tags.js'
import { canonicalUserId, ownerOf } from './canonical-user.js'
import { checkObjectAcl, checkObjectTags, checkRetention, missingLock } from './object-settings.js'
import { versionOf } from './put-object.js'

interface VersionInput {
  readonly Bucket?: string | undefined
  readonly Key?: string | undefined
  readonly VersionId?: string | undefined
  readonly ExpectedBucketOwner?: string | undefined
}

/** Tags, ACL, legal hold and retention of objects that are there. */
export function objectSettingOperations(deps: S3Deps) {
  return {
    GetObjectTagging: (input, call) => {
      const { bucket, record } = find(deps, input, call)
      return { TagSet: printTagSet(record.tags), ...versionOf(bucket, record.versionId) }
    },
    PutObjectTagging: async (input, call) => {
      const tags = checkObjectTags(input.Tagging?.TagSet ?? [])
      return change(deps, input, call, (record) => ({ ...record, tags }))
    },
    DeleteObjectTagging: (input, call) => change(deps, input, call, (record) => ({ ...record, tags: {} })),
    GetObjectAcl: (input, call) => {
      const { bucket, record } = find(deps, input, call)
      const owner = bucket.ownership === 'BucketOwnerEnforced' ? bucket.account : record.owner
      return {
        Owner: ownerOf(owner),
        Grants: [
          { Grantee: { Type: 'CanonicalUser', ID: canonicalUserId(owner) }, Permission: 'FULL_CONTROL' },
        ],
      }
    },
    PutObjectAcl: (input, call) => {
      const { bucket, record } = find(deps, input, call)
      if (input.AccessControlPolicy !== undefined) {
        if (bucket.ownership === 'BucketOwnerEnforced')
          throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs', 400)
        const own = canonicalUserId(record.owner)
        const grants = input.AccessControlPolicy.Grants ?? []
        if (grants.some((grant) => grant.Grantee?.ID !== own))
          throw new AwsError('NotImplemented', 'Object ACLs with grants to others are not implemented', 501)
      }
      checkObjectAcl(deps, bucket, input)
      return {}
    },
    GetObjectLegalHold: (input, call) => {
      const { bucket, record } = find(deps, input, call)
      if (bucket.objectLock === undefined) throw missingLock()
      if (record.legalHold === undefined) throw noLock()
      return { LegalHold: { Status: record.legalHold } }
    },
    PutObjectLegalHold: async (input, call) => {
      const status = input.LegalHold?.Status
      if (status !== 'ON' && status !== 'OFF') throw malformedXml()
      await change(deps, input, call, (record, bucket) => {
        if (bucket.objectLock === undefined) throw missingLock()
        return { ...record, legalHold: status }
      })
      return {}
    },
    GetObjectRetention: (input, call) => {
      const { bucket, record } = find(deps, input, call)
      if (bucket.objectLock === undefined) throw missingLock()
      if (record.retention === undefined) throw noLock()
      return {
        Retention: { Mode: record.retention.mode, RetainUntilDate: new Date(record.retention.untilMs) },
      }
    },
    PutObjectRetention: async (input, call) => {
      const { Mode: mode, RetainUntilDate: until } = input.Retention ?? {}
      if ((mode === undefined) !== (until === undefined)) throw malformedXml()
      const retention = until === undefined ? undefined : checkRetention(mode, until, call.timeMs)
      await change(deps, input, call, (record, bucket) => {
        if (bucket.objectLock === undefined) throw missingLock()
        refuseWeaker(record, retention, call.timeMs, input.BypassGovernanceRetention === true)
        const { retention: _, ...rest } = record
        return retention === undefined ? rest : { ...rest, retention }
      })
      return {}
    },
  } satisfies ServiceOperations<'s3'>
}

function find(
  deps: S3Deps,
  input: VersionInput,
  call: Call,
): { readonly bucket: BucketRecord; readonly record: ObjectRecord } {
  const bucket = requireBucket(deps, input)
  return { bucket, record: findObject(deps, call, bucket, input.Key ?? '', input.VersionId) }
}

async function change(
  deps: S3Deps,
  input: VersionInput,
  call: Call,
  edit: (record: ObjectRecord, bucket: BucketRecord) => ObjectRecord,
): Promise<{ VersionId?: string }> {
  return deps.state.database.transaction(() => {
    const { bucket, record } = find(deps, input, call)
    replaceVersion(deps.state, bucket.name, edit(record, bucket))
    return versionOf(bucket, record.versionId)
  })
}

function noLock(): AwsError {
  return new AwsError(
    'NoSuchObjectLockConfiguration',
    'The specified object does not have a ObjectLock configuration',
    404,
  )
}

/** A retention may be made longer by anyone who may set it, shorter only in governance mode and with a bypass. */
function refuseWeaker(
  record: ObjectRecord,
  wanted: ObjectRecord['retention'],
  nowMs: number,
  bypass: boolean,
): void {
  const present = record.retention
  if (present === undefined || present.untilMs <= nowMs) return
  const longer =
    wanted !== undefined &&
    wanted.untilMs >= present.untilMs &&
    (wanted.mode === present.mode || present.mode === 'GOVERNANCE')
  if (longer || (present.mode === 'GOVERNANCE' && bypass)) return
  throw new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403)
}
