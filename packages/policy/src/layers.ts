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
  /** KMS: grants on the key. They allow beside the key policy. */
  readonly keyGrants?: readonly KeyGrant[]
  /**
   * 12 digits: the organization's management account. SCPs do not hold for its principals nor RCPs for its
   * resources.
   */
  readonly managementAccount?: string
}

/** A grant on a KMS key: a principal, the operations it may use, and the encryption context it is bound to. */
export interface KeyGrant {
  readonly id: string
  /** ARN of a user, role, role session, federated user or account root; or the host name of a service. */
  readonly granteePrincipal: string
  /** As in KMS's CreateGrant: `Decrypt`, `GenerateDataKey`, … */
  readonly operations: readonly string[]
  /** The request's encryption context (`kms:EncryptionContext:KEY`) has to be exactly this. */
  readonly encryptionContextEquals?: Readonly<Record<string, string>>
  /** The request's encryption context has to hold these pairs. */
  readonly encryptionContextSubset?: Readonly<Record<string, string>>
}
