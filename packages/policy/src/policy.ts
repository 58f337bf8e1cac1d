import type { Span } from './diagnostic.js'
import type { PolicyKind } from './layers.js'

/** A policy document as a typed tree. What its kind does not admit is never in it. */
export interface Policy {
  readonly kind: PolicyKind
  readonly name: string
  /** As written; without one AWS takes 2008-10-17, which has no policy variables. */
  readonly version?: '2012-10-17' | '2008-10-17'
  readonly id?: string
  readonly statements: readonly Statement[]
}

export interface Statement {
  /** 0-based position in the document. */
  readonly index: number
  readonly sid?: string
  readonly effect: 'Allow' | 'Deny'
  /** Resource, trust, RCP and VPC endpoint policies have one, the other kinds none. */
  readonly principal?: PrincipalElement
  readonly action: ActionElement
  /** Absent in trust policies; in resource policies absent means the resource that carries the policy. */
  readonly resource?: ResourceElement
  /** ANDed. */
  readonly conditions: readonly Condition[]
  readonly span?: Span
}

export interface PrincipalElement {
  /** True for `NotPrincipal`. */
  readonly negated: boolean
  readonly entries: readonly PrincipalEntry[]
  readonly span?: Span
}

/**
 * One principal. `everyone` stands for `*` and `{"AWS":"*"}`; `account` for the account's ID and its root ARN,
 * which mean the same; `uniqueId` for what AWS leaves in a policy after the user or role is gone.
 */
export type PrincipalEntry =
  | { readonly type: 'everyone'; readonly source: string }
  | { readonly type: 'account'; readonly account: string; readonly source: string }
  | { readonly type: 'user'; readonly account: string; readonly source: string }
  | { readonly type: 'role'; readonly account: string; readonly source: string }
  | { readonly type: 'session'; readonly account: string; readonly source: string }
  | { readonly type: 'federatedUser'; readonly account: string; readonly source: string }
  | { readonly type: 'uniqueId'; readonly source: string }
  | { readonly type: 'service'; readonly source: string }
  | { readonly type: 'federated'; readonly source: string }
  | { readonly type: 'canonicalUser'; readonly source: string }

export interface ActionElement {
  /** True for `NotAction`. */
  readonly negated: boolean
  readonly patterns: readonly ActionPattern[]
  readonly span?: Span
}

/** `service` and `name` are in lower case; `service` is `*` only for the bare `*`. */
export interface ActionPattern {
  readonly source: string
  readonly service: string
  /** May hold `*` and `?`. */
  readonly name: string
}

export interface ResourceElement {
  /** True for `NotResource`. */
  readonly negated: boolean
  readonly patterns: readonly ResourcePattern[]
  readonly span?: Span
}

/**
 * `*`, or the six segments of an ARN, of which only the last has variables. `nothing` is an ARN with a variable before
 * its fifth colon: AWS takes it and puts no value there, so no resource is meant.
 */
export type ResourcePattern =
  | { readonly type: 'everything'; readonly source: string }
  | { readonly type: 'nothing'; readonly source: string }
  | { readonly type: 'arn'; readonly source: string; readonly segments: readonly Text[] }

/** A text with wildcards and variables. Neighbouring literals are one. */
export interface Text {
  readonly source: string
  readonly parts: readonly TextPart[]
}

export type TextPart =
  | { readonly type: 'literal'; readonly text: string }
  /** `*`: any number of characters. */
  | { readonly type: 'any' }
  /** `?`: one character. */
  | { readonly type: 'one' }
  /** `${key}` or `${key, 'default'}`. */
  | { readonly type: 'variable'; readonly key: string; readonly fallback?: string }

/** What an operator compares. */
export type OperatorFamily =
  | 'string'
  | 'stringIgnoreCase'
  | 'stringLike'
  | 'numeric'
  | 'date'
  | 'bool'
  | 'binary'
  | 'ip'
  | 'arn'
  | 'null'

/** How numbers and dates are compared: the request's value against the policy's. */
export type Comparison = 'equal' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual'

export interface ConditionOperator {
  /** As written, e.g. `ForAnyValue:StringNotLikeIfExists`. */
  readonly source: string
  readonly family: OperatorFamily
  readonly comparison: Comparison
  readonly negated: boolean
  readonly ifExists: boolean
  readonly quantifier?: 'all' | 'any'
}

export interface Condition {
  readonly operator: ConditionOperator
  /** As written; compared without regard to case. */
  readonly key: string
  /** ORed. Their type follows from the operator's family. */
  readonly values: readonly ConditionValue[]
  readonly span?: Span
}

export type ConditionValue =
  | { readonly type: 'text'; readonly source: string; readonly text: Text }
  /** `segments` are absent when the text has variables: they are expanded before the ARN is split. */
  | {
      readonly type: 'arn'
      readonly source: string
      readonly text: Text
      readonly segments?: readonly Text[]
    }
  | { readonly type: 'number'; readonly source: string; readonly number: number }
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  | { readonly type: 'date'; readonly source: string; readonly epochMs: number }
  | { readonly type: 'boolean'; readonly source: string; readonly boolean: boolean }
  /** A `Bool` value with a variable in it: expanded only under the switch `expandVariablesInBool`. */
  | { readonly type: 'booleanText'; readonly source: string; readonly text: Text }
  | { readonly type: 'binary'; readonly source: string; readonly bytes: readonly number[] }
  | { readonly type: 'ip'; readonly source: string; readonly network: IpNetwork }

/** `words` are the address's 32-bit words (one for IPv4, four for IPv6), bits beyond the prefix are zero. */
export interface IpNetwork {
  readonly version: 4 | 6
  readonly words: readonly number[]
  /** Bits, 0–32 or 0–128. */
  readonly prefixLength: number
}
