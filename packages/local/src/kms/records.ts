import type { Tags } from '../iam/records.js'

/** One symmetric key. */
export interface KmsKeyRecord {
  readonly account: string
  readonly region: string
  /** A UUID. */
  readonly id: string
  readonly arn: string
  readonly description: string
  readonly policy: string
  readonly state: 'Enabled' | 'Disabled' | 'PendingDeletion'
  readonly createdMs: number
  /** When it is deleted, while that is pending. */
  readonly deletionMs?: number
  readonly rotation: boolean
  readonly rotationDays: number
  readonly tags: Tags
  /** Base64 of 32 random bytes, under which data keys are wrapped. */
  readonly material: string
  readonly multiRegion: boolean
  /** `AWS` for the key that S3 uses where nobody names one. */
  readonly manager: 'AWS' | 'CUSTOMER'
}

export interface KmsAliasRecord {
  readonly account: string
  readonly region: string
  /** `alias/…` */
  readonly name: string
  readonly arn: string
  readonly keyId: string
  readonly createdMs: number
  readonly updatedMs: number
}
