import type { Capability, Member, ServiceSignIn } from './declaration.js'

/** Who may have access: `member/ada`, `team/research`; the execution role of a platform is `platform/training`. */
export type AccessSubject = `${'member' | 'team' | 'platform'}/${string}`
/** What it is access to: `dataset/user-data-a`, `model/chat-base`, `platform/training`. */
export type AccessTarget = `${'dataset' | 'model' | 'platform'}/${string}`

/**
 * Who may do what, as the file says it: small enough to be kept with what was deployed, so that the next change
 * can be told as a change of access. Grants are not multiplied by the members of their teams. Plain JSON, sorted,
 * and the same for all files that mean the same.
 */
export interface AccessSummary {
  /** Who vouches for people that sign in by federation. */
  readonly identityProvider?: AccessProvider
  readonly members: Readonly<Record<string, AccessMember>>
  /** Names of the members of each team. */
  readonly teams: Readonly<Record<string, readonly string[]>>
  readonly grants: readonly AccessGrant[]
}

/** What is said under a name. Every object has a `constructor`, and a team or a member may be called so. */
export function saidOf<Said>(
  all: Readonly<Record<string, Said>> | undefined,
  name: string,
): Said | undefined {
  return all !== undefined && Object.hasOwn(all, name) ? all[name] : undefined
}

export interface AccessProvider {
  /** Of a provider of the account, or of the instance of Identity Center. */
  readonly arn: string
  /** Identity Center has none. */
  readonly audience?: string
}

export interface AccessMember {
  readonly kind: Member['kind']
  /** The immutable id of a roster: with another one somebody else has the name. */
  readonly rosterId?: string
  /** ISO 8601 instant, UTC: all access ends. For a service that is at the latest when its only key does. */
  readonly until?: string
  /** As whom the identity provider signs a person in who has no IAM user: sessions of others are to be refused. */
  readonly email?: string
  /** Whose tokens let a service into its role, of those that have no key: sessions of others are to be refused. */
  readonly oidc?: ServiceSignIn
}

export interface AccessGrant {
  readonly to: AccessSubject
  readonly can: readonly Capability[]
  readonly on: AccessTarget
  /** `''` or a prefix that ends in `/`. */
  readonly under: string
  /** ISO 8601 instant, UTC; for a team the team's own end at the latest. */
  readonly until?: string
}

/** A part of a store: below a prefix, and until an instant if there is one. */
export interface AccessPart {
  readonly under: string
  readonly until?: string
}

/** One thing that one member, or the jobs of a platform, may do from now on or no longer. */
export interface AccessChange extends AccessPart {
  readonly who: `${'member' | 'platform'}/${string}`
  readonly change: 'gains' | 'loses'
  readonly can: Capability
  readonly on: AccessTarget
  /**
   * Parts of it that do not change: held before (`gains`) or still held (`loses`). A later or earlier end of the
   * same access is such a change: what is gained until 2036 except what was held until 2035 already.
   */
  readonly except?: readonly AccessPart[]
}
