import type { AuthorizeSwitches } from '@ringfence/policy'
import * as fc from 'fast-check'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { matchingCaseArbitrary } from './arbitraries/matching-case.js'
import { sharedPoliciesArbitrary, simulateCaseArbitrary } from './arbitraries/simulate-case.js'
import { askBoth, askBothInTurn, referenceSwitches } from './both-evaluators.js'
import { readCaseTables } from './case-tables.js'
import { randomCaseCount, randomSeed } from './random-runs.js'
import type { SimulateCase } from './reference/case.js'
import { DEFAULT_SWITCHES, type ReferenceSwitches } from './reference/switches.js'

const CASES_OF_POLICY = fileURLToPath(new URL('../../policy/cases', import.meta.url))

/** A case of `@ringfence/policy`: it expects reasons too, which the reference does not give. */
interface PolicyCase {
  readonly name: string
  readonly case: SimulateCase
  readonly switches?: AuthorizeSwitches
  readonly expect: { readonly decision: string }
}

/** Mostly the defaults, for those are what users get. */
const switchesArbitrary: fc.Arbitrary<ReferenceSwitches> = fc.oneof(
  { arbitrary: fc.constant(DEFAULT_SWITCHES), weight: 4 },
  {
    arbitrary: fc.record({
      starCrossesColons: fc.boolean(),
      emptyStringIsNoValue: fc.boolean(),
      variablesInBool: fc.boolean(),
      resourceControlServices: fc.constantFrom([], ['s3'], DEFAULT_SWITCHES.resourceControlServices),
    }),
    weight: 1,
  },
)

describe('the evaluator and the reference agree', () => {
  test('on random cases', { timeout: 600_000 }, () => {
    agreeOn(simulateCaseArbitrary)
  })

  test('on several requests to policies that are compiled once', { timeout: 600_000 }, () => {
    const [seed, numRuns] = [randomSeed(), Math.ceil(randomCaseCount() / 4)]
    console.log(`${numRuns} random sets of policies, RINGFENCE_RANDOM_SEED=${seed}`)
    fc.assert(
      fc.property(sharedPoliciesArbitrary, ({ given, requests }) => {
        const answers = askBothInTurn(given, requests)
        return answers.every(({ evaluator, reference }) => evaluator === reference)
      }),
      { seed, numRuns },
    )
  })

  test('on random patterns and values in one statement', { timeout: 600_000 }, () => {
    agreeOn(matchingCaseArbitrary)
  })

  test.each(
    readCaseTables(fileURLToPath(new URL('../cases', import.meta.url))).map((entry) => [entry.name, entry]),
  )('on %s', (_name, entry) => {
    expect(askBoth(entry.case)).toEqual({ evaluator: entry.expected, reference: entry.expected })
  })

  test.each(readPolicyCases().map((entry) => [entry.name, entry] as const))('on %s', (_name, entry) => {
    const { decision } = entry.expect
    expect(askBoth(entry.case, referenceSwitches(entry.switches))).toEqual({
      evaluator: decision,
      reference: decision,
    })
  })
})

/** Fails with the shrunk case, ready for `ringfence simulate`, when the two differ on some case. */
function agreeOn(cases: fc.Arbitrary<SimulateCase>): void {
  const [seed, numRuns] = [randomSeed(), randomCaseCount()]
  console.log(`${numRuns} random cases, RINGFENCE_RANDOM_SEED=${seed}`)
  const property = fc.property(cases, switchesArbitrary, (given, switches) => {
    const { evaluator, reference } = askBoth(given, switches)
    return evaluator === reference
  })
  const result = fc.check(property, { seed, numRuns })
  if (result.counterexample === null) return
  const [given, switches] = result.counterexample
  expect.fail(
    [
      `seed ${seed}, path ${result.counterexamplePath ?? ''}, shrunk ${result.numShrinks} times`,
      `switches ${JSON.stringify(switches)}`,
      `answers ${printAnswers(given, switches)}`,
      'as a case of `ringfence simulate`:',
      JSON.stringify(given, undefined, 2),
    ].join('\n'),
  )
}

function printAnswers(given: SimulateCase, switches: ReferenceSwitches): string {
  try {
    return JSON.stringify(askBoth(given, switches))
  } catch (error) {
    return String(error)
  }
}

/** All tables of `@ringfence/policy`, but for cases that expect an error instead of a decision. */
function readPolicyCases(): readonly PolicyCase[] {
  if (!existsSync(CASES_OF_POLICY)) throw new Error(`no cases in ${CASES_OF_POLICY}`)
  return readdirSync(CASES_OF_POLICY)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) => JSON.parse(readFileSync(`${CASES_OF_POLICY}/${file}`, 'utf8')) as PolicyCase[])
    .filter((entry) => entry.expect?.decision !== undefined)
}
