import type { PublicAccessBlock } from '@ringfence/policy'
import type { SourceSpan } from '@ringfence/plan'

/**
 * An AWS account as proofs see it: who is in it, what is in it, and every policy around both. Made from a plan, or
 * from what an account that exists says about itself. Plain JSON. What is not known is named: it is never taken
 * for absent.
 */
export interface Account {
  readonly formatVersion: 1
  /** 12 digits. */
  readonly account: string
  readonly partition: string
  readonly region?: string
  readonly users: readonly AccountUser[]
  readonly roles: readonly AccountRole[]
  readonly groups: readonly AccountGroup[]
  /** Customer managed and AWS managed ones that something refers to. */
  readonly managedPolicies: readonly ManagedPolicy[]
  readonly resources: readonly AccountResource[]
  /** One list a level, from the root to the account. Absent: the account is in no organization, as far as is known. */
  readonly serviceControlPolicies?: readonly (readonly NamedPolicy[])[]
  readonly resourceControlPolicies?: readonly (readonly NamedPolicy[])[]
  /** 12 digits. */
  readonly managementAccount?: string
  /** The ID of its organization, `o-…`. Absent: not known. */
  readonly organization?: string
  /** Of the whole account. Absent: it has none. */
  readonly publicAccessBlock?: PublicAccessBlock
  /** ARNs of SAML and OIDC providers. */
  readonly identityProviders: readonly string[]
  readonly unknowns: readonly Unknown[]
  /**
   * Of what a plan makes: where the declared file asked for a statement, by name of the policy and `Sid`. Looked up when
   * it is called, as few are asked for.
   */
  readonly lines?: () => PolicyLines
}

export type PolicyLines = ReadonlyMap<string, Readonly<Record<string, SourceSpan>>>

/** A policy and what it is called in answers: its ARN, or e.g. `inline policy reports of user/ada`. */
export interface NamedPolicy {
  readonly name: string
  /** As AWS has it: an object with `Statement`. Absent: it exists, and what it says is not known (see `unknowns`). */
  readonly document?: unknown
}

export interface ManagedPolicy {
  readonly arn: string
  readonly isAwsManaged: boolean
  /** The versions that exist; exactly one is the default (of id `default`, where no version is known). */
  readonly versions: readonly (NamedPolicy & { readonly id: string; readonly isDefault: boolean })[]
}

interface Identity {
  readonly name: string
  readonly path: string
  readonly arn: string
  /** ARNs of managed policies. */
  readonly attached: readonly string[]
  readonly inline: readonly NamedPolicy[]
}

interface Principal extends Identity {
  /** AIDA…, AROA…; where it is known. */
  readonly uniqueId?: string
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string
  /** Absent: not known. */
  readonly tags?: Readonly<Record<string, string>>
  /** What a declared file calls it: `member/ada` (a user, or the role of a service), `team/product` (its federated role), `platform/training`, `administrator`. */
  readonly declared?: string
  readonly declaredAt?: SourceSpan
}

export interface AccountUser extends Principal {
  readonly kind: 'user'
  /** Names of groups. */
  readonly groups: readonly string[]
  /** Absent: not known. */
  readonly hasLoginProfile?: boolean
  /** How many, active ones. Absent: not known. */
  readonly accessKeys?: number
}

export interface AccountRole extends Principal {
  readonly kind: 'role'
  readonly trust: NamedPolicy
  /**
   * Of a role of Identity Center: the pattern of ARNs that it stands for, of which AWS picks one. Nobody else makes a role
   * that the pattern takes.
   */
  readonly reservedArn?: string
  /** ARNs of instance profiles that hold it. Absent: not known. */
  readonly instanceProfiles?: readonly string[]
}

export interface AccountGroup extends Identity {
  readonly kind: 'group'
}

/** Something that carries a policy of its own, or that is data. */
export interface AccountResource {
  /** `other`: anything else with a resource policy (queue, topic, secret, function, repository, …). */
  readonly kind: 'bucket' | 'key' | 'other'
  /**
   * Its ARN. Where AWS picks the id at deployment (keys, secrets) it is a pattern, and `keys` or `name` tell it apart.
   */
  readonly arn: string
  /** Name of the bucket, alias of the key, else the last part of the ARN. */
  readonly name: string
  /** Absent: it has no policy of its own. */
  readonly policy?: NamedPolicy
  /** Of a bucket alone, before that of the account is added. Absent: it has none. */
  readonly publicAccessBlock?: PublicAccessBlock
  /** Of a bucket whose ACLs are in force: whom they grant something, `AllUsers` or `AuthenticatedUsers`. */
  readonly publicAcl?: readonly string[]
  /** Condition keys that each request to it has, e.g. `kms:ResourceAliases`. */
  readonly keys?: Readonly<Record<string, readonly string[]>>
  /** What a declared file calls it: `dataset/user-data-a`, `model/chat-base`. */
  readonly declared?: string
  readonly declaredAt?: SourceSpan
}

/** Something that the input did not tell. Answers that hang on it are `unknown`, with this reason. */
export interface Unknown {
  /** The ARN or name of what it is about: a policy, user, bucket, … */
  readonly about: string
  /** E.g. `the policy is made by a function of the template (Fn::ImportValue)`. */
  readonly reason: string
  /** What of it is not known, for answers that look for one thing. */
  readonly missing?: MissingPart
  /** File of the input, and where in it, if that is known. */
  readonly source?: string
}

export const missingParts = [
  /** What a policy says; where it belongs it stands without a `document`. */
  'document',
  /** Which policies somebody has besides those that are known. */
  'policies',
  /** What ACLs of a bucket or of its objects grant. */
  'acl',
  /** Of a bucket or of the account; what is absent in its place blocks nothing. */
  'publicAccessBlock',
  'serviceControlPolicies',
  'resourceControlPolicies',
  'identityProviders',
  /** Grants on keys, and their aliases. */
  'keyGrants',
  'aliases',
  /** Login profiles and access keys. */
  'credentials',
  /** Whether there are more users, roles, groups, or who one is that is named. */
  'principals',
  /** Whether there are more buckets, keys, queues and the like, or which one is meant. */
  'resources',
] as const

export type MissingPart = (typeof missingParts)[number]
