import type { PublicAccessBlock } from '@ringfence/policy'

/** A bucket as the database holds it. Absent settings were never put. */
export interface BucketRecord {
  readonly name: string
  /** Owner, 12 digits. */
  readonly account: string
  readonly region: string
  /** Epoch milliseconds. */
  readonly createdMs: number
  /** JSON text, as it was put. */
  readonly policy?: string
  readonly publicAccessBlock?: PublicAccessBlock
  readonly ownership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'
  readonly versioning?: 'Enabled' | 'Suspended'
  readonly tags?: Readonly<Record<string, string>>
  /** The default encryption; a new bucket has AES256. */
  readonly encryption: BucketEncryption
  readonly objectLock?: ObjectLockSettings
  /**
   * Sub-resources that the server keeps and gives back and that have no effect here (CORS, website, logging,
   * lifecycle, …), by operation noun, e.g. `Cors`: the SDK's input, without bucket and headers.
   */
  readonly settings: Readonly<Record<string, unknown>>
}

export interface BucketEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse'
  /** As it was put: key id, key ARN, alias ARN; absent: the AWS managed key. */
  readonly kmsKeyId?: string
  readonly bucketKey: boolean
}

export interface ObjectLockSettings {
  readonly enabled: true
  readonly defaultMode?: 'GOVERNANCE' | 'COMPLIANCE'
  readonly days?: number
  readonly years?: number
}

/** One version of an object, or a delete marker. */
export interface ObjectRecord {
  readonly key: string
  /** `null` where versioning was never on or is suspended. */
  readonly versionId: string
  /** Order of versions of a key: higher is newer. */
  readonly sequence: number
  readonly deleteMarker?: true
  /** Epoch milliseconds, whole seconds. */
  readonly modifiedMs: number
  /** Without quotes. */
  readonly etag: string
  readonly size: number
  /** Where the bytes are; absent for delete markers. */
  readonly content?: ContentRef
  readonly storageClass: string
  readonly contentType?: string
  /** Lower-case names: cache-control, content-disposition, content-encoding, content-language, expires, … */
  readonly headers: Readonly<Record<string, string>>
  /** `x-amz-meta-…` without that prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly encryption: ObjectEncryption
  /** Base64 by algorithm. */
  readonly checksums: Readonly<Record<string, string>>
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
  /** For objects made by multipart upload, in order. */
  readonly parts?: readonly PartRecord[]
  readonly legalHold?: 'ON' | 'OFF'
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly untilMs: number }
  /** Account of the writer: the object's owner, unless the bucket enforces its own. */
  readonly owner: string
}

export interface ObjectEncryption {
  readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse'
  /** Key ARN. */
  readonly kmsKeyArn?: string
  readonly bucketKey?: boolean
}

/** The bytes of an object: pieces one after the other, more than one for those made by multipart upload. */
export type ContentRef = readonly ContentPiece[]

/** Bytes in the database (small ones) or in a file of the object folder. */
export interface ContentPiece {
  readonly kind: 'stored' | 'file'
  /** Random: the key in the table of small contents, or the name of the file. Never made from an object key. */
  readonly name: string
  readonly size: number
}

/** One part of a multipart upload. */
export interface PartRecord {
  readonly number: number
  readonly etag: string
  readonly size: number
  readonly modifiedMs: number
  readonly checksums: Readonly<Record<string, string>>
  readonly content?: ContentRef
}

/** A multipart upload that is under way. */
export interface UploadRecord {
  readonly bucket: string
  readonly key: string
  readonly uploadId: string
  readonly initiatedMs: number
  /** ARN of who started it, and its owner account. */
  readonly initiator: string
  readonly owner: string
  readonly contentType?: string
  /** Lower-case names: cache-control, content-disposition, content-encoding, content-language, expires, … */
  readonly headers: Readonly<Record<string, string>>
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  readonly encryption: ObjectEncryption
  readonly storageClass: string
  readonly checksumAlgorithm?: string
  /** Whether the client chose the algorithm, so that parts with another one are refused. */
  readonly explicitChecksum?: boolean
  readonly checksumType?: 'FULL_OBJECT' | 'COMPOSITE'
  readonly legalHold?: 'ON' | 'OFF'
  readonly retention?: { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly untilMs: number }
}
