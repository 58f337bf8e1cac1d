import type { PublicAccessBlock } from '@ringfence/policy'
import type { AccountResource, NamedPolicy } from '../account/account.js'

/** Where something was read. */
export interface Source {
  readonly file: string
  /** Where in it, e.g. `Resources.Reader`. */
  readonly place?: string
  /** The file lists all there is of this kind: what it does not say of one is not so. */
  readonly complete?: true
}

/** Something that one place of an input says; several places may say different things. */
export interface Fact<Value> {
  readonly value: Value
  readonly source: Source
}

/** What makes somebody a user, role or group: said as a whole or not at all. */
export interface Description {
  readonly path: string
  readonly uniqueId?: string
  readonly tags?: Readonly<Record<string, string>>
  /** ARN. Absent: there is none. */
  readonly permissionsBoundary?: string
  /** `all`: also which policies there are. `principal`: everything but these. `path`: nothing but the path. */
  readonly tells: 'all' | 'principal' | 'path'
}

export type IdentityKind = 'user' | 'role' | 'group'

/** A user, role or group while files are read; files that say nothing else may still attach something. */
export interface IdentityDraft {
  readonly kind: IdentityKind
  readonly name: string
  readonly described: Fact<Description>[]
  /** ARNs. */
  readonly attached: Fact<string>[]
  readonly inline: Fact<NamedPolicy>[]
  /** Of a user: names. */
  readonly groups: Fact<string>[]
  readonly loginProfiles: Fact<boolean>[]
  /** Of a user: one for each active key. */
  readonly accessKeys: Fact<string>[]
  /** Of a role. */
  readonly trust: Fact<NamedPolicy>[]
  /** Of a role: ARNs. */
  readonly instanceProfiles: Fact<string>[]
  /** Whether some file lists the instance profiles of the role. */
  tellsInstanceProfiles: boolean
}

export interface PolicyVersion {
  readonly id: string
  readonly isDefault: boolean
  readonly policy: NamedPolicy
}

/** Something with a policy of its own while files are read. */
export interface ResourceDraft {
  readonly kind: AccountResource['kind']
  readonly arn: string
  readonly name: string
  /** A template or a state makes it: where no file has a policy, there is none. */
  isMade: boolean
  /** Undefined: it has none. Empty: no file says, or it is made without. */
  readonly policies: Fact<NamedPolicy | undefined>[]
  /** What a state shows at the resource itself; it counts where nothing else has the policy. */
  readonly ownPolicies: Fact<NamedPolicy | undefined>[]
  /** Of a policy that is put together statement by statement. */
  readonly statements: Fact<unknown>[]
  readonly blocks: Fact<PublicAccessBlock | undefined>[]
  /** Of a bucket: `AllUsers`, `AuthenticatedUsers`. */
  readonly acls: Fact<readonly string[]>[]
  /** Of a bucket: whether ACLs are in force. */
  readonly aclsInForce: Fact<boolean>[]
  /** Of a key: `alias/…`. */
  readonly aliases: Set<string>
}

export function draftIdentity(kind: IdentityKind, name: string): IdentityDraft {
  return {
    kind,
    name,
    described: [],
    attached: [],
    inline: [],
    groups: [],
    loginProfiles: [],
    accessKeys: [],
    trust: [],
    instanceProfiles: [],
    tellsInstanceProfiles: false,
  }
}

export function draftResource(kind: ResourceDraft['kind'], arn: string, name: string): ResourceDraft {
  return {
    kind,
    arn,
    name,
    isMade: false,
    policies: [],
    ownPolicies: [],
    statements: [],
    blocks: [],
    acls: [],
    aclsInForce: [],
    aliases: new Set(),
  }
}
