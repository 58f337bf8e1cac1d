import { Automaton } from '../texts/automaton.js'
import { Undecided } from '../bounds.js'
import { holdsWhenMissing, holdsWhenPresent } from './key-options.js'
import {
  ANY,
  ANY_NAME,
  COLON,
  isLoop,
  ANY_WITHIN,
  ONE,
  ONE_DIGIT,
  ONE_NAME,
  SLASH,
  type Token,
} from '../texts/pattern.js'
import type { KeyView } from './principal-kinds.js'
import type { Condition, ConditionValue } from '../../policy.js'
import { OPEN, substituteCondition, substituteValue, type Variable } from '../variables/substitute.js'
import type { KeyUse } from '../search/term.js'
import { addConditionPatterns, conditionTokens, type PatternSet } from '../texts/text-patterns.js'

/** A condition on a key that follows from who asks, with a bit of its own. */
export interface PrincipalUse extends KeyUse {
  readonly key: string
  readonly atom: bigint
}

type Views = Readonly<Record<string, KeyView>>

/** What conditions ask of one kind of principals. */
export interface PrincipalDemands {
  /** Bits of the statements whose conditions do not hold for a principal with these atoms. */
  failedAt(atoms: bigint): bigint
}

/** Adds what conditions ask of the texts of a kind as patterns; what its keys are say the views. */
export function addDemands(
  set: PatternSet,
  uses: readonly PrincipalUse[],
  views: Views,
): PrincipalDemands | Undecided {
  let failed = 0n
  const open: PrincipalUse[] = []
  for (const use of uses) {
    const view = views[use.key] ?? { type: 'missing' }
    const fixed = holdsForAll(use.condition, view)
    if (fixed instanceof Undecided) return fixed
    if (fixed !== undefined) {
      if (!fixed) failed |= use.statement
      continue
    }
    open.push(use)
    const condition = substituteCondition(use.condition, (variable) => valueFor(variable, views))
    const undecided = addTexts(set, condition, use.atom, view)
    if (undecided) return undecided
  }
  return {
    failedAt(atoms) {
      let all = failed
      for (const { atom, condition, statement } of open)
        if (((atoms & atom) !== 0n) === condition.operator.negated) all |= statement
      return all
    },
  }
}

/** Whether a condition holds for all of a kind, or for none; undefined where their texts tell. */
export function holdsForAll(condition: Condition, view: KeyView): boolean | undefined | Undecided {
  const { family, negated, source } = condition.operator
  if (view.type === 'missing') return holdsWhenMissing(condition)
  if (family === 'null') return holdsWhenPresent(condition)
  if (view.type === 'constant' && family === 'bool')
    return condition.values.some((value) => isBoolean(value, view.value)) !== negated
  if (['string', 'stringIgnoreCase', 'stringLike', 'arn'].includes(family)) return undefined
  return new Undecided('notSupported', `${condition.key} is compared by ${source}`)
}

function isBoolean(value: ConditionValue, text: string): boolean {
  return value.type === 'boolean' && String(value.boolean) === text
}

/** What a variable stands for as far as the kind of who asks tells; keys that are no principal's stay open. */
function valueFor({ fallback, key }: Variable, views: Views): string | typeof OPEN | undefined {
  const view = views[key.toLowerCase()]
  if (!view || view.type === 'part') return OPEN
  return view.type === 'constant' ? view.value : fallback
}

function addTexts(set: PatternSet, condition: Condition, atom: bigint, view: KeyView): Undecided | undefined {
  const fold = condition.operator.family === 'stringIgnoreCase'
  const within = (tokens: readonly Token[]): readonly (readonly Token[])[] => {
    if (view.type === 'part') return view.within(tokens)
    return view.type === 'constant' && new Automaton(tokens, fold).takes(view.value) ? [[ANY]] : []
  }
  const others: ConditionValue[] = []
  for (const value of condition.values) {
    const exact = view.type === 'part' ? withPlaceholder(condition, value) : undefined
    if (exact instanceof Undecided) return exact
    if (!exact) others.push(value)
    else for (const tokens of exact) for (const inside of within(tokens)) set.add(inside, atom, fold)
  }
  return addConditionPatterns(set, { ...condition, values: others }, atom, within)
}

/** Private characters in place of variables; no policy has them. */
const USERNAME = 0xe000
const ACCOUNT = 0xe001
const PLACEHOLDERS: Readonly<Record<string, number>> = {
  'aws:username': USERNAME,
  'aws:principalaccount': ACCOUNT,
}

/**
 * `aws:PrincipalArn` beside a part of itself, where it is plain which part that is: the name at its end, or the
 * account between its colons. Undefined where a value is not like that.
 */
function withPlaceholder(condition: Condition, value: ConditionValue): Token[][] | undefined | Undecided {
  if (condition.key.toLowerCase() !== 'aws:principalarn') return undefined
  if (value.type !== 'text' && value.type !== 'arn') return undefined
  const variables = value.text.parts.filter(({ type }) => type === 'variable')
  if (variables.length !== 1) return undefined
  const [replaced] = substituteValue(value, ({ key }) => {
    const unit = PLACEHOLDERS[key.toLowerCase()]
    return unit === undefined ? OPEN : String.fromCharCode(unit)
  })
  if (!replaced) return []
  if ((replaced as typeof value).text.parts.some(({ type }) => type === 'variable')) return undefined
  const tokens = conditionTokens({ ...condition, values: [replaced] })
  if (tokens instanceof Undecided) return tokens
  const [only] = tokens
  return only ? (withName(only) ?? withAccount(only)) : []
}

const NAME_TOKENS: readonly Token[] = [ONE_NAME, ANY_NAME]

/** A name has no slash and stands behind the last one. */
function withName(tokens: readonly Token[]): Token[][] | undefined {
  if (tokens.at(-1) !== USERNAME) return undefined
  const head = tokens.slice(0, -1)
  const last = head.at(-1)
  if (last === SLASH) return [[...head, ...NAME_TOKENS]]
  if (last !== undefined && last >= 0) return []
  if (last !== ANY || head.at(-2) === ONE) return undefined
  const found = [[...head, SLASH, ...NAME_TOKENS]]
  if (head.at(-2) === SLASH) found.push([...head.slice(0, -1), ...NAME_TOKENS])
  return found
}

/** Where no star before it crosses a colon, the account is what stands between the fourth and the fifth. */
function withAccount(tokens: readonly Token[]): Token[][] | undefined {
  const at = tokens.indexOf(ACCOUNT)
  const head = tokens.slice(0, at)
  if (at < 0 || head.at(-1) !== COLON || tokens[at + 1] !== COLON) return undefined
  if (head.some((token) => token === ONE || (isLoop(token) && token !== ANY_WITHIN))) return undefined
  if (head.filter((token) => token === COLON).length !== 4) return undefined
  const digits = Array.from({ length: 12 }, () => ONE_DIGIT)
  return [[...head, ...digits, ...tokens.slice(at + 1)]]
}
