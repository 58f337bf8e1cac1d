import type { RequestContext } from '../request.js'

/**
 * Condition keys as small numbers, so that a request's context is folded once and then searched without
 * comparing strings. Only keys that a compiled policy (or the code) reads get a number; what requests bring
 * beyond them cannot fill the memory.
 */
export interface ContextKey {
  /** In lower case. */
  readonly name: string
  /** `UNNUMBERED` past the bound: then the context is searched by name. */
  readonly number: number
}

export const UNNUMBERED = -1
const MAX_NUMBERED = 8192
const MAX_SPELLINGS = 8192

const known = new Map<string, ContextKey>()
/** From a key as it is spelt in requests to its number, or `UNNUMBERED`. */
const spellings = new Map<string, number>()

/** The key of that name, numbered on first use. For names from policies and code, not from requests. */
export function contextKey(name: string): ContextKey {
  const folded = name.toLowerCase()
  const existing = known.get(folded)
  if (existing) return existing
  if (known.size >= MAX_NUMBERED) return { name: folded, number: UNNUMBERED }
  const key = { name: folded, number: known.size }
  known.set(folded, key)
  spellings.clear()
  layouts.length = 0
  return key
}

/** The number of a key as a request spells it. */
function numberOfSpelling(spelling: string): number {
  const number = spellings.get(spelling)
  if (number !== undefined) return number
  const found = known.get(spelling.toLowerCase())?.number ?? UNNUMBERED
  if (spellings.size >= MAX_SPELLINGS) spellings.clear()
  spellings.set(spelling, found)
  return found
}

/** The keys of a context beside their numbers. Requests of one kind have the same keys, so it is remembered. */
export interface ContextLayout {
  readonly keys: readonly string[]
  readonly numbers: readonly number[]
  /** Two keys differ in case only. */
  readonly hasDuplicates: boolean
}

const NO_CONTEXT: ContextLayout = { keys: [], numbers: [], hasDuplicates: false }
const MAX_REMEMBERED_KEYS = 64
/** The last layout of each number of keys. */
const layouts: (ContextLayout | undefined)[] = []

/** The layout of a request's context. */
export function contextLayout(context: RequestContext | undefined): ContextLayout {
  if (context === undefined) return NO_CONTEXT
  const keys = Object.keys(context)
  const last = layouts[keys.length]
  if (last && sameKeys(last.keys, keys)) return last
  const numbers = keys.map((key) => numberOfSpelling(key))
  const numbered = numbers.filter((number) => number !== UNNUMBERED)
  const layout = { keys, numbers, hasDuplicates: new Set(numbered).size < numbered.length }
  if (keys.length <= MAX_REMEMBERED_KEYS) {
    while (layouts.length <= keys.length) layouts.push(undefined)
    layouts[keys.length] = layout
  }
  return layout
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false
  return true
}

/** Keys that follow from principal and resource; numbered first, in this order. */
export const DERIVED = {
  principalArn: contextKey('aws:PrincipalArn'),
  principalAccount: contextKey('aws:PrincipalAccount'),
  principalType: contextKey('aws:PrincipalType'),
  username: contextKey('aws:username'),
  userId: contextKey('aws:userid'),
  resourceAccount: contextKey('aws:ResourceAccount'),
  principalIsAwsService: contextKey('aws:PrincipalIsAWSService'),
  principalServiceName: contextKey('aws:PrincipalServiceName'),
} as const
