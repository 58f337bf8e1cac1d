import type { CompiledPolicy, CompiledStatement, IndexedPolicy } from '../compile.js'
import type { LayerName } from '../decision.js'
import type { Layers } from '../layers.js'
import type { Evaluation } from './evaluation.js'
import { resourceControlsApply, serviceControlsApply } from './scope-of-layers.js'

/** The order in which reasons are told. */
export const LAYER_ORDER: readonly LayerName[] = [
  'serviceControl',
  'resourceControl',
  'vpcEndpoint',
  'resource',
  'identity',
  'boundary',
  'session',
]

/** The policies of a layer that take part in the decision on this request; levels in one list. */
export function layerPolicies(
  layer: LayerName,
  evaluation: Evaluation,
  layers: Layers,
): readonly IndexedPolicy[] {
  return policiesOf(layer, evaluation, layers) as readonly IndexedPolicy[]
}

function policiesOf(layer: LayerName, evaluation: Evaluation, layers: Layers): readonly CompiledPolicy[] {
  switch (layer) {
    case 'serviceControl':
      return serviceControlsApply(evaluation, layers) ? (layers.serviceControlPolicies ?? []).flat() : []
    case 'resourceControl':
      return resourceControlsApply(evaluation, layers) ? (layers.resourceControlPolicies ?? []).flat() : []
    case 'vpcEndpoint':
      return layers.vpcEndpointPolicies ?? []
    case 'resource':
      return layers.resourcePolicy ? [layers.resourcePolicy] : []
    case 'publicAccessBlock':
      return []
  }
  if (!evaluation.principal.isGoverned) return []
  switch (layer) {
    case 'identity':
      return layers.identityPolicies ?? []
    case 'boundary':
      return layers.permissionsBoundary ?? []
    case 'session':
      return layers.sessionPolicies ?? []
  }
}

/** Whether the statement takes the request, its principal included. */
export function statementMatches(
  policy: IndexedPolicy,
  compiled: CompiledStatement,
  evaluation: Evaluation,
): boolean {
  return policy.hasPrincipals ? compiled.grants(evaluation) !== 0 : compiled.matches(evaluation)
}
