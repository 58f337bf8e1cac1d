import type { PublicAccessBlock } from '../layers.js'
import type { Policy } from '../policy.js'
import type { AuthorizationRequest, ContextValue } from '../request.js'
import type { UndecidedCode } from './bounds.js'

/**
 * Whom a question is about: all principals of one kind that keep to what else is said here. A `session` is one of
 * a role; `only` and `except` then name the role, by its ARN.
 */
export interface Who {
  readonly kind:
    'user' | 'session' | 'root' | 'federatedUser' | 'service' | 'provider' | 'canonicalUser' | 'anonymous'
  /** ARNs of users or roles, hosts of services; `*` and `?` are wildcards. Absent: any. */
  readonly only?: readonly string[]
  readonly except?: readonly string[]
  /** 12 digits: only principals of this account. */
  readonly account?: string
  /** 12 digits: only principals of other accounts. */
  readonly outside?: string
  /** The unique ID of the user or role that `only` names: what `aws:userid` is or begins with. Absent: any. */
  readonly uniqueId?: string
  /** Unique IDs that none of them has. */
  readonly exceptIds?: readonly string[]
}

/** The policies around requests, as `Layers` has them, before they are compiled. */
export interface PolicyLayers {
  readonly identityPolicies?: readonly Policy[]
  readonly resourcePolicy?: Policy
  readonly permissionsBoundary?: readonly Policy[]
  readonly sessionPolicies?: readonly Policy[]
  readonly serviceControlPolicies?: readonly (readonly Policy[])[]
  readonly resourceControlPolicies?: readonly (readonly Policy[])[]
  readonly publicAccessBlock?: PublicAccessBlock
  /** 12 digits. */
  readonly managementAccount?: string
}

/** Which requests a question is about, and the policies that decide them. */
export interface AccessQuestion {
  readonly who: Who
  readonly layers: PolicyLayers
  /** 12 digits: the owner of everything that is asked for. */
  readonly resourceAccount: string
  /**
   * Only requests that this identity policy allows by itself. Absent: all. Where a resource policy is among the
   * layers it has to keep to what that policy is attached to.
   */
  readonly within?: Policy
  /** Condition keys that every request has with these values; `null`: that no request has. Any letter case. */
  readonly keys?: Readonly<Record<string, ContextValue | null>>
}

/** What is known about all requests that a question is about. */
export type Proof =
  /** `knownActions`: only for the actions that AWS is known to have, on the resources that they take. */
  | { readonly proof: 'proved'; readonly world: 'allActions' | 'knownActions' }
  /** A request for which it does not hold; `authorize` decided it so as well. */
  | { readonly proof: 'refuted'; readonly request: AuthorizationRequest }
  | { readonly proof: 'unknown'; readonly code: UndecidedCode; readonly reason: string }
