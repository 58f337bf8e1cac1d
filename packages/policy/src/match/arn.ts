import type { ResolvedPart } from './glob.js'
import { compileGlob, compileMatcher, globMatches } from './glob.js'

/**
 * The six segments of an ARN, split at its first five colons. Undefined when it has fewer or does not start
 * with `arn:`.
 */
export function splitArn(arn: string): readonly string[] | undefined {
  if (!arn.startsWith('arn:')) return undefined
  const segments: string[] = []
  let from = 0
  for (let count = 0; count < 5; count++) {
    const colon = arn.indexOf(':', from)
    if (colon < 0) return undefined
    segments.push(arn.slice(from, colon))
    from = colon + 1
  }
  segments.push(arn.slice(from))
  return segments
}

/** The fifth segment, the account, which may be empty; undefined for what is no ARN. */
export function accountOfArn(text: string): string | undefined {
  if (!text.startsWith('arn:')) return undefined
  const partition = text.indexOf(':', 4)
  const service = text.indexOf(':', partition + 1)
  const region = text.indexOf(':', service + 1)
  const account = text.indexOf(':', region + 1)
  if (partition < 0 || service < 0 || region < 0 || account < 0) return undefined
  return account === region + 1 ? '' : text.slice(region + 1, account)
}

/** Whether each segment of the pattern matches that segment of the ARN. */
export function segmentsMatch(pattern: readonly (readonly ResolvedPart[])[], arn: string): boolean {
  const segments = splitArn(arn)
  if (!segments) return false
  return pattern.every((parts, index) => globMatches(compileGlob(parts), segments[index]!))
}

/** A matcher that compares the six segments separately, each with its own wildcards. */
export function compileSegmentMatcher(
  pattern: readonly (readonly ResolvedPart[])[],
): (arn: string) => boolean {
  const whole = wholeMatcher(pattern)
  if (whole) return whole
  const matchers = pattern.map((parts) => compileMatcher(parts))
  return (arn) => {
    const segments = splitArn(arn)
    return segments !== undefined && matchers.every((matcher, index) => matcher(segments[index]!))
  }
}

/**
 * A matcher for the `Resource` element in which a `*` that ends a segment may match beyond its colon, as the
 * current page says; wildcards elsewhere in the first five segments stay within theirs. [elements_resource]
 */
export function compileCrossingMatcher(
  pattern: readonly (readonly ResolvedPart[])[],
): (arn: string) => boolean {
  const whole = wholeMatcher(pattern)
  if (whole) return whole
  const confined = pattern.slice(0, 5).some((parts) => parts.some(isConfinedWildcard))
  if (!confined) return compileMatcher(joinSegments(pattern))
  const tokens = crossingTokens(pattern)
  return (arn) => tokensMatch(tokens, arn)
}

/** With wildcards in the last segment only, one look at the whole text tells the same as six at its segments. */
function wholeMatcher(pattern: readonly (readonly ResolvedPart[])[]): ((arn: string) => boolean) | undefined {
  const literalHead = pattern.slice(0, 5).every((parts) => parts.every((part) => part.type === 'literal'))
  return literalHead ? compileMatcher(joinSegments(pattern)) : undefined
}

function isConfinedWildcard(part: ResolvedPart, index: number, parts: readonly ResolvedPart[]): boolean {
  return part.type === 'one' || (part.type === 'any' && index < parts.length - 1)
}

/** The segments as one text; neighbouring literals become one. */
export function joinSegments<Part extends { readonly type: string }>(
  pattern: readonly (readonly (Part | Literal)[])[],
): (Part | Literal)[] {
  const joined: (Part | Literal)[] = []
  const push = (part: Part | Literal): void => {
    const last = joined.at(-1)
    if (isLiteral(part) && last && isLiteral(last))
      joined[joined.length - 1] = { type: 'literal', text: last.text + part.text }
    else joined.push(part)
  }
  for (const [index, parts] of pattern.entries()) {
    if (index > 0) push({ type: 'literal', text: ':' })
    for (const part of parts) push(part)
  }
  return joined
}

type Literal = Extract<ResolvedPart, { readonly type: 'literal' }>

function isLiteral(part: { readonly type: string }): part is Literal {
  return part.type === 'literal'
}

const ANY = -1
const ANY_WITHIN = -2
const ONE = -3
const ONE_WITHIN = -4
const COLON = 0x3a

/** UTF-16 units, or one of the wildcards above. */
function crossingTokens(pattern: readonly (readonly ResolvedPart[])[]): readonly number[] {
  const tokens: number[] = []
  for (const [index, parts] of pattern.entries()) {
    if (index > 0) tokens.push(COLON)
    for (const [position, part] of parts.entries()) {
      const confined = index < 5 && isConfinedWildcard(part, position, parts)
      if (part.type === 'any') tokens.push(confined ? ANY_WITHIN : ANY)
      else if (part.type === 'one') tokens.push(confined ? ONE_WITHIN : ONE)
      else for (let at = 0; at < part.text.length; at++) tokens.push(part.text.charCodeAt(at))
    }
  }
  return tokens
}

/** Runs all states of the pattern side by side: tokens × characters steps, never more. */
function tokensMatch(tokens: readonly number[], text: string): boolean {
  let states = new Uint8Array(tokens.length + 1)
  states[0] = 1
  skipStars(tokens, states)
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const next = new Uint8Array(tokens.length + 1)
    for (let state = 0; state < tokens.length; state++) {
      if (states[state] === 0) continue
      const token = tokens[state]!
      if (token === ANY || (token === ANY_WITHIN && code !== COLON)) next[state] = 1
      else if (token === code || token === ONE || (token === ONE_WITHIN && code !== COLON))
        next[state + 1] = 1
    }
    skipStars(tokens, next)
    states = next
  }
  return states[tokens.length] === 1
}

/** A star matches the empty text too. */
function skipStars(tokens: readonly number[], states: Uint8Array): void {
  for (let state = 0; state < tokens.length; state++)
    if (states[state] === 1 && (tokens[state] === ANY || tokens[state] === ANY_WITHIN)) states[state + 1] = 1
}
