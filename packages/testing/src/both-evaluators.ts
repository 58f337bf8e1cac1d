import { authorize, parseCase, printDiagnostic, type AuthorizeSwitches } from '@ringfence/policy'
import type { ReferenceDecision, SimulateCase } from './reference/case.js'
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
  const parsed = parseCase(given)
  if (!parsed.ok)
    throw new Error(`case does not parse: ${parsed.diagnostics.map(printDiagnostic).join('\n')}`)
  const { decision } = authorize(parsed.value.request, parsed.value.layers, {
    trailingWildcardCrossesSegments: switches.starCrossesColons,
    emptyStringIsNoValue: switches.emptyStringIsNoValue,
    expandVariablesInBool: switches.variablesInBool,
    resourceControlServices: switches.resourceControlServices,
  })
  return { evaluator: decision, reference: evaluateReference(given, switches) }
}
