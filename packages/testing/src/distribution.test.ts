import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { OPERATOR_NAMES } from './arbitraries/conditions.js'
import { simulateCaseArbitrary } from './arbitraries/simulate-case.js'
import { randomSeed } from './random-runs.js'
import { readCaller } from './reference/caller.js'
import { asList, documentOf, type CasePolicy, type SimulateCase } from './reference/case.js'
import { operatorHolds } from './reference/conditions.js'
import { buildContext } from './reference/context.js'
import { evaluateReference } from './reference/evaluate.js'
import { DEFAULT_SWITCHES } from './reference/switches.js'

const CASE_COUNT = 20_000

/** Each layer with the decisions that it can bring about by being there. */
const DECISIVE = [
  ['identityPolicies', ['allow', 'explicitDeny']],
  ['resourcePolicy', ['allow', 'explicitDeny']],
  ['permissionsBoundary', ['implicitDeny', 'explicitDeny']],
  // A federated user needs one to have anything on the identity path.
  ['sessionPolicies', ['allow', 'implicitDeny', 'explicitDeny']],
  ['serviceControlPolicies', ['implicitDeny', 'explicitDeny']],
  // AWS has RCPFullAWSAccess at every level, so it never lacks an allow.
  ['resourceControlPolicies', ['explicitDeny']],
  ['vpcEndpointPolicies', ['implicitDeny', 'explicitDeny']],
  ['publicAccessBlock', ['implicitDeny']],
] as const

/** All policies of a case, whatever their layer. */
function policiesOf(given: SimulateCase): readonly CasePolicy[] {
  return [
    ...(given.identityPolicies ?? []),
    ...(given.resourcePolicy === undefined ? [] : [given.resourcePolicy]),
    ...(given.permissionsBoundary ?? []),
    ...(given.sessionPolicies ?? []),
    ...(given.serviceControlPolicies ?? []).flat(),
    ...(given.resourceControlPolicies ?? []).flat(),
    ...(given.vpcEndpointPolicies ?? []),
  ]
}

/** Notes what every operator of a case answers. */
function noteOperators(given: SimulateCase, seen: Map<string, number>): void {
  const context = buildContext(given.request, readCaller(given.request))
  for (const policy of policiesOf(given).map(documentOf)) {
    const setting = {
      context,
      expandsVariables: policy.Version === '2012-10-17',
      switches: DEFAULT_SWITCHES,
    }
    for (const { Condition } of asList(policy.Statement)) {
      for (const [operator, keys] of Object.entries(Condition ?? {})) {
        for (const [key, values] of Object.entries(keys)) {
          add(seen, `${operator} ${operatorHolds(operator, key, asList(values).map(String), setting)}`)
        }
      }
    }
  }
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

test('random cases reach every outcome, every layer and every operator', () => {
  const seed = randomSeed()
  const counts = new Map<string, number>()
  const decisive = new Map<string, number>()
  const operators = new Map<string, number>()

  for (const given of fc.sample(simulateCaseArbitrary, { seed, numRuns: CASE_COUNT })) {
    const decision = evaluateReference(given)
    add(counts, decision)
    for (const [layer] of DECISIVE) {
      if (given[layer] === undefined) continue
      const { [layer]: _, ...without } = given
      if (evaluateReference(without) !== decision) add(decisive, `${layer} ${decision}`)
    }
    noteOperators(given, operators)
  }

  console.log(
    `distribution of ${CASE_COUNT} cases, seed ${seed}`,
    Object.fromEntries(counts),
    Object.fromEntries(decisive),
  )
  for (const decision of ['allow', 'explicitDeny', 'implicitDeny']) {
    expect(counts.get(decision) ?? 0, decision).toBeGreaterThan(CASE_COUNT / 10)
  }
  for (const [layer, decisions] of DECISIVE) {
    for (const decision of decisions) {
      expect(decisive.get(`${layer} ${decision}`) ?? 0, `${layer} ${decision}`).toBeGreaterThanOrEqual(3)
    }
  }
  for (const name of OPERATOR_NAMES) {
    const modified =
      name === 'Null' ? [name] : [name, `${name}IfExists`, `ForAllValues:${name}`, `ForAnyValue:${name}`]
    for (const operator of modified) {
      expect(operators.has(`${operator} true`), `${operator} was true`).toBe(true)
      expect(operators.has(`${operator} false`), `${operator} was false`).toBe(true)
    }
  }
})
