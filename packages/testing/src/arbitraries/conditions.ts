import * as fc from 'fast-check'
import type { OneOrMany, RawCondition, RawConditionValue, RawContextValue } from '../reference/case.js'
import { ALL_KEYS, ARNS, ENCRYPTION_CONTEXT, FAMILIES, STRINGS, type Family } from './condition-families.js'

/** Every condition operator without modifiers, `Null` included. */
export const OPERATOR_NAMES: readonly string[] = [
  ...new Set(FAMILIES.flatMap((family) => family.operators)),
  'Null',
]

/** One operator on one key. */
interface ConditionAtom {
  readonly operator: string
  readonly key: string
  readonly values: OneOrMany<RawConditionValue>
}

function oneOrTwo(values: readonly RawConditionValue[]): fc.Arbitrary<OneOrMany<RawConditionValue>> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...values), weight: 3 },
    { arbitrary: fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), weight: 2 },
  )
}

const modifier = fc.oneof(
  { arbitrary: fc.constant({ set: '', ifExists: '' }), weight: 4 },
  {
    arbitrary: fc.record({
      set: fc.constantFrom('', 'ForAllValues:', 'ForAnyValue:'),
      ifExists: fc.constantFrom('', 'IfExists'),
    }),
    weight: 6,
  },
)

/** Keys are written in any case. */
function spelled(key: string): fc.Arbitrary<string> {
  if (key.startsWith(ENCRYPTION_CONTEXT)) return fc.constant(key)
  return fc.oneof(
    { arbitrary: fc.constant(key), weight: 5 },
    { arbitrary: fc.constantFrom(key.toLowerCase(), key.toUpperCase()), weight: 1 },
  )
}

function familyAtom(family: Family): fc.Arbitrary<ConditionAtom> {
  const operator = fc
    .tuple(modifier, fc.constantFrom(...family.operators))
    .map(([{ set, ifExists }, name]) => `${set}${name}${ifExists}`)
  return fc.oneof(
    ...family.keys.map(({ key, expected }) =>
      fc.record({ operator, key: spelled(key), values: oneOrTwo(expected) }),
    ),
  )
}

const nullAtom: fc.Arbitrary<ConditionAtom> = fc.record({
  operator: fc.constant('Null'),
  key: fc.oneof(...ALL_KEYS.map(({ key }) => spelled(key))),
  values: fc.constantFrom('true', 'false', true, false),
})

const atom = fc.oneof(...FAMILIES.map(familyAtom), nullAtom)

/** A `Condition` on `aws:PrincipalArn` alone: what narrows an allow to everyone (rule 17). */
export const principalArnConditionArbitrary: fc.Arbitrary<RawCondition> = fc
  .oneof(
    ...[STRINGS, ARNS].map(({ operators, keys }) =>
      familyAtom({ operators, keys: keys.filter(({ key }) => key === 'aws:PrincipalArn') }),
    ),
  )
  .map(({ operator, key, values }) => ({ [operator]: { [key]: values } }))

/** A `Condition` of one or two operators. */
export const conditionArbitrary: fc.Arbitrary<RawCondition> = fc
  .oneof({ arbitrary: fc.tuple(atom), weight: 3 }, { arbitrary: fc.tuple(atom, atom), weight: 1 })
  .map((atoms) => {
    const condition: Record<string, Record<string, OneOrMany<RawConditionValue>>> = {}
    const taken = new Set<string>()
    for (const { operator, key, values } of atoms) {
      // Two spellings of one key under one operator: which of them AWS would take is not documented.
      const place = `${operator} ${key.toLowerCase()}`
      if (taken.has(place)) continue
      taken.add(place)
      condition[operator] = { ...condition[operator], [key]: values }
    }
    return condition
  })

const sentKeys = ALL_KEYS.filter(({ sent }) => sent.length > 0)

/** The context of a request: each key there or not. */
export const contextArbitrary: fc.Arbitrary<Record<string, RawContextValue>> = fc
  .tuple(
    ...sentKeys.map(({ key, sent }) =>
      fc.option(fc.tuple(spelled(key), fc.constantFrom(...sent)), { freq: 4, nil: undefined }),
    ),
  )
  .map((entries) => Object.fromEntries(entries.filter((entry) => entry !== undefined)))
