import type { Tags } from '../iam/records.js'

export interface SecretVersionRecord {
  /** A UUID, or what the client gave as `ClientRequestToken`. */
  readonly id: string
  readonly createdMs: number
  /** `AWSCURRENT`, `AWSPREVIOUS`, or labels of the client; a version without any is deprecated. */
  readonly stages: readonly string[]
}

/** One secret without its values, so that reading it for a decision touches none. */
export interface SecretRecord {
  readonly account: string
  readonly region: string
  readonly name: string
  /** With the six random characters that AWS adds to the name. */
  readonly arn: string
  readonly description?: string
  readonly policy?: string
  readonly tags: Tags
  readonly createdMs: number
  readonly changedMs: number
  /** When it is gone, while its deletion is pending. */
  readonly deletionMs?: number
  /** Oldest first. */
  readonly versions: readonly SecretVersionRecord[]
}

/** The value of one version: a text, or bytes as base64. */
export type SecretValueRecord = { readonly text: string } | { readonly bytes: string }
