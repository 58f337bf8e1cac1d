import type { SourceSpan } from '@ringfence/plan'
import {
  explainDecision,
  proveNothingAllowed,
  type ActionCatalogue,
  type AuthorizationRequest,
  type Decision,
  type LayerName,
  type ProveOptions,
} from '@ringfence/policy'
import type { Account, Unknown } from '../account/account.js'
import { unknownWords } from '../account/unknown-words.js'
import { widest, type Layered, type TakeUnknown } from '../account/layers-of.js'
import { refusal } from './refusal.js'
import { regionOf, type Shape } from './region.js'
import { withoutProviders } from './sign-in.js'
import { findWays, type Way } from './ways.js'

/** What decides answers, and the clock for examples. */
export interface AnswerOptions extends ProveOptions {
  readonly catalogue: ActionCatalogue
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** A statement that answers name, and the line of the file that asked for it. */
export interface TellingStatement {
  readonly layer: LayerName
  readonly policy: string
  readonly sid?: string
  /** 0-based position in the policy. */
  readonly index: number
  readonly effect: 'Allow' | 'Deny'
  readonly declaredAt?: SourceSpan
}

/** Whether some of what is asked for is allowed. */
export type AccessAnswer =
  | {
      readonly answer: 'yes'
      readonly ways: readonly Way[]
      /** There may be more ways, and why. */
      readonly incomplete?: string
    }
  | {
      readonly answer: 'no'
      /** One of the requests, and why it is refused, the main reason first. */
      readonly request: AuthorizationRequest
      readonly because: readonly string[]
      readonly statements: readonly TellingStatement[]
    }
  | {
      readonly answer: 'unknown'
      readonly reasons: readonly string[]
      /** What the policies that are known allow. */
      readonly ways: readonly Way[]
    }

/**
 * Whether some request of a shape is allowed. `take` gives the policies around it with what is not known counted as
 * nothing and as everything: what is refused even then is refused.
 */
export function answerOf(
  take: (unknown: TakeUnknown) => Layered,
  shape: Shape,
  lines: Lines,
  options: AnswerOptions,
  /** What beside policies may allow it. */
  beside: readonly Unknown[] = [],
): AccessAnswer {
  const within = regionOf(shape)
  const known = withoutProviders(take('nothing'), shape)
  const counted = known.unknowns.length + beside.length === 0 ? 'nothing' : widest(beside)
  const most = counted === 'nothing' ? known : withoutProviders(take(counted), shape)
  const proof = proveNothingAllowed({ ...most.question, within }, options)
  if (proof.proof === 'proved') return refused(take(counted), shape, lines, options)
  if (proof.proof === 'unknown') return { answer: 'unknown', reasons: [proof.reason], ways: [] }
  const { incomplete, ways } = findWays({ ...known.question, within }, shape, options)
  const isCertain = ways.length > 0 || incomplete !== undefined
  const open = known.unknowns.filter(({ isBounded }) => !isCertain || isBounded !== true)
  const reasons = [...open, ...(isCertain ? [] : beside)].map(unknownWords)
  if (reasons.length > 0) return { answer: 'unknown', reasons: [...new Set(reasons)], ways }
  return { answer: 'yes', ways, ...(incomplete === undefined ? {} : { incomplete }) }
}

function refused({ question }: Layered, shape: Shape, lines: Lines, options: AnswerOptions): AccessAnswer {
  const { decision, request } = refusal(question, shape, options)
  const told = withoutFarthest(decision)
  return {
    answer: 'no',
    request,
    because: explainDecision(request, told),
    statements: tellingStatements(told, lines),
  }
}

/** A policy of somebody's own that is about other actions is no reason. */
function withoutFarthest({ decision, missing, nearest, statements }: Decision): Decision {
  const isFar = nearest?.layer !== 'resource' && nearest?.failed.element.endsWith('Action')
  return {
    decision,
    statements,
    ...(missing === undefined ? {} : { missing }),
    ...(nearest === undefined || isFar ? {} : { nearest }),
  }
}

function tellingStatements(
  { nearest, statements }: Pick<Decision, 'nearest' | 'statements'>,
  lines: Lines,
): readonly TellingStatement[] {
  const told = nearest ? [{ ...nearest, effect: 'Allow' as const }] : statements
  return told.map((one) => withLine(one, lines))
}

/** A statement by its names and, where the declared file asked for it, its line. */
export function withLine(
  { effect, index, layer, policy, sid }: Omit<TellingStatement, 'declaredAt'>,
  lines: Lines,
): TellingStatement {
  const named = { layer, policy, index, effect, ...(sid === undefined ? {} : { sid }) }
  const declaredAt = lines.of(policy, sid)
  return declaredAt === undefined ? named : { ...named, declaredAt }
}

/** Where the declared file asked for a statement. */
export interface Lines {
  readonly of: (policy: string, sid: string | undefined) => SourceSpan | undefined
}

/** The lines of all policies of an account. */
export function linesOf(account: Account): Lines {
  return { of: (policy, sid) => (sid === undefined ? undefined : account.lines?.().get(policy)?.[sid]) }
}
