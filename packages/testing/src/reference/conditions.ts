import { asList, type RawCondition } from './case.js'
import { valuesOfKey, type ReferenceContext } from './context.js'
import { BASE_OPERATORS, type BaseOperator } from './operators.js'
import type { ReferenceSwitches } from './switches.js'

/** What a condition is evaluated against. */
export interface ConditionSetting {
  readonly context: ReferenceContext
  /** Rule 11: the policy's Version is 2012-10-17. */
  readonly expandsVariables: boolean
  readonly switches: ReferenceSwitches
}

/** An operator as written, taken apart. */
interface OperatorParts {
  readonly set: 'ForAllValues' | 'ForAnyValue' | undefined
  readonly base: BaseOperator
  readonly ifExists: boolean
}

/** Rule 5: all operators and all keys of a `Condition` have to hold. */
export function conditionHolds(condition: RawCondition | undefined, setting: ConditionSetting): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      operatorHolds(operator, key, asList(values).map(String), setting),
    ),
  )
}

/** Whether one operator holds for one key. Throws on an operator that AWS does not have. */
export function operatorHolds(
  operator: string,
  key: string,
  expected: readonly string[],
  setting: ConditionSetting,
): boolean {
  const present = valuesOfKey(setting.context, key)
  if (operator.toLowerCase() === 'null') {
    // Rule 6: `Null: true` asks for absence. Rule 5: values are ORed.
    return expected.some((value) => (value.toLowerCase() === 'true') === (present.length === 0))
  }
  const { set, base, ifExists } = readOperator(operator)
  const variables = expandsFor(base, setting) ? setting.context : undefined
  // Rule 5: some value of the policy, or for negated operators none of them.
  const satisfied = (actual: string): boolean =>
    expected.some((value) => base.compare(actual, value, variables)) !== base.negated
  const actuals = set === undefined ? present : valuesForSet(present, setting.switches)
  // Rule 6. An empty list of values is a missing key: AWS sends no key without a value.
  if (actuals.length === 0 && ifExists) return true
  switch (set) {
    case 'ForAllValues': // Rule 7: true without values.
      return actuals.every(satisfied)
    case 'ForAnyValue': // Rule 7: false without values.
      return actuals.some(satisfied)
    case undefined:
      // Rule 6: without values, negated operators are true. Rule 7: some value satisfies the operator.
      return actuals.length === 0 ? base.negated : actuals.some(satisfied)
  }
}

function expandsFor(base: BaseOperator, setting: ConditionSetting): boolean {
  if (!setting.expandsVariables) return false
  return base.variables === 'always' || (base.variables === 'bySwitch' && setting.switches.variablesInBool)
}

function valuesForSet(values: readonly string[], switches: ReferenceSwitches): readonly string[] {
  return switches.emptyStringIsNoValue ? values.filter((value) => value !== '') : values
}

function readOperator(operator: string): OperatorParts {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/i.exec(operator)
  const base = BASE_OPERATORS.get((match?.[2] ?? '').toLowerCase())
  if (match === null || base === undefined) throw new Error(`condition operator not understood: ${operator}`)
  const prefix = match[1]?.toLowerCase()
  return {
    set: prefix === undefined ? undefined : prefix === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue',
    base,
    ifExists: match[3] !== undefined,
  }
}
