import type { Capability, SourceSpan } from '@ringfence/plan'
import type { Actor } from './actor.js'

/** What the declaration says about one request, and where it says so. */
export interface Expectation {
  readonly expected: 'allowed' | 'denied'
  /** The lines of the file that it follows from, the most telling first. */
  readonly because: readonly SourceSpan[]
  readonly reason: string
}

/**
 * Who answers a probe. `trust` asks no client: nobody but AWS can act as a service or an identity provider,
 * so the local AWS evaluates the role's trust policy for it.
 */
export type ProbeService =
  's3' | 's3-control' | 'iam' | 'sts' | 'sagemaker' | 'sagemaker-runtime' | 'kms' | 'secretsmanager' | 'trust'

/**
 * Probes run stage by stage: those that could change the fence come after the others, so that one that
 * unexpectedly succeeds does not colour the answers of the day. `later` is the clock after an `until`: last,
 * because for all others it is the present.
 */
export type Stage = 'data' | 'platform' | 'fence' | 'later'

export const stages: readonly Stage[] = ['data', 'platform', 'fence', 'later']

/** What an answer tells about one cell of the matrix. */
export interface Observation {
  readonly on: { readonly kind: 'dataset' | 'model' | 'platform'; readonly name: string }
  readonly capability: Capability
  /** `''` stands for the whole store. */
  readonly under: string
  /** Platforms only: whose work it is. */
  readonly as?: string
}

/** One request with the answer that the declaration asks for. */
export interface Probe {
  readonly actor: Actor
  readonly stage: Stage
  /** Completes "NAME may (not) …", e.g. `get raw/x.txt from dataset corpus`. */
  readonly description: string
  readonly service: ProbeService
  /** The operation as the SDK names it, e.g. `PutObject`. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** `plain` goes to the port on which `aws:SecureTransport` is false. */
  readonly transport: 'tls' | 'plain'
  /** The clock at which it is sent; epoch milliseconds. */
  readonly atMs: number
  /** With a session that began before the clock came to `atMs`, and that has not ended by itself. */
  readonly signedInBefore?: true
  readonly expectation: Expectation
  /** Codes that refuse it besides AWS's authorization errors, e.g. `AccessControlListNotSupported`. */
  readonly refusals?: readonly string[]
  /** Errors that come after authorization, where nothing declared could make the request succeed. */
  readonly pastAuthorization?: readonly string[]
  readonly observes?: Observation
}
