import type { AuthorizationRequest, Containment, PolicyComparison } from '@ringfence/policy'
import type { DifferenceQueries, DifferenceQuery } from './difference-query.js'
import type { SolverAnswer } from './solver-workers.js'

/** What the two encodings say of a pair. */
export type Agreement =
  | { readonly verdict: 'agree' }
  /** The solver gave up on a direction. */
  | { readonly verdict: 'undecided' }
  | { readonly verdict: 'disagree'; readonly reason: string }

/** Whether each policy allows a request, by `authorize`. */
export type Allows = readonly [
  (request: AuthorizationRequest) => boolean,
  (request: AuthorizationRequest) => boolean,
]

/**
 * Compares the prover's answer in the open world with the solver's answers to both queries. `unknown` of the prover
 * is a disagreement, and so is a witness of the solver which `authorize` does not decide as the solver says.
 */
export function agreement(
  { open }: PolicyComparison,
  queries: DifferenceQueries,
  [forth, back]: readonly SolverAnswer[],
  [first, second]: Allows,
): Agreement {
  if (!forth || !back) throw new Error('there are two queries')
  const reasons = [
    ...direction('the first', open.firstInSecond, forth, queries.forth, [first, second]),
    ...direction('the second', open.secondInFirst, back, queries.back, [second, first]),
  ]
  if (reasons.length > 0) return { verdict: 'disagree', reason: reasons.join('; ') }
  return { verdict: [forth.result, back.result].includes('unknown') ? 'undecided' : 'agree' }
}

function direction(
  which: string,
  containment: Containment,
  answer: SolverAnswer,
  query: DifferenceQuery,
  [allows, refuses]: Allows,
): readonly string[] {
  if (containment.proof === 'unknown') return [`the prover does not know of ${which}: ${containment.reason}`]
  if (answer.result === 'unknown') return []
  if (answer.result === 'unsat')
    return containment.proof === 'proved'
      ? []
      : [`only the prover finds that ${which} allows more: ${JSON.stringify(containment.counterexample)}`]
  if (!answer.model) throw new Error('a satisfiable query has a model')
  const witness = query.request(answer.model)
  const reasons: string[] = []
  if (containment.proof === 'proved')
    reasons.push(`only the solver finds that ${which} allows more: ${JSON.stringify(witness)}`)
  if (!allows(witness) || refuses(witness))
    reasons.push(`authorize does not decide so of ${which}: ${JSON.stringify(witness)}`)
  return reasons
}
