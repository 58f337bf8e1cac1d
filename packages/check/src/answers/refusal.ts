import {
  authorize,
  compileLayers,
  type AccessQuestion,
  type AuthorizationRequest,
  type Decision,
} from '@ringfence/policy'
import { plainText, representative } from './representative.js'
import type { Shape } from './region.js'

type Question = Omit<AccessQuestion, 'within'>

/** One of the requests that are all refused, and why it is. */
export interface Refusal {
  readonly request: AuthorizationRequest
  readonly decision: Decision
}

/** Keys that a request gets for its nearest statement. */
const MOST_ADDED = 8

/**
 * A plain request and, where the nearest statement misses a key that anybody can send, the same with that key: so that
 * what it still fails at is what keeps those who are asked about out.
 */
export function refusal(
  question: Question,
  shape: Shape,
  options: Parameters<typeof representative>[2],
): Refusal {
  const layers = compileLayers(question.layers)
  let request = representative(question, shape, options)
  let decision = authorize(request, layers)
  for (let added = 0; added < MOST_ADDED; added++) {
    const missing = missingKey(decision, question)
    if (!missing) break
    const richer = { ...request, context: { ...request.context, ...missing } }
    const next = authorize(richer, layers)
    if (next.decision !== 'implicitDeny') break
    request = richer
    decision = next
  }
  return { request, decision }
}

/** Keys that tell who asks, or for whom a service does. */
const OF_CALLER =
  /^aws:(?:principal|user|source(?:account|arn|org|owner|identity)|federated|calledvia|viaaws)/i
const WITH_WILDCARDS = /^(?:StringLike|Arn(?:Equals|Like))$/i
const ONE_VALUE = /^(?:String(?:Equals|Like|EqualsIgnoreCase)|Arn(?:Equals|Like)|Bool)$/i

/** What the nearest statement wants of a key that is missing. */
function missingKey({ nearest }: Decision, { keys = {} }: Question): Record<string, string> | undefined {
  const { actual, expected, key, operator = '' } = nearest?.failed ?? {}
  const [value] = expected ?? []
  if (key === undefined || value === undefined || actual !== undefined || value.includes('${'))
    return undefined
  const isAnybodys =
    !OF_CALLER.test(key) && !Object.keys(keys).some((one) => one.toLowerCase() === key.toLowerCase())
  if (!isAnybodys || !ONE_VALUE.test(operator)) return undefined
  return { [key]: WITH_WILDCARDS.test(operator) ? plainText(value) : value }
}
