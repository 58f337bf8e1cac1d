/** A value, or a list of values, of a condition key as the request carries it. */
export type RawContextValue = string | number | boolean | readonly (string | number | boolean)[]

/** The request of a `simulate` case. */
export interface RawRequest {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly resourceAccount?: string
  readonly context?: Readonly<Record<string, RawContextValue>>
  /** Canonical user ID of the principal's account, where it is known. */
  readonly canonicalUserId?: string
}

/** One or many: IAM writes a list of one without brackets. */
export type OneOrMany<T> = T | readonly T[]

/** A value in a condition, as JSON has it. */
export type RawConditionValue = string | number | boolean

/** `"*"`, or principals by type. */
export type RawPrincipal = '*' | Readonly<Record<string, OneOrMany<string>>>

/** Operator → key → values. */
export type RawCondition = Readonly<Record<string, Readonly<Record<string, OneOrMany<RawConditionValue>>>>>

/** One statement of a policy document, as JSON has it. */
export interface RawStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: RawPrincipal
  readonly NotPrincipal?: RawPrincipal
  readonly Action?: OneOrMany<string>
  readonly NotAction?: OneOrMany<string>
  readonly Resource?: OneOrMany<string>
  readonly NotResource?: OneOrMany<string>
  readonly Condition?: RawCondition
}

/** A policy document, as JSON has it. */
export interface RawPolicy {
  readonly Version?: '2012-10-17' | '2008-10-17'
  readonly Id?: string
  readonly Statement: OneOrMany<RawStatement>
}

/** A policy with the name by which reasons call it. */
export interface NamedRawPolicy {
  readonly name: string
  readonly policy: RawPolicy
}

/** Where a policy stands in a case: with a name, or the bare document. */
export type CasePolicy = NamedRawPolicy | RawPolicy

/** The four switches of S3 Block Public Access. */
export interface RawPublicAccessBlock {
  readonly blockPublicAcls?: boolean
  readonly ignorePublicAcls?: boolean
  readonly blockPublicPolicy?: boolean
  readonly restrictPublicBuckets?: boolean
}

/** A grant on a KMS key. */
export interface RawKeyGrant {
  readonly id: string
  readonly granteePrincipal: string
  readonly operations: readonly string[]
  readonly encryptionContextEquals?: Readonly<Record<string, string>>
  readonly encryptionContextSubset?: Readonly<Record<string, string>>
}

/** One case of `ringfence simulate`: a request and all the policies that take part. Plain JSON. */
export interface SimulateCase {
  readonly request: RawRequest
  readonly identityPolicies?: readonly CasePolicy[]
  readonly resourcePolicy?: CasePolicy
  readonly permissionsBoundary?: readonly CasePolicy[]
  readonly sessionPolicies?: readonly CasePolicy[]
  readonly serviceControlPolicies?: readonly (readonly CasePolicy[])[]
  readonly resourceControlPolicies?: readonly (readonly CasePolicy[])[]
  readonly vpcEndpointPolicies?: readonly CasePolicy[]
  readonly publicAccessBlock?: RawPublicAccessBlock
  readonly keyGrants?: readonly RawKeyGrant[]
  /** SCPs do not hold for its principals, RCPs not for its resources. */
  readonly managementAccount?: string
}

/** The answer of the reference: the same three words as everywhere. */
export type ReferenceDecision = 'allow' | 'explicitDeny' | 'implicitDeny'

/** One value or a list, as a list. */
export function asList<T>(value: OneOrMany<T> | undefined): readonly T[] {
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}

/** The document of a case's policy, named or bare. */
export function documentOf(policy: CasePolicy): RawPolicy {
  return 'policy' in policy ? policy.policy : policy
}
