import type { Policy } from '../../policy.js'
import { Budget, DEFAULT_BOUNDS, Undecided, type Bounds, type UndecidedCode } from '../bounds.js'
import { refuseOtherKinds } from '../compare.js'
import { countCombinations, type CountedOption } from './count-combinations.js'
import { countedVariable, isFoldedOrSplit, notCounted, withVariableKeys } from './counted-variable.js'
import { NotedTexts, textsOf } from './text-source.js'
import { ACCOUNTS, USER_NAMES } from '../texts/language.js'
import { ownResources, ResourceCounter } from './count-resources.js'
import { countActions, countShared } from './count-variables.js'
import { countKnownRequests } from './count-known.js'
import { countedTerm, type CountedSpace, type CountedTerm } from './counted-term.js'
import type { ActionCatalogue } from '../options/catalogue.js'
import { PRINCIPAL_KEYS } from '../options/key-shapes.js'
import { resourceTerm } from '../options/resource-options.js'
import { makeTerm, type PairTerm } from '../search/term.js'

/** How many requests a policy allows; exact, or that it is not known. */
export type RequestCount =
  /** `log2` to two decimals; undefined where there are none. */
  | { readonly count: 'exact'; readonly requests: bigint; readonly log2: number | undefined }
  | { readonly count: 'unknown'; readonly code: UndecidedCode; readonly reason: string }

/** What `countAllowed` finds. */
export interface AllowedCounts {
  /** The most characters of a text of a request. */
  readonly length: number
  /** Of all actions on all resources. */
  readonly open: CountsInWorld
  /** Of known actions on the types of resources that they take; absent without a catalogue. */
  readonly known?: CountsInWorld
}

/** Of the two policies in one world. */
export interface CountsInWorld {
  readonly first: RequestCount
  readonly second: RequestCount
}

export interface CountOptions {
  /** The most characters of a text of a request; default `DEFAULT_LENGTH`, from 1 to `MOST_LENGTH`. */
  readonly length?: number
  /** Known actions, from `loadActionCatalogue`. */
  readonly catalogue?: ActionCatalogue
  readonly bounds?: Partial<Bounds>
}

/** As long as most ARNs are. */
export const DEFAULT_LENGTH = 128
/** No ARN of IAM is longer. */
export const MOST_LENGTH = 2048

/**
 * Counts the requests that each of two identity policies, or two resource policies, allows by itself, among all
 * requests whose texts have at most so many characters. A request is an action, a resource, a value of each
 * condition key that one of the two policies asks about, and who asks where one of them does. Exact: no request
 * is made. Throws `POLICY_KIND_MISPLACED` for other kinds, or kinds that differ.
 */
export function countAllowed(first: Policy, second: Policy, options: CountOptions = {}): AllowedCounts {
  refuseOtherKinds(first, second)
  const { catalogue, length = DEFAULT_LENGTH } = options
  if (!Number.isInteger(length) || length < 1 || length > MOST_LENGTH)
    throw new RangeError(
      `texts of at most ${length} characters are not counted; from 1 to ${MOST_LENGTH} are`,
    )
  const space = { length, bounds: { ...DEFAULT_BOUNDS, ...options.bounds } }
  const both = makeTerm(first, second)
  const open = countBoth(both, space)
  return catalogue ? { length, open, known: countBoth(both, { ...space, catalogue }) } : { length, open }
}

function countBoth(both: PairTerm, space: CountedSpace): CountsInWorld {
  const count = (side: 0 | 1): RequestCount => {
    const requests = countSide(both, side, space)
    if (requests instanceof Undecided)
      return { count: 'unknown', code: requests.code, reason: requests.reason }
    return { count: 'exact', requests, log2: requests === 0n ? undefined : log2(requests) }
  }
  return { first: count(0), second: count(1) }
}

/** How many requests of a space the first (0) or the second (1) policy of a pair allows. */
export function countSide(both: PairTerm, side: 0 | 1, space: CountedSpace): bigint | Undecided {
  const all = withVariableKeys(both)
  const term = countedTerm(all, side, space)
  const variable = countedVariable(term.own)
  if (variable instanceof Undecided) return variable
  return variable ? countByValue(all, side, space, variable.key.toLowerCase()) : countTerm(all, side, space)
}

/** How many requests there are with each class of values of a variable's key, and without the key. */
function countByValue(both: PairTerm, side: 0 | 1, space: CountedSpace, key: string): bigint | Undecided {
  if (isFoldedOrSplit(countedTerm(both, side, space).own))
    return notCounted(`\${${key}} compared as an ARN or without regard to case`)
  const texts = new NotedTexts(key)
  const noted = countTerm(both, side, { ...space, texts })
  if (noted instanceof Undecided) return noted
  const language = key === 'aws:username' ? USER_NAMES : ACCOUNTS
  const classes = PRINCIPAL_KEYS.has(key)
    ? texts.classesOf({ ...space, language, what: key })
    : (texts.keyClasses() ?? notCounted(`\${${key}} that is compared otherwise than as text`))
  if (classes instanceof Undecided) return classes
  let total = 0n
  for (const value of ['missing', ...classes] as const) {
    const requests = countTerm(both, side, { ...space, texts: texts.with(value) })
    if (requests instanceof Undecided) return requests
    total += requests
  }
  return total
}

function countTerm(both: PairTerm, side: 0 | 1, space: CountedSpace): bigint | Undecided {
  const term = countedTerm(both, side, space)
  const requests = textsOf(space).once('requests', () => countRequests(term))
  if (requests instanceof Undecided) return requests
  const shared = countShared(term)
  if (shared instanceof Undecided) return shared
  const budget = new Budget(
    space.bounds.combinations,
    'combinations of classes',
    'count fewer statements at a time',
  )
  const effects = { allows: both.allows[side], denies: both.denies[side] }
  return countCombinations([...requests, ...shared], effects, budget)
}

/** Actions and resources, which are free of each other where any action may be on any resource. */
function countRequests(term: CountedTerm): readonly (readonly CountedOption[])[] | Undecided {
  const { bits, both, space } = term
  const asked = resourceTerm(both, space.bounds)
  if (asked instanceof Undecided) return asked
  const resources = ResourceCounter.of(term, ownResources(asked, bits))
  if (resources instanceof Undecided) return resources
  const { catalogue } = space
  if (catalogue) {
    const requests = countKnownRequests(term, resources, catalogue)
    return requests instanceof Undecided ? requests : [requests]
  }
  const arns = resources.arns(resources.asked.patterns)
  if (arns instanceof Undecided) return arns
  const actions = countActions(term)
  return actions instanceof Undecided ? actions : [actions, [...arns, ...resources.bare()]]
}

/** The binary logarithm of a number above zero, to two decimals. */
function log2(number: bigint): number {
  const beyond = Math.max(0, number.toString(2).length - 64)
  return Math.round((Math.log2(Number(number >> BigInt(beyond))) + beyond) * 100) / 100
}
