import type { AwsError } from '../aws-error.js'
import type { Call, Caller, Requirement } from '../call.js'
import type { CloudTrailEvent } from '../local-aws.js'
import type { OperationTable } from './operations.js'

/**
 * Finds the secret of an access key and whom it stands for. `sessionToken` is what the client sent; the wrong
 * one, or none for temporary credentials, is an error (`InvalidClientTokenId`, `ExpiredToken`, …). The errors are
 * those of the query protocol; S3's own names for them (`InvalidAccessKeyId`, `InvalidToken`) are put by the
 * dispatcher.
 */
export type CredentialLookup = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => { readonly secretAccessKey: string; readonly caller: Caller } | { readonly error: AwsError }

/** The authorization entries of an event. */
export type AuthorizationTrail = NonNullable<
  NonNullable<CloudTrailEvent['additionalEventData']>['authorization']
>

/** The answer of enforcement on one call. */
export type EnforceResult =
  | { readonly allowed: true; readonly deniedItems: ReadonlySet<string>; readonly trail: AuthorizationTrail }
  | { readonly allowed: false; readonly error: AwsError; readonly trail: AuthorizationTrail }

/** Decides on one call with its decoded input. Rejects never. */
export type Enforce = (call: Call, input: Readonly<Record<string, unknown>>) => Promise<EnforceResult>

/** Whether the caller has one more permission, beside those that the operation needs. */
export type Permits = (call: Call, requirement: Requirement) => boolean

/** What happened to one request. */
export interface Outcome {
  readonly call: Call
  /** Decoded input; absent where the request could not be read. */
  readonly input?: Readonly<Record<string, unknown>>
  readonly output?: Readonly<Record<string, unknown>>
  readonly error?: AwsError
  readonly trail: AuthorizationTrail
}

/** What the dispatcher is given. */
export interface DispatchDeps {
  readonly region: string
  readonly nowMs: () => number
  readonly credentials: CredentialLookup
  readonly enforce: Enforce
  readonly operations: OperationTable
  /** Told of every request after it was answered. */
  readonly onOutcome?: (outcome: Outcome) => void
  /** Buckets decide which region and account a request to S3 belongs to. */
  readonly bucketRegion?: (bucket: string) => string | undefined
}
