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
  return key
}

/** The number of a key as a request spells it. */
export function numberOfSpelling(spelling: string): number {
  const number = spellings.get(spelling)
  if (number !== undefined) return number
  const found = known.get(spelling.toLowerCase())?.number ?? UNNUMBERED
  if (spellings.size >= MAX_SPELLINGS) spellings.clear()
  spellings.set(spelling, found)
  return found
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
