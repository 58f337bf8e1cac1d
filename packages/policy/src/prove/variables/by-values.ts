import type { Condition, ConditionOperator, Policy, Statement } from '../../policy.js'
import type { AuthorizationRequest } from '../../request.js'
import { OPEN, substituteStatement, type Variable } from './substitute.js'
import { forcedValues, valuesToTry, type ValuedKey, type VariableValue } from './variable-values.js'

/** What is found about two policies: that the first allows nothing more, or a request, or neither. */
export type Settled =
  | { readonly proof: 'proved' }
  | { readonly proof: 'refuted'; readonly counterexample: AuthorizationRequest }
  /** `texts`: those of variables, by key, with which a difference could be one. */
  | { readonly proof: 'unknown'; readonly texts?: ReadonlyMap<string, string> }

/** Questions that are asked about one pair of policies at most. */
const MOST_ASKED = 48

/**
 * Where variables tie parts of a request together so that classes alone do not tell: asks again with texts in place
 * of variables, Allow by Allow. A difference that is found and confirmed is one. Nothing is proved that way unless
 * the Allow itself lists all values that its variables can have.
 */
export function settleByValues(
  allows: Policy,
  refuses: Policy,
  decide: (allows: Policy, refuses: Policy) => Settled,
  isConfirmed: (request: AuthorizationRequest) => boolean,
): Settled {
  let left = MOST_ASKED
  const ask = (pair: readonly [Policy, Policy]): Settled => {
    if (left-- <= 0) return { proof: 'unknown' }
    const settled = decide(...pair)
    return settled.proof === 'refuted' && !isConfirmed(settled.counterexample)
      ? { proof: 'unknown' }
      : settled
  }
  const open: Policy[] = []
  for (const alone of allowByAllow(allows)) {
    const settled = ask([alone, refuses])
    if (settled.proof === 'refuted') return settled
    if (settled.proof === 'proved') continue
    const guided = settled.texts ? ask(inPlace(alone, refuses, valuesOf(settled.texts))) : settled
    if (guided.proof === 'refuted') return guided
    const listed = forcedKeys(alone, refuses)
    let isProved = listed.length > 0
    for (const values of listed.length > 0 ? combinations(listed) : []) {
      const withValues = ask(inPlace(alone, refuses, values))
      if (withValues.proof === 'refuted') return withValues
      if (withValues.proof === 'unknown') isProved = false
    }
    if (!isProved) open.push(alone)
  }
  if (open.length === 0) return { proof: 'proved' }
  for (const alone of open)
    for (const values of combinations(valuesToTry([alone, refuses]))) {
      if (left <= 0) return { proof: 'unknown' }
      const settled = ask(inPlace(alone, refuses, values))
      if (settled.proof === 'refuted') return settled
    }
  return { proof: 'unknown' }
}

/** The policy's Allows one at a time, each beside all of its Denies. */
function allowByAllow(policy: Policy): readonly Policy[] {
  const denies = policy.statements.filter(({ effect }) => effect === 'Deny')
  return policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .map((allow) => Object.assign({}, policy, { statements: [allow, ...denies] }))
}

/** The keys of variables all of whose values the one Allow lists. */
function forcedKeys(alone: Policy, refuses: Policy): readonly ValuedKey[] {
  const [allow] = alone.statements
  return valuesToTry([alone, refuses]).flatMap(({ key }) => {
    const values = forcedValues(allow!, key)
    return values ? [{ key, values }] : []
  })
}

type Values = ReadonlyMap<string, { readonly key: string; readonly value: VariableValue }>

function valuesOf(texts: ReadonlyMap<string, string>): Values {
  const values = Array.from(texts, ([key, text]) => {
    return [key.toLowerCase(), { key, value: { type: 'text', text } as const }] as const
  })
  return new Map(values)
}

function* combinations(keys: readonly ValuedKey[]): Generator<Values> {
  const [first, ...rest] = keys
  if (!first) {
    yield new Map()
    return
  }
  for (const others of combinations(rest))
    for (const value of first.values)
      yield new Map([...others, [first.key.toLowerCase(), { key: first.key, value }]])
}

/** The two policies with the values in place of variables; the Allows ask that requests have them. */
function inPlace(allows: Policy, refuses: Policy, values: Values): readonly [Policy, Policy] {
  const textOf = ({ fallback, key }: Variable): string | typeof OPEN | undefined => {
    const known = values.get(key.toLowerCase())
    if (!known) return OPEN
    const { value } = known
    return value.type === 'text' ? value.text : value.type === 'missing' ? fallback : undefined
  }
  const conditions = [...values.values()].flatMap(({ key, value }) => conditionsOf(key, value))
  const fill = (policy: Policy, asked: readonly Condition[]): Policy => ({
    ...policy,
    statements: policy.statements.map((statement): Statement => {
      const filled = substituteStatement(statement, textOf)
      return filled.effect === 'Allow' ? { ...filled, conditions: [...filled.conditions, ...asked] } : filled
    }),
  })
  return [fill(allows, conditions), fill(refuses, [])]
}

/** That a key has this value. What has several is not asked for: whoever confirms the difference tells. */
function conditionsOf(key: string, value: VariableValue): Condition[] {
  if (value.type === 'many') return []
  if (value.type === 'missing')
    return [{ operator: MISSING, key, values: [{ type: 'boolean', source: 'true', boolean: true }] }]
  const { text: source } = value
  const parts = source === '' ? [] : [{ type: 'literal' as const, text: source }]
  return [{ operator: EQUALS, key, values: [{ type: 'text', source, text: { source, parts } }] }]
}

const plain = { comparison: 'equal', negated: false, ifExists: false } as const
const EQUALS: ConditionOperator = { source: 'StringEquals', family: 'string', ...plain }
const MISSING: ConditionOperator = { source: 'Null', family: 'null', ...plain }
