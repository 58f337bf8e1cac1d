import type {
  ActionElement,
  Condition,
  PrincipalElement,
  ResourceElement,
  ResourcePattern,
  Statement,
} from '../../policy.js'
import { listsAll, mayShare } from '../options/action-sets.js'
import { endsAgree, includesPattern } from '../texts/pattern-inclusion.js'
import type { Token } from '../texts/pattern.js'
import { hasVariables, resourceTokens } from '../texts/text-patterns.js'

/**
 * Whether a look at two statements alone, element by element, shows that the first takes every request that the
 * second takes. True is sure, false is not.
 */
export function covers(wide: Statement, narrow: Statement): boolean {
  return (
    actionsCover(wide.action, narrow.action) &&
    resourcesCover(wide.resource, narrow.resource) &&
    principalsCover(wide.principal, narrow.principal) &&
    wide.conditions.every((condition) => narrow.conditions.some((other) => implies(other, condition)))
  )
}

/** False where actions and resources alone show that no request is taken by both. */
export function mayMeet(one: Statement, other: Statement): boolean {
  return actionsMayMeet(one.action, other.action) && resourcesMayMeet(one.resource, other.resource)
}

function actionsCover(wide: ActionElement, narrow: ActionElement): boolean {
  if (wide.negated) return narrow.negated ? listsAll(narrow, wide) : !mayShare(wide, narrow)
  return !narrow.negated && listsAll(wide, narrow)
}

function actionsMayMeet(one: ActionElement, other: ActionElement): boolean {
  if (one.negated) return other.negated || !listsAll(one, other)
  return other.negated ? !listsAll(other, one) : mayShare(one, other)
}

function resourcesCover(wide: ResourceElement | undefined, narrow: ResourceElement | undefined): boolean {
  if (!wide || !narrow) return wide === narrow
  if (wide.negated !== narrow.negated) return !wide.negated && hasEverything(wide)
  return wide.negated ? includesAll(narrow, wide) : includesAll(wide, narrow)
}

function resourcesMayMeet(one: ResourceElement | undefined, other: ResourceElement | undefined): boolean {
  if (!one || !other) return true
  if (one.negated) return other.negated || !includesAll(one, other)
  if (other.negated) return !includesAll(other, one)
  // Without closures: most pairs of statements of a term are asked about.
  for (const a of one.patterns) for (const b of other.patterns) if (resourceMayMeet(a, b)) return true
  return false
}

function hasEverything({ patterns }: ResourceElement): boolean {
  return patterns.some(({ type }) => type === 'everything')
}

/** Whether all that the patterns of the second match is matched by those of the first. */
function includesAll(wide: ResourceElement, narrow: ResourceElement): boolean {
  return narrow.patterns.every((one) => wide.patterns.some((other) => resourceIncludes(other, one)))
}

function resourceIncludes(wide: ResourcePattern, narrow: ResourcePattern): boolean {
  if (wide.type === 'everything' || narrow.type === 'nothing') return true
  if (narrow.type === 'everything' || wide.type === 'nothing') return false
  // Variables of the wider one stand for a text that is not known, those of the other may stand for any.
  if (hasVariables(wide)) return wide.source === narrow.source && isSame(wide.segments, narrow.segments)
  return includesPattern(tokensOf(wide), tokensOf(narrow))
}

function resourceMayMeet(one: ResourcePattern, other: ResourcePattern): boolean {
  if (one.type === 'nothing' || other.type === 'nothing') return false
  if (one.type === 'everything' || other.type === 'everything') return true
  return endsAgree(tokensOf(one), tokensOf(other))
}

const resources = new WeakMap<ResourcePattern, readonly Token[]>()

/** With stars in place of variables. */
function tokensOf(pattern: Extract<ResourcePattern, { type: 'arn' }>): readonly Token[] {
  const known = resources.get(pattern)
  if (known) return known
  const tokens = resourceTokens(pattern)
  resources.set(pattern, tokens)
  return tokens
}

function principalsCover(wide: PrincipalElement | undefined, narrow: PrincipalElement | undefined): boolean {
  if (!wide || !narrow) return wide === narrow
  return wide.negated === narrow.negated && isSame(wide.entries, narrow.entries)
}

/** Whether the second condition holds wherever the first does: both compare alike, one with some of the other's values. */
function implies(narrow: Condition, wide: Condition): boolean {
  if (narrow.key.toLowerCase() !== wide.key.toLowerCase() || !isSame(narrow.operator, wide.operator))
    return false
  const [outer, inner] = wide.operator.negated ? [narrow, wide] : [wide, narrow]
  const among = valuesOf(outer)
  return [...valuesOf(inner)].every((value) => among.has(value))
}

const values = new WeakMap<Condition, ReadonlySet<string>>()

/** The values as text. */
function valuesOf(condition: Condition): ReadonlySet<string> {
  const known = values.get(condition)
  if (known) return known
  const made = new Set(condition.values.map((value) => JSON.stringify(value)))
  values.set(condition, made)
  return made
}

function isSame(one: object, other: object): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
