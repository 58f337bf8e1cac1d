import {
  authorize,
  parseCase,
  printDiagnostic,
  type AuthorizationCase,
  type AuthorizeSwitches,
} from '@ringfence/policy'
import type { RawRequest, ReferenceDecision, SimulateCase } from './reference/case.js'
import { evaluateReference } from './reference/evaluate.js'
import { DEFAULT_SWITCHES, type ReferenceSwitches } from './reference/switches.js'

/** What the two evaluators say to one case. */
export interface BothAnswers {
  readonly evaluator: ReferenceDecision
  readonly reference: ReferenceDecision
}

/** The switches of `authorize` as those of the reference. */
export function referenceSwitches(switches: AuthorizeSwitches = {}): ReferenceSwitches {
  const services = switches.resourceControlServices
  return {
    starCrossesColons: switches.trailingWildcardCrossesSegments ?? DEFAULT_SWITCHES.starCrossesColons,
    emptyStringIsNoValue: switches.emptyStringIsNoValue ?? DEFAULT_SWITCHES.emptyStringIsNoValue,
    variablesInBool: switches.expandVariablesInBool ?? DEFAULT_SWITCHES.variablesInBool,
    resourceControlServices: services ?? DEFAULT_SWITCHES.resourceControlServices,
  }
}

/**
 * Asks the evaluator of `@ringfence/policy` and the reference. Throws when the case does not parse: the cases
 * of this package are well-formed, so a refusal is a difference too.
 */
export function askBoth(given: SimulateCase, switches: ReferenceSwitches = DEFAULT_SWITCHES): BothAnswers {
  const { request, layers } = parse(given)
  const { decision } = authorize(request, layers, evaluatorSwitches(switches))
  return { evaluator: decision, reference: evaluateReference(given, switches) }
}

/** Asks both about each request in turn, the evaluator with policies that it compiled once. */
export function askBothInTurn(given: SimulateCase, requests: readonly RawRequest[]): readonly BothAnswers[] {
  const { layers } = parse(given)
  return [given.request, ...requests].map((request) => ({
    evaluator: authorize(parse({ request }).request, layers).decision,
    reference: evaluateReference(Object.assign({}, given, { request })),
  }))
}

function parse(given: SimulateCase): AuthorizationCase {
  const parsed = parseCase(given)
  if (parsed.ok) return parsed.value
  throw new Error(`case does not parse: ${parsed.diagnostics.map(printDiagnostic).join('\n')}`)
}

function evaluatorSwitches(switches: ReferenceSwitches): AuthorizeSwitches {
  return {
    trailingWildcardCrossesSegments: switches.starCrossesColons,
    emptyStringIsNoValue: switches.emptyStringIsNoValue,
    expandVariablesInBool: switches.variablesInBool,
    resourceControlServices: switches.resourceControlServices,
  }
}
