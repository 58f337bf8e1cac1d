import type { CompiledPolicy } from './compile.js'

/** What kind of policy a document is; each kind admits other elements. */
export type PolicyKind =
  | 'identity'
  | 'resource'
  | 'trust'
  | 'session'
  | 'boundary'
  | 'serviceControl'
  | 'resourceControl'
  | 'vpcEndpoint'

/** The four switches of S3 Block Public Access, account and bucket combined to the stricter. */
export interface PublicAccessBlock {
  readonly blockPublicAcls: boolean
  readonly ignorePublicAcls: boolean
  readonly blockPublicPolicy: boolean
  readonly restrictPublicBuckets: boolean
}

/**
 * All policies that take part in the decision on one request. A layer that is absent does not limit
 * (boundary, session, SCP, RCP, VPC endpoint) or does not grant (identity, resource).
 */
export interface Layers {
  readonly identityPolicies?: readonly CompiledPolicy[]
  /** Bucket policy, key policy or, for `sts:AssumeRole…` on a role, its trust policy. */
  readonly resourcePolicy?: CompiledPolicy
  /** Present, even when empty: the principal has a boundary, and an empty one allows nothing. */
  readonly permissionsBoundary?: readonly CompiledPolicy[]
  /** Present, even when empty: as for the boundary. */
  readonly sessionPolicies?: readonly CompiledPolicy[]
  /** One list a level, from the root to the account of the principal. */
  readonly serviceControlPolicies?: readonly (readonly CompiledPolicy[])[]
  /** One list a level, from the root to the account of the resource. */
  readonly resourceControlPolicies?: readonly (readonly CompiledPolicy[])[]
  /** Present: the request goes through a VPC endpoint with these policies. */
  readonly vpcEndpointPolicies?: readonly CompiledPolicy[]
  readonly publicAccessBlock?: PublicAccessBlock
}
