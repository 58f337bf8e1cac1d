import { evaluateLayer, Outcome } from '../../authorize/evaluate-layer.js'
import { Evaluation } from '../../authorize/evaluation.js'
import type { Policy } from '../../policy.js'
import type { AuthorizationRequest } from '../../request.js'
import { compileOnce } from '../search/compile-once.js'

/** Whether an identity policy that describes requests takes one, whoever asks: some Allow does and no Deny. */
export function regionAllows(region: Policy, request: AuthorizationRequest): boolean {
  return evaluateLayer([compileOnce(region)], new Evaluation(request, false)) === Outcome.allow
}
