import type { CompiledStatement, IndexedPolicy } from '../compile.js'
import type { FailedElement, LayerName, NearMiss } from '../decision.js'
import type { Layers } from '../layers.js'
import type { Condition } from '../policy.js'
import { contextKey } from './context-keys.js'
import type { Evaluation } from './evaluation.js'
import { evaluateLayer, Outcome } from './evaluate-layer.js'
import { layerPolicies } from './layer-policies.js'

/** What a statement fails at, in the order in which it is told. */
interface Failure {
  readonly failed: FailedElement
  /** Smaller is nearer: a wrong action counts most, a condition least. */
  readonly distance: number
}

/** The Allow of the lacking layer that fails at least, and the first thing that it fails at. */
export function nearestStatement(
  missing: LayerName,
  evaluation: Evaluation,
  layers: Layers,
): NearMiss | undefined {
  let nearest: NearMiss | undefined
  let least = Infinity
  for (const policy of lackingPolicies(missing, evaluation, layers)) {
    const taking = new Set(policy.candidates(evaluation.action).allows)
    for (const compiled of policy.statements) {
      if (compiled.statement.effect !== 'Allow') continue
      const failure = measure(policy, compiled, taking.has(compiled), evaluation)
      if (!failure || failure.distance >= least) continue
      const { index, sid } = compiled.statement
      least = failure.distance
      nearest = {
        layer: missing,
        policy: policy.name,
        index,
        ...(sid === undefined ? {} : { sid }),
        failed: failure.failed,
      }
    }
  }
  return nearest
}

/** Of the SCPs only the levels that lack an allow. */
function lackingPolicies(
  missing: LayerName,
  evaluation: Evaluation,
  layers: Layers,
): readonly IndexedPolicy[] {
  if (missing !== 'serviceControl') return layerPolicies(missing, evaluation, layers)
  return (layers.serviceControlPolicies ?? [])
    .filter((level) => evaluateLayer(level, evaluation) === Outcome.none)
    .flat() as IndexedPolicy[]
}

function measure(
  policy: IndexedPolicy,
  compiled: CompiledStatement,
  takesAction: boolean,
  evaluation: Evaluation,
): Failure | undefined {
  const { action, conditions, principal, resource } = compiled.statement
  const failures: FailedElement[] = []
  let distance = 0
  const fail = (weight: number, failed: FailedElement): void => {
    failures.push(failed)
    distance += weight
  }
  if (!takesAction)
    fail(1000, {
      element: action.negated ? 'NotAction' : 'Action',
      expected: action.patterns.map((pattern) => pattern.source),
      actual: [evaluation.request.action],
    })
  if (policy.hasPrincipals && principal && compiled.principalGrants(evaluation) === 0)
    fail(200, {
      element: principal.negated ? 'NotPrincipal' : 'Principal',
      expected: principal.entries.map((entry) => entry.source),
      actual: [evaluation.request.principal],
    })
  if (resource && !compiled.resourceMatches(evaluation))
    fail(100, {
      element: resource.negated ? 'NotResource' : 'Resource',
      expected: resource.patterns.map((pattern) => pattern.source),
      actual: [evaluation.resource],
    })
  for (const [index, condition] of conditions.entries())
    if (!compiled.conditionMatches(index, evaluation)) fail(1, failedCondition(condition, evaluation))
  const [failed] = failures
  return failed && { failed, distance }
}

function failedCondition(condition: Condition, evaluation: Evaluation): FailedElement {
  const actual = evaluation.lookup(contextKey(condition.key))
  return {
    element: 'Condition',
    operator: condition.operator.source,
    key: condition.key,
    expected: condition.values.map((value) => value.source),
    ...(actual === undefined ? {} : { actual: [actual].flat().map(String) }),
  }
}
