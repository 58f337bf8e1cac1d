import { compileCrossingMatcher, compileSegmentMatcher, joinSegments, segmentsMatch } from '../match/arn.js'
import { compileGlob, compileMatcher, globMatches, type ResolvedPart } from '../match/glob.js'
import type { ResourcePattern, Text, TextPart } from '../policy.js'
import { contextKey, type ContextKey } from '../authorize/context-keys.js'
import type { Evaluation } from '../authorize/evaluation.js'
import { splitArnParts } from '../syntax/text.js'

/** Whether a text of the request matches; the evaluation gives the values of variables. */
export type TextTest = (text: string, evaluation: Evaluation) => boolean

/** A part whose variable is looked up by its number. */
type CompiledPart =
  ResolvedPart | { readonly type: 'variable'; readonly key: ContextKey; readonly fallback?: string }

function compileParts(parts: readonly TextPart[]): readonly CompiledPart[] {
  return parts.map((part) => (part.type === 'variable' ? { ...part, key: contextKey(part.key) } : part))
}

/** What a variable stands for: the key's one value, or the default where the request lacks the key. */
function variableText(
  part: Extract<CompiledPart, { readonly type: 'variable' }>,
  evaluation: Evaluation,
): string | undefined {
  const value = evaluation.lookup(part.key)
  if (value === undefined) return part.fallback
  return typeof value === 'string' ? value : evaluation.variable(part.key)
}

/** The parts with variables expanded; undefined when one has no single value. [policies_variables] */
function resolveParts(parts: readonly CompiledPart[], evaluation: Evaluation): ResolvedPart[] | undefined {
  const resolved: ResolvedPart[] = []
  for (const part of parts) {
    if (part.type !== 'variable') {
      resolved.push(part)
      continue
    }
    const value = variableText(part, evaluation)
    if (value === undefined) return undefined
    // A value's own stars and question marks are characters, not wildcards.
    if (value !== '') resolved.push({ type: 'literal', text: value })
  }
  return resolved
}

/** The text of parts without wildcards; undefined when a variable has no single value. */
export function compileVariableText(text: Text): (evaluation: Evaluation) => string | undefined {
  const parts = compileParts(text.parts)
  return (evaluation) =>
    resolveParts(parts, evaluation)
      ?.map((part) => (part.type === 'literal' ? part.text : ''))
      .join('')
}

/**
 * A test for parts with variables. The literals and variables before the first wildcard are compared one after
 * the other, which decides nearly every request without building the pattern.
 */
function compileVariableTest(parts: readonly TextPart[]): TextTest {
  const compiled = compileParts(parts)
  const wildcard = compiled.findIndex((part) => part.type === 'any' || part.type === 'one')
  const head = wildcard < 0 ? compiled : compiled.slice(0, wildcard)
  const tail = wildcard < 0 ? [] : compiled.slice(wildcard)
  const tailIsAny = tail.length === 1 && tail[0]!.type === 'any'
  return (text, evaluation) => {
    let at = 0
    for (const part of head) {
      const expected =
        part.type === 'literal' ? part.text : part.type === 'variable' && variableText(part, evaluation)
      if (typeof expected !== 'string' || text.slice(at, at + expected.length) !== expected) return false
      at += expected.length
    }
    if (tailIsAny) return true
    if (tail.length === 0) return at === text.length
    const resolved = resolveParts(tail, evaluation)
    return resolved !== undefined && globMatches(compileGlob(resolved), text.slice(at))
  }
}

function isStatic(parts: readonly TextPart[]): parts is readonly ResolvedPart[] {
  return parts.every((part) => part.type !== 'variable')
}

/** A test for a whole text. An unresolved variable matches nothing. */
export function compileText(text: Text, fold = false): TextTest {
  const { parts } = text
  if (isStatic(parts)) {
    const matcher = compileMatcher(fold ? parts.map(foldPart) : parts)
    return fold ? (value) => matcher(value.toLowerCase()) : matcher
  }
  if (!fold) return compileVariableTest(parts)
  const compiled = compileParts(parts)
  return (value, evaluation) => {
    const resolved = resolveParts(compiled, evaluation)
    return resolved !== undefined && globMatches(compileGlob(resolved.map(foldPart)), value.toLowerCase())
  }
}

function foldPart(part: ResolvedPart): ResolvedPart {
  return part.type === 'literal' ? { type: 'literal', text: part.text.toLowerCase() } : part
}

/** A test for an ARN in a condition: its six segments are compared separately. */
export function compileArnText(text: Text, segments: readonly Text[] | undefined): TextTest {
  if (segments) {
    const matcher = compileSegmentMatcher(segments.map((segment) => segment.parts as readonly ResolvedPart[]))
    return matcher
  }
  const compiled = compileParts(text.parts)
  return (value, evaluation) => {
    const resolved = resolveParts(compiled, evaluation)
    const split = resolved && splitArnParts(resolved)
    return split !== undefined && segmentsMatch(split as ResolvedPart[][], value)
  }
}

/** A test for one pattern of `Resource`. */
export function compileResourcePattern(pattern: ResourcePattern): TextTest {
  if (pattern.type !== 'arn') return () => pattern.type === 'everything'
  const segments = pattern.segments.map((segment) => segment.parts)
  const hasLiteralHead = segments.slice(0, 5).every((parts) => parts.every((part) => part.type === 'literal'))
  if (segments.every((parts) => isStatic(parts))) {
    // Both readings agree then, and one look at the whole text tells.
    if (hasLiteralHead) return compileMatcher(joinSegments(segments) as ResolvedPart[])
    const crossing = compileCrossingMatcher(segments as readonly (readonly ResolvedPart[])[])
    const separate = compileSegmentMatcher(segments as readonly (readonly ResolvedPart[])[])
    return (resource, { switches }) =>
      switches.trailingWildcardCrossesSegments === false ? separate(resource) : crossing(resource)
  }
  const head = segments.slice(0, 5) as readonly (readonly ResolvedPart[])[]
  const last = segments[5]!
  if (hasLiteralHead) return compileVariableTest(joinSegments([...head, last]))
  const compiled = compileParts(last)
  return (resource, evaluation) => {
    const resolved = resolveParts(compiled, evaluation)
    if (!resolved) return false
    const whole = [...head, resolved]
    return evaluation.switches.trailingWildcardCrossesSegments === false
      ? segmentsMatch(whole, resource)
      : compileCrossingMatcher(whole)(resource)
  }
}
