import { randomBytes } from 'node:crypto'
import type { BucketRecord, ObjectRecord } from './records.js'
import type { S3State } from './state.js'

/** A version that has not been placed among the others yet. */
export type ObjectDraft = Omit<ObjectRecord, 'versionId' | 'sequence'>

/** What a change of versions did. */
export interface VersionChange {
  readonly record: ObjectRecord
  /** Records that are gone; their contents are to be removed. */
  readonly removed: readonly ObjectRecord[]
}

/** The version id of objects that were written while versioning was not on. */
export const nullVersion = 'null'

/**
 * Inside a transaction: makes a draft the current version of its key. With versioning on, the one before becomes
 * an older version; suspended or never on, it takes the place of the null version.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersionSuspendedBuckets.html
 */
export function putVersion(state: S3State, bucket: BucketRecord, draft: ObjectDraft): VersionChange {
  const enabled = bucket.versioning === 'Enabled'
  const versionId = enabled ? randomBytes(24).toString('base64url') : nullVersion
  const record: ObjectRecord = { ...draft, versionId, sequence: state.nextSequence() }
  const current = state.current.get([bucket.name, draft.key])
  const removed: ObjectRecord[] = []
  if (current !== undefined) {
    if (!enabled && current.versionId === nullVersion) removed.push(current)
    else state.older.put([bucket.name, draft.key, -current.sequence], current)
  }
  if (bucket.versioning === 'Suspended')
    for (const older of Array.from(state.olderVersions(bucket.name, draft.key)))
      if (older.versionId === nullVersion) {
        state.older.delete([bucket.name, draft.key, -older.sequence])
        removed.push(older)
      }
  state.current.put([bucket.name, draft.key], record)
  return { record, removed }
}

/** Inside a transaction: replaces a version by one that differs in its settings only. */
export function replaceVersion(state: S3State, bucket: string, record: ObjectRecord): void {
  const current = state.current.get([bucket, record.key])
  if (current?.sequence === record.sequence) state.current.put([bucket, record.key], record)
  else state.older.put([bucket, record.key, -record.sequence], record)
}

/** Inside a transaction: removes one version for good; the newest of the others becomes current. */
export function removeVersion(state: S3State, bucket: string, record: ObjectRecord): void {
  const current = state.current.get([bucket, record.key])
  if (current?.sequence !== record.sequence) {
    state.older.delete([bucket, record.key, -record.sequence])
    return
  }
  const [next] = state.olderVersions(bucket, record.key)
  if (next === undefined) {
    state.current.delete([bucket, record.key])
    return
  }
  state.older.delete([bucket, record.key, -next.sequence])
  state.current.put([bucket, record.key], next)
}
