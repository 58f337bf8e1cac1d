/** The layers of a decision, in the order in which reasons are told. */
export type LayerName =
  | 'serviceControl'
  | 'resourceControl'
  | 'vpcEndpoint'
  | 'publicAccessBlock'
  | 'resource'
  | 'identity'
  | 'boundary'
  | 'session'

/** A statement that decided: which layer, which policy, which statement. */
export interface DecidingStatement {
  readonly layer: LayerName
  /** The name that the policy was compiled with (for plans: an ARN). */
  readonly policy: string
  /** 0-based position in the document. */
  readonly index: number
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
}

/** What in a statement did not match. */
export interface FailedElement {
  readonly element:
    'Action' | 'NotAction' | 'Resource' | 'NotResource' | 'Principal' | 'NotPrincipal' | 'Condition'
  /** For conditions: operator and key as written. */
  readonly operator?: string
  readonly key?: string
  /** The values of the policy, as written. */
  readonly expected: readonly string[]
  /** What the request had; absent when the key was missing. */
  readonly actual?: readonly string[]
}

/** The Allow statement of the lacking layer that came closest. */
export interface NearMiss {
  readonly layer: LayerName
  readonly policy: string
  readonly index: number
  readonly sid?: string
  readonly failed: FailedElement
}

export type DecisionKind = 'allow' | 'explicitDeny' | 'implicitDeny'

/**
 * The answer to one request. `statements` are the deciding ones: for an allow those that allowed in each
 * layer that had to, for an explicit deny the denying ones. For an implicit deny `missing` is the layer that
 * lacked an allow and `nearest` the statement of that layer that came closest, if it has any.
 */
export interface Decision {
  readonly decision: DecisionKind
  readonly statements: readonly DecidingStatement[]
  readonly missing?: LayerName
  readonly nearest?: NearMiss
}
