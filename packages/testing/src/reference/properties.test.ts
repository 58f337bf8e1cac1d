import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simulateCaseArbitrary } from '../arbitraries/simulate-case.js'
import { policyArbitrary, statementArbitrary } from '../arbitraries/statements.js'
import { S3_SCENARIO } from '../arbitraries/universe.js'
import { randomCaseCount, randomSeed } from '../random-runs.js'
import type { CasePolicy, RawPolicy, SimulateCase } from './case.js'
import { evaluateReference } from './evaluate.js'

const LISTED_LAYERS = ['identityPolicies', 'permissionsBoundary', 'sessionPolicies'] as const
const listedLayer = fc.constantFrom(...LISTED_LAYERS)

function policyOf(effect: 'Allow' | 'Deny'): fc.Arbitrary<RawPolicy> {
  const statement = statementArbitrary(S3_SCENARIO, 'identity')
  return policyArbitrary(statement.map((one) => Object.assign({}, one, { Effect: effect })))
}

/** The case with one more policy in a layer; unchanged when the case does not have the layer. */
function withPolicy(
  given: SimulateCase,
  layer: (typeof LISTED_LAYERS)[number],
  policy: CasePolicy,
): SimulateCase {
  const present = given[layer]
  return present === undefined ? given : { ...given, [layer]: [...present, policy] }
}

function check<T>(property: fc.IRawProperty<T>): void {
  const [seed, numRuns] = [randomSeed(), Math.min(randomCaseCount(), 5_000)]
  console.log(`${expect.getState().currentTestName}: RINGFENCE_RANDOM_SEED=${seed}`)
  fc.assert(property, { seed, numRuns })
}

/** Upper case, but for the keys of an encryption context: those are data, whose letters grants compare. */
function shout(key: string): string {
  return key.includes('EncryptionContext') ? key : key.toUpperCase()
}

describe('what holds for every case', () => {
  test('a further Deny never lets more through', () => {
    check(
      fc.property(simulateCaseArbitrary, listedLayer, policyOf('Deny'), (given, layer, deny) => {
        const [before, after] = [evaluateReference(given), evaluateReference(withPolicy(given, layer, deny))]
        return after !== 'allow' || before === 'allow'
      }),
    )
  })

  test('a further Allow never takes an allow away, nor an explicit deny', () => {
    check(
      fc.property(simulateCaseArbitrary, listedLayer, policyOf('Allow'), (given, layer, allow) => {
        const [before, after] = [evaluateReference(given), evaluateReference(withPolicy(given, layer, allow))]
        return after === before || (before === 'implicitDeny' && after === 'allow')
      }),
    )
  })

  test('without a boundary, SCPs, RCPs or endpoint nothing is lost', () => {
    check(
      fc.property(simulateCaseArbitrary, (given) => {
        const { permissionsBoundary: _b, serviceControlPolicies: _s, ...rest } = given
        const { resourceControlPolicies: _r, vpcEndpointPolicies: _e, ...unlimited } = rest
        return evaluateReference(given) !== 'allow' || evaluateReference(unlimited) === 'allow'
      }),
    )
  })

  test('the case of action and condition keys does not matter', () => {
    check(
      fc.property(simulateCaseArbitrary, (given) => {
        const { action, context = {} } = given.request
        const shouted = Object.entries(context).map(([key, value]) => [shout(key), value] as const)
        const request = {
          ...given.request,
          action: action.toUpperCase(),
          context: Object.fromEntries(shouted),
        }
        return evaluateReference({ ...given, request }) === evaluateReference(given)
      }),
    )
  })
})
