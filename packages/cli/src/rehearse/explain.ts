import type { CloudTrailEvent } from '@ringfence/local'
import type { Plan, SourceSpan } from '@ringfence/plan'
import { explainDecision, type Decision } from '@ringfence/policy'
import type { Answer } from './answer.js'
import type { Probe } from './probe.js'

/** A statement that decided, or came nearest to it, and where in the declared file it comes from. */
export interface DecidingLine {
  /** The policy as decisions name it: an ARN, or the id of an SCP. */
  readonly policy: string
  readonly sid: string
  /** Several where grants share a statement; none for policies that are not of the plan. */
  readonly declaredAt: readonly SourceSpan[]
}

/** One permission that the request asked for, and how it was decided. */
export interface DecidedBy {
  /** E.g. `s3:GetObject`. */
  readonly action: string
  readonly resource: string
  readonly decision: Decision['decision']
  /** Full sentences, the main one first. */
  readonly reasons: readonly string[]
  readonly lines: readonly DecidingLine[]
}

/** A probe that did not go as declared, with everything that tells why. */
export interface Surprise {
  readonly probe: Probe
  readonly answer: Answer
  readonly decidedBy: readonly DecidedBy[]
}

/** The permissions that a request asked for, with their decisions. */
export type Authorizations = NonNullable<NonNullable<CloudTrailEvent['additionalEventData']>['authorization']>

/** From a statement to the lines of the file that asked for it. */
export type LinesOf = (policy: string, sid: string) => readonly SourceSpan[]

/** What decided the answer: the refusals where there are any, else every statement that let it through. */
export function explain(
  probe: Probe,
  answer: Answer,
  authorizations: Authorizations | undefined,
  linesOf: LinesOf,
): Surprise {
  const refused = (authorizations ?? []).filter(({ decision }) => decision.decision !== 'allow')
  const told = refused.length > 0 ? refused : (authorizations ?? [])
  const decidedBy = told.map(({ principal, action, resource, decision }): DecidedBy => ({
    action,
    resource,
    decision: decision.decision,
    reasons: explainDecision({ principal, action, resource }, decision),
    lines: statementsOf(decision).flatMap(({ policy, sid }) =>
      sid === undefined ? [] : [{ policy, sid, declaredAt: linesOf(policy, sid) }],
    ),
  }))
  return { probe, answer, decidedBy }
}

function statementsOf(decision: Decision): readonly { readonly policy: string; readonly sid?: string }[] {
  if (decision.decision !== 'implicitDeny') return decision.statements
  return decision.nearest === undefined ? [] : [decision.nearest]
}

/** The statements of a plan by the lines of its file. */
export function linesOfPlan(plan: Plan): LinesOf {
  const lines = new Map<string, SourceSpan[]>()
  for (const { policy, sid, declaredAt } of plan.statements) {
    const known = lines.get(`${policy} ${sid}`)
    if (known === undefined) lines.set(`${policy} ${sid}`, [declaredAt])
    else known.push(declaredAt)
  }
  return (policy, sid) => lines.get(`${policy} ${sid}`) ?? []
}
