import { operatorOf, type Family, type Operator } from './operators.js'
import { OutsideSubset } from './outside-subset.js'
import { isPrincipalKey, principalKey } from './principal-keys.js'
import { and, not, or, type Term } from './regular.js'
import { realTerm } from './typed-constants.js'
import { LAST_SECOND, sentKey, type TextUniverse } from './universe.js'
import { instantMeets, valueVariables, type Asked, type ValueVariables } from './values.js'
import type { Model } from './witness-values.js'

/** One operator with one key, of one statement. */
export interface KeyCondition {
  readonly operator: Operator
  readonly values: readonly string[]
  readonly version2012: boolean
}

/** A condition key as variables of a query. */
export interface EncodedKey {
  readonly declarations: readonly Term[]
  readonly universe: readonly Term[]
  readonly texts: readonly TextUniverse[]
  /** Its values, and the variables that are their texts; none where it follows from something else. */
  readonly items: readonly { readonly present: Term; readonly text: Term | undefined }[]
  /** Whether one of the conditions that the key was made for holds. */
  readonly holds: (condition: KeyCondition) => Term
  /** Its part of the request's context. */
  readonly print: (model: Model) => Readonly<Record<string, string | readonly string[]>>
}

export function keyCondition(
  operator: string,
  values: readonly (string | number | boolean)[],
  version2012: boolean,
): KeyCondition {
  return { operator: operatorOf(operator), values: values.map(String), version2012 }
}

const CLOCK = 'clock'

/**
 * The key by its name in lower case, with all conditions on it in both policies; `furtherItems` are values of a list
 * beside those that these need. Throws `OutsideSubset`.
 */
export function encodeKey(
  name: string,
  conditions: readonly KeyCondition[],
  index: number,
  further: readonly string[],
  furtherItems = 0,
): EncodedKey {
  if (isPrincipalKey(name))
    return principalKey(name, (condition, { meets, present }) =>
      conditionHolds(condition, [{ value: { meets }, present }]),
    )
  const sent = sentKey(name)
  if (sent.kind === 'clock') return clockKey(name)
  const isAsked = conditions.some(({ operator }) => operator.over !== 'one')
  const many = sent.many === 'asAsked' ? isAsked : sent.many
  const family = soleFamily(name, conditions)
  // Each condition needs at most one value to be true or false; others could be left out of the list.
  const items = Array.from({ length: many ? conditions.length + furtherItems : 1 }, (_, item) => {
    const variable = `k${index}_${item}`
    const value = valueVariables(variable, sent.kind, family, further)
    const text = isTyped(family) ? undefined : variable
    return { value, text, present: sent.always ? 'true' : `${variable}_present` }
  })
  return {
    declarations: items.flatMap(({ present, value }) => [
      ...value.declarations,
      ...(present === 'true' ? [] : [`(declare-const ${present} Bool)`]),
    ]),
    universe: items.flatMap(({ value }) => value.universe),
    texts: items.flatMap(({ value }) => value.texts),
    items,
    holds: (condition) => conditionHolds(condition, items),
    print: (model) => {
      const texts = items.flatMap(({ present, value }) =>
        present === 'true' || model.isTrue(present) ? [value.print(model)] : [],
      )
      if (texts.length === 0) return {}
      return { [name]: many ? texts : texts[0]! }
    },
  }
}

function isTyped(family: Family | undefined): boolean {
  return family === 'number' || family === 'instant' || family === 'address'
}

const TEXTS: ReadonlySet<Family | 'null'> = new Set(['text', 'foldedText', 'pattern', 'arn'])

/** What a key is compared by: texts in any ways, or one other family. */
function soleFamily(name: string, conditions: readonly KeyCondition[]): Family | undefined {
  const families = new Set(conditions.map(({ operator }) => operator.family))
  families.delete('null')
  const typed = [...families].filter((family) => !TEXTS.has(family))
  if (typed.length > 0 && families.size > 1) throw new OutsideSubset(`${name} is compared in several ways`)
  return (typed[0] ?? [...families][0]) as Family | undefined
}

interface Item {
  readonly value: Pick<ValueVariables, 'meets'>
  readonly present: Term
}

/**
 * A condition on the items of a key: negation means that none of the values is met, a missing key passes negated
 * operators, IfExists and ForAllValues. [elements_condition_operators, multi-value-conditions]
 */
function conditionHolds({ operator, values, version2012 }: KeyCondition, items: readonly Item[]): Term {
  const { family, ifExists, none, order, over } = operator
  const isPresent = or(...items.map(({ present }) => present))
  if (family === 'null') {
    const wanted = new Set(values.map((value) => value.toLowerCase()))
    return or(...(wanted.has('true') ? [not(isPresent)] : []), ...(wanted.has('false') ? [isPresent] : []))
  }
  const met = items.map(({ present, value }) => {
    const some = or(...values.map((one) => value.meets({ family, order, value: one, version2012 })))
    return { present, term: none ? not(some) : some }
  })
  if (over === 'all') return and(...met.map(({ present, term }) => `(=> ${present} ${term})`))
  const some = or(...met.map(({ present, term }) => and(present, term)))
  return ifExists || (none && over === 'one') ? or(not(isPresent), some) : some
}

/** `aws:CurrentTime` and `aws:EpochTime`: one clock, in every request. */
function clockKey(name: string): EncodedKey {
  const isEpoch = name === 'aws:epochtime'
  const second = `(to_real ${CLOCK})`
  const meets = (asked: Asked): Term => {
    if (asked.family === 'instant') return instantMeets(second, asked)
    if (asked.family !== 'number') throw new OutsideSubset(`${name} is compared as ${asked.family}`)
    return isEpoch ? `(${asked.order} ${second} ${realTerm(asked.value)})` : 'false'
  }
  return {
    declarations: [`(declare-const ${CLOCK} Int)`],
    universe: [`(<= 0 ${CLOCK} ${LAST_SECOND})`],
    texts: [],
    items: [],
    holds: (condition) => conditionHolds(condition, [{ value: { meets }, present: 'true' }]),
    print: (model) => {
      const now = model.whole(CLOCK)
      const date = new Date(Number(now) * 1000).toISOString().replace('.000', '')
      return { [name]: isEpoch ? String(now) : date }
    },
  }
}
