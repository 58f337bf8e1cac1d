import type { Decision } from '../decision.js'
import type { Layers } from '../layers.js'
import type { AuthorizationRequest } from '../request.js'
import { decide } from './decide.js'
import { Evaluation } from './evaluation.js'
import { LazyDecision } from './lazy-decision.js'
import type { AuthorizeSwitches } from './switches.js'

/**
 * Decides one request, as AWS does. Default deny: an explicit deny of any layer wins, and whatever no policy
 * allows is an implicit deny.
 *
 * The decision's `statements` and `nearest` are worked out when they are read: do not change request and layers
 * before that. Throws `RingfenceError` for a principal, action, resource or context that it does not understand
 * and for a policy in a layer where its kind has no place.
 * [reference_policies_evaluation-logic]
 */
export function authorize(
  request: AuthorizationRequest,
  layers: Layers,
  switches?: AuthorizeSwitches,
): Decision {
  const evaluation = new Evaluation(request, layers.permissionsBoundary !== undefined, switches)
  return new LazyDecision(decide(evaluation, layers), evaluation, layers)
}
