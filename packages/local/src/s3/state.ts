import type { PublicAccessBlock } from '@ringfence/policy'
import type { Database, Table } from '../call.js'
import type { BucketRecord, ObjectRecord, PartRecord, UploadRecord } from './records.js'

/**
 * Everything that S3 remembers, without the bytes. Reads are synchronous; writes happen inside
 * `database.transaction`.
 */
export class S3State {
  readonly buckets: Table<BucketRecord>
  /** By `[bucket, key]`: the current version of each key, a delete marker included. */
  readonly current: Table<ObjectRecord>
  /** By `[bucket, key, -sequence]`: the versions that are not current, newest first. */
  readonly older: Table<ObjectRecord>
  /** By `[bucket, key, uploadId]`. */
  readonly uploads: Table<UploadRecord>
  /** By `[uploadId, part number]`. */
  readonly parts: Table<PartRecord>
  /** Small contents by random name. */
  readonly contents: Table<Uint8Array>
  private readonly accountBlocks: Table<PublicAccessBlock>
  private readonly counters: Table<number>

  constructor(readonly database: Database) {
    this.buckets = database.table('s3.buckets')
    this.current = database.table('s3.current')
    this.older = database.table('s3.older')
    this.uploads = database.table('s3.uploads')
    this.parts = database.table('s3.parts')
    this.contents = database.table('s3.contents')
    this.accountBlocks = database.table('s3.accountBlocks')
    this.counters = database.table('s3.counters')
  }

  bucket(name: string): BucketRecord | undefined {
    return this.buckets.get(name)
  }

  /** The current version, or the one named; a delete marker is a record with `deleteMarker`. */
  object(bucket: string, key: string, versionId?: string): ObjectRecord | undefined {
    const current = this.current.get([bucket, key])
    if (versionId === undefined || current?.versionId === versionId) return current
    for (const older of this.olderVersions(bucket, key)) if (older.versionId === versionId) return older
    return undefined
  }

  /** The versions of a key that are not current, newest first. */
  *olderVersions(bucket: string, key: string): Iterable<ObjectRecord> {
    for (const row of this.older.range({ start: [bucket, key], end: [bucket, `${key}\u0000`] }))
      if ((row.key as readonly unknown[])[1] === key) yield row.value
  }

  upload(bucket: string, key: string, uploadId: string): UploadRecord | undefined {
    return this.uploads.get([bucket, key, uploadId])
  }

  /** The account-level public access block. */
  accountPublicAccessBlock(account: string): PublicAccessBlock | undefined {
    return this.accountBlocks.get(account)
  }

  /** Inside a transaction; `undefined` removes it. */
  setAccountPublicAccessBlock(account: string, block: PublicAccessBlock | undefined): void {
    if (block === undefined) this.accountBlocks.delete(account)
    else this.accountBlocks.put(account, block)
  }

  /** Inside a transaction: a number that is higher than all before it. */
  nextSequence(): number {
    const next = (this.counters.get('sequence') ?? 0) + 1
    this.counters.put('sequence', next)
    return next
  }
}
