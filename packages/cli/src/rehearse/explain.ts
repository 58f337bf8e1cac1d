import type { CloudTrailEvent } from '@ringfence/local'
import type { Plan, SourceSpan } from '@ringfence/plan'
import type { Decision } from '@ringfence/policy'
import type { Answer } from './answer.js'
import type { Probe } from './probe.js'

/** A statement, or the lack of one, that decided an answer. */
export interface DecidedBy {
  /** `Allow` or `Deny`; `none` where no statement allowed it. */
  readonly effect: 'Allow' | 'Deny' | 'none'
  readonly layer: string
  /** The policy as decisions name it; absent where a whole layer had nothing to say. */
  readonly policy?: string
  readonly sid?: string
  /** For `none`: what in the nearest statement did not match. */
  readonly failed?: string
  /** The permission that was decided, e.g. `s3:GetObject`. */
  readonly action: string
  readonly resource: string
  /** The lines of the declared file that the statement comes from; grants may share a statement. */
  readonly declaredAt: readonly SourceSpan[]
}

/** A probe that did not go as declared, with everything that tells why. */
export interface Surprise {
  readonly probe: Probe
  readonly answer: Answer
  readonly decidedBy: readonly DecidedBy[]
}

/** The permissions that a request asked for, with their decisions, by request id. */
export type Authorizations = NonNullable<NonNullable<CloudTrailEvent['additionalEventData']>['authorization']>

/** What decided the answer: the refusals where there are any, else every statement that let it through. */
export function explain(
  probe: Probe,
  answer: Answer,
  authorizations: Authorizations | undefined,
  linesOf: (policy: string, sid: string) => readonly SourceSpan[],
): Surprise {
  const refused = (authorizations ?? []).filter(({ decision }) => decision.decision !== 'allow')
  const told = refused.length > 0 ? refused : (authorizations ?? [])
  const decidedBy = told.flatMap(({ action, resource, decision }) =>
    decidersOf(decision).map((decider): DecidedBy => {
      const { policy, sid } = decider
      const declaredAt = policy === undefined || sid === undefined ? [] : linesOf(policy, sid)
      return Object.assign({ action, resource, declaredAt }, decider)
    }),
  )
  return { probe, answer, decidedBy }
}

type Decider = Omit<DecidedBy, 'action' | 'resource' | 'declaredAt'>

function decidersOf(decision: Decision): readonly Decider[] {
  if (decision.decision !== 'implicitDeny')
    return decision.statements
      .filter(({ effect }) => (decision.decision === 'allow') === (effect === 'Allow'))
      .map(({ effect, layer, policy, sid }) =>
        sid === undefined ? { effect, layer, policy } : { effect, layer, policy, sid },
      )
  const { nearest } = decision
  const layer = decision.missing ?? nearest?.layer ?? 'identity'
  if (nearest === undefined) return [{ effect: 'none', layer }]
  const { element, operator, key, expected, actual } = nearest.failed
  return [
    {
      effect: 'none',
      layer,
      policy: nearest.policy,
      ...(nearest.sid === undefined ? {} : { sid: nearest.sid }),
      failed: [
        [element, operator, key].filter((part) => part !== undefined).join(' '),
        `wants ${shorten(expected)}`,
        `got ${actual === undefined ? 'nothing' : shorten(actual)}`,
      ].join(', '),
    },
  ]
}

function shorten(values: readonly string[]): string {
  const text = values.slice(0, 3).join(' or ')
  return values.length > 3 ? `${text} or ${values.length - 3} more` : text
}

/** From a plan's statements to the lines of its file. */
export function linesOfPlan(plan: Plan): (policy: string, sid: string) => readonly SourceSpan[] {
  const lines = new Map<string, SourceSpan[]>()
  for (const { policy, sid, declaredAt } of plan.statements) {
    const known = lines.get(`${policy} ${sid}`)
    if (known === undefined) lines.set(`${policy} ${sid}`, [declaredAt])
    else known.push(declaredAt)
  }
  return (policy, sid) => lines.get(`${policy} ${sid}`) ?? []
}
