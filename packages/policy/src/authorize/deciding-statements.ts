import type { CompiledStatement } from '../compile.js'
import type { DecidingStatement, DecisionKind, LayerName } from '../decision.js'
import type { Layers } from '../layers.js'
import type { Evaluation } from './evaluation.js'
import { fittingKeyGrants } from './key-grants.js'
import { LAYER_ORDER, layerPolicies, statementMatches } from './layer-policies.js'
import { resourceDeniesApply } from './scope-of-layers.js'

/**
 * The statements that decided, by layer: the matching allows for an allow, the matching denies for an explicit
 * deny, none for an implicit one.
 */
export function decidingStatements(
  decision: DecisionKind,
  evaluation: Evaluation,
  layers: Layers,
): readonly DecidingStatement[] {
  if (decision === 'implicitDeny') return []
  const deciding: DecidingStatement[] = []
  for (const layer of LAYER_ORDER) {
    if (decision === 'explicitDeny' && layer === 'resource' && !resourceDeniesApply(evaluation)) continue
    for (const policy of layerPolicies(layer, evaluation, layers)) {
      const { allows, denies } = policy.candidates(evaluation.action)
      for (const compiled of decision === 'allow' ? allows : denies)
        if (statementMatches(policy, compiled, evaluation)) deciding.push(describe(layer, compiled))
    }
    if (decision === 'allow' && layer === 'resource' && layers.keyGrants) {
      for (const { id } of fittingKeyGrants(layers.keyGrants, evaluation))
        deciding.push({ layer, policy: id, index: 0, effect: 'Allow' })
    }
  }
  return deciding
}

function describe(layer: LayerName, compiled: CompiledStatement): DecidingStatement {
  const { effect, index, sid } = compiled.statement
  return { layer, policy: compiled.policyName, index, ...(sid === undefined ? {} : { sid }), effect }
}
