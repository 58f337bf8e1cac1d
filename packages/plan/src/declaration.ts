import type { KeyRecipient, SourceSpan } from './plan.js'

/**
 * What a grant lets its holder do. `delete` is not part of `write`, and neither is `read`. On a dataset or model
 * `administer` is the settings that neither widen the fence nor destroy data (tags, CORS, metrics, notifications,
 * tiering); policies, access blocks, encryption, versioning, lifecycle and replication stay with the
 * administrators. On a platform it is looking at, stopping and deleting anybody's jobs and endpoints.
 * `train` and `deploy` also reach, through the platform's role, what the platform reads and writes.
 */
export type Capability = 'read' | 'write' | 'delete' | 'administer' | 'train' | 'deploy' | 'invoke'

/** An existing role or user of the account that may change the fence, and may not touch the data. */
export interface Administrator {
  readonly kind: 'role' | 'user'
  /** Name without path. */
  readonly name: string
  /** `/` or `/a/b/`. */
  readonly path: string
  readonly declaredAt: SourceSpan
}

export interface Member {
  readonly name: string
  /** The immutable id that a roster in CSV has for them. */
  readonly rosterId?: string
  readonly kind: 'person' | 'service'
  /**
   * `user`: an IAM user of their own. `federation`: a person signs in by the identity provider into team roles, a
   * service by `oidc` into a role of its own.
   */
  readonly signIn: 'user' | 'federation'
  readonly email?: string
  /** Of services that sign in by federation, and of nobody else. */
  readonly oidc?: ServiceSignIn
  /** A declared, expiring exception: one long-lived access key, and a second one while it is rotated. */
  readonly keys?: MemberKeys
  /** ISO 8601 instant, UTC: all access of this member ends. */
  readonly until?: string
  readonly declaredAt: SourceSpan
}

export interface MemberKeys {
  /** ISO 8601 instant, UTC. */
  readonly until: string
  readonly encryptTo?: KeyRecipient
  /** Where the key is handed over; absent: it is a secret of the stack, or encrypted to `encryptTo`. */
  readonly deliver?: 'secretsManager'
  /** There is none any more, and the policies that refuse it stay until the file forgets it. */
  readonly ended?: true
  /** The age, in milliseconds, at which a key is to be rotated. */
  readonly rotateAfterMs?: number
  /** How long, in milliseconds, both keys work during a rotation, and how long the old one is kept afterwards. */
  readonly overlapMs: number
}

/** Whose tokens let a service into its role. */
export interface ServiceSignIn {
  /** ARN of an OIDC provider of the account. */
  readonly arn: string
  readonly audience: string
  /** At least one in a file; `*` and `?` in them stand for any characters, within one project of the issuer. */
  readonly subjects: readonly string[]
}

export interface Team {
  readonly name: string
  /** Names of members, in the order of the file. */
  readonly members: readonly string[]
  /** ISO 8601 instant, UTC: all access through this team ends. */
  readonly until?: string
  readonly declaredAt: SourceSpan
}

/** A dataset or a model: one bucket each. */
export interface Store {
  readonly kind: 'dataset' | 'model'
  readonly name: string
  /** The team that answers for it; ownership alone gives no access. */
  readonly owner?: string
  readonly encryption: 's3' | 'kms'
  /** The physical name, declared or derived. */
  readonly bucket: string
  readonly destroyWithObjects: boolean
  readonly declaredAt: SourceSpan
}

export interface Platform {
  readonly name: string
  readonly kind: 'sagemaker'
  /** What its execution role reads and writes, optionally only under a prefix. */
  readonly reads: readonly StoreReference[]
  readonly writes: readonly StoreReference[]
  readonly project?: { readonly productId: string; readonly provisioningArtifactId?: string }
  /** ARNs of ECR repositories whose images jobs may pull, besides AWS's built-in ones. */
  readonly images: readonly string[]
  readonly declaredAt: SourceSpan
}

export interface StoreReference {
  readonly kind: 'dataset' | 'model'
  readonly name: string
  /** `''` or a prefix that ends in `/`. */
  readonly under: string
  readonly declaredAt: SourceSpan
}

export interface Grant {
  readonly to: { readonly kind: 'team' | 'member'; readonly name: string }
  readonly can: readonly Capability[]
  readonly on: { readonly kind: 'dataset' | 'model' | 'platform'; readonly name: string }
  /** `''` or a prefix that ends in `/`; datasets and models only. */
  readonly under: string
  /** ISO 8601 instant, UTC. */
  readonly until?: string
  readonly because?: string
  readonly declaredAt: SourceSpan
}

export type Guarantee =
  | {
      readonly kind: 'separate'
      readonly stores: readonly { readonly kind: 'dataset' | 'model'; readonly name: string }[]
      readonly declaredAt: SourceSpan
    }
  | {
      readonly kind: 'never'
      readonly who: { readonly kind: 'team' | 'member'; readonly name: string }
      readonly can: readonly Capability[]
      readonly on: { readonly kind: 'dataset' | 'model' | 'platform'; readonly name: string }
      readonly declaredAt: SourceSpan
    }

/** A SAML or OIDC provider of the account itself. */
export interface FederationProvider {
  readonly kind: 'saml' | 'oidc'
  readonly arn: string
  /** OIDC audience (client id); for SAML always AWS's sign-in endpoint. */
  readonly audience: string
  readonly declaredAt: SourceSpan
}

/** IAM Identity Center, which lives in another account and makes the roles of people in this one. */
export interface IdentityCenter {
  readonly kind: 'identityCenter'
  /** ARN */
  readonly instance: string
  /** `d-…` */
  readonly identityStore: string
  readonly region: string
  /** Whether groups, users and memberships are made; else groups are looked up by their display names. */
  readonly provision: boolean
  readonly declaredAt: SourceSpan
}

/** A declared file, resolved: every name is known to exist, every default is filled in. */
export interface Declaration {
  readonly organization: string
  readonly account: string
  readonly region: string
  /** Ends every derived bucket name, so that it is globally unique. */
  readonly suffix: string
  /** Whether the account's organization enforces ringfence's service control policy. */
  readonly guardrail: 'none' | 'serviceControlPolicy'
  /** The share of members or teams, above 0 and below 1, that one change of the roster may remove. */
  readonly rosterRemovals?: number
  /** How people sign in who have no IAM user. */
  readonly identityProvider?: FederationProvider | IdentityCenter
  readonly administrators: readonly Administrator[]
  readonly members: readonly Member[]
  readonly teams: readonly Team[]
  readonly stores: readonly Store[]
  readonly platforms: readonly Platform[]
  readonly grants: readonly Grant[]
  readonly guarantees: readonly Guarantee[]
  /** What the file still names and is over: no other part of the declaration has it. */
  readonly ended: {
    readonly members: readonly Member[]
    readonly teams: readonly Team[]
    readonly grants: readonly Grant[]
  }
  readonly declaredAt: SourceSpan
}
