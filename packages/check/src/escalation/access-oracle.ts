import type { ContextValue } from '@ringfence/policy'
import type { AccountRole, AccountUser } from '../account/account.js'
import type { SignIn } from './offer.js'
import type { SecondFactor } from './second-factor.js'

/** A user or role, with the policies, groups and boundary that it has in the case that is asked about. */
export interface Subject {
  readonly principal: AccountUser | AccountRole
  /** Tags of it that can have any value, or be missing. */
  readonly freeTags?: ReadonlySet<string>
  /** Absent: with MFA or without it, as the caller would want it. */
  readonly factor?: SecondFactor
}

/** Keys of all requests of a question: with this value, or, `null`, missing. Other keys are the caller's choice. */
export type FixedKeys = Readonly<Record<string, ContextValue | null>>

export type Answer =
  /** `resource` is that of a request which is allowed. `unless`: something unknown might deny it. `needs`: what it takes. */
  | { readonly answer: 'yes'; readonly resource: string; readonly unless?: string; readonly needs?: string }
  | { readonly answer: 'no' }
  | { readonly answer: 'unknown'; readonly reason: string }

/**
 * Says whether some request is allowed. Everything about a request that the question does not fix is taken as the
 * caller would want it: where it comes from, whether there was MFA, when it is.
 */
export interface AccessOracle {
  /** `resource` may hold `*`: some resource that it matches. */
  can(subject: Subject, action: string, resource: string, keys?: FixedKeys): Answer
  /** By the role's trust policy too. */
  canAssume(subject: Subject, role: AccountRole, action: 'sts:AssumeRole' | 'sts:TagSession'): Answer
  /** Whether a service, acting for this account, can assume the role. */
  canServe(service: string, role: AccountRole): Answer
  /** Whether an identity provider can sign somebody in to the role. */
  canSignIn(signIn: SignIn, role: AccountRole): Answer
  /**
   * Whether any of them, who have the same policies, may do any of the actions to anything; assuming roles only counts
   * as far as their own policies go. It may be `yes` or `unknown` for want of a closer look.
   */
  canAny(principals: readonly (AccountUser | AccountRole)[], actions: readonly string[]): Answer['answer']
}
