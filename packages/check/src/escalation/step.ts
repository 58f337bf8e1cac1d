import type { ContextValue } from '@ringfence/policy'

/**
 * One request that a step takes. In `on`, `{target}` is the ARN of whom or what the step is about, `{partition}` and
 * `{account}` are the account's own; a `*` means that whoever asks picks what stands there. `*` alone: the action takes
 * no resource.
 */
export interface Ask {
  readonly action: string
  readonly on: string
  readonly keys?: Readonly<Record<string, ContextValue | null>>
}

interface AnyStep {
  /** Ours, kebab-case. */
  readonly id: string
  /** Paths of pathfinding.cloud that are this step and nothing else. */
  readonly publicIds: readonly string[]
}

/**
 * A service is handed a role, in something new or in something that exists, and then runs what the caller wants with
 * the role's permissions. `iam:PassRole` with the service as `iam:PassedToService` is asked for besides `asks`.
 */
export interface PassRoleStep extends AnyStep {
  readonly kind: 'passRole'
  /** The role has to trust one of these hosts. */
  readonly services: readonly string[]
  readonly asks: readonly Ask[]
  /** EC2 takes roles by instance profiles only. */
  readonly instanceProfile?: true
  /** It takes one that another role is in. */
  readonly otherProfile?: true
  /** What has to exist besides, in words, of which an `Account` does not tell whether it does. */
  readonly thing?: string
  /** The service uses the role to assume other roles and does what the caller wants as one of these. */
  readonly through?: true
}

/** Something that already runs with a role is made to do what the caller wants. */
export interface TakeOverStep extends AnyStep {
  readonly kind: 'takeOver'
  readonly services: readonly string[]
  readonly asks: readonly Ask[]
  readonly instanceProfile?: true
  /** In words, `{target}` being the role. */
  readonly thing: string
}

/** New credentials of a user, or new trust in a role, that exists. */
export interface BecomeStep extends AnyStep {
  readonly kind: 'become'
  readonly target: 'user' | 'role'
  readonly asks: readonly Ask[]
  /** Of the user: how many access keys there are, or whether there is a login profile. */
  readonly needs?: 'freeKey' | 'noFreeKey' | 'loginProfile' | 'noLoginProfile'
}

/** An identity provider that a role trusts is made to vouch for the caller. */
export interface SignInStep extends AnyStep {
  readonly kind: 'signIn'
  readonly provider: 'saml' | 'oidc'
  readonly asks: readonly Ask[]
  /** The provider is not in the account before. */
  readonly makes?: true
  /** The token is for an audience that no trust policy names. */
  readonly newAudience?: true
  /** What has to hold besides, in words, `{host}` being the issuer and `{target}` the role. */
  readonly thing?: string
}

/** What a change of policies does; `entity` is the user, role, group or managed policy that it is about. */
export type ChangeEffect =
  /** Its inline policies become whatever the caller wants. */
  | 'rewriteInline'
  /** A managed policy is attached to it. */
  | 'attach'
  /** A managed policy becomes whatever the caller wants. */
  | 'rewritePolicy'
  /** Another version of a managed policy is in force. */
  | 'switchVersion'
  | 'detach'
  | 'deleteInline'
  | 'joinGroup'
  /** A group that is new, with whatever policy the caller wants, has it as member. */
  | 'newGroup'
  | 'leaveGroup'
  | 'setBoundary'
  | 'dropBoundary'
  | 'tag'

/** Policies, groups, boundary or tags of somebody are changed: whoever is that one has other permissions then. */
export interface ChangeStep extends AnyStep {
  readonly kind: 'change'
  readonly target: 'user' | 'role' | 'group' | 'policy'
  readonly effect: ChangeEffect
  readonly asks: readonly Ask[]
}

/** A new user or role, which the caller has. */
export interface CreateStep extends AnyStep {
  readonly kind: 'create'
  readonly target: 'user' | 'role'
  readonly asks: readonly Ask[]
}

export type Step = PassRoleStep | TakeOverStep | BecomeStep | SignInStep | ChangeStep | CreateStep

/** A public path that is several steps on one and the same target. */
export interface Combination {
  readonly publicId: string
  readonly steps: readonly string[]
}

/** A resource of a service in any region of the account. */
export function inAccount(service: string, rest: string): string {
  return `arn:{partition}:${service}:*:{account}:${rest}`
}

/** The resource of an action that is done to whom the step is about. */
export const TARGET = '{target}'
