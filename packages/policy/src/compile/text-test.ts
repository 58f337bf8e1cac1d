import { compileCrossingMatcher, compileSegmentMatcher, segmentsMatch } from '../match/arn.js'
import { compileGlob, compileMatcher, globMatches, type ResolvedPart } from '../match/glob.js'
import type { ResourcePattern, Text, TextPart } from '../policy.js'
import type { Evaluation } from '../authorize/evaluation.js'
import { splitArnParts } from '../syntax/text.js'

/** Whether a text of the request matches; the evaluation gives the values of variables. */
export type TextTest = (text: string, evaluation: Evaluation) => boolean

/** The parts with variables expanded; undefined when one has no single value. [policies_variables] */
export function resolveParts(parts: readonly TextPart[], evaluation: Evaluation): ResolvedPart[] | undefined {
  const resolved: ResolvedPart[] = []
  for (const part of parts) {
    if (part.type !== 'variable') {
      resolved.push(part)
      continue
    }
    const key = part.key.toLowerCase()
    const present = evaluation.lookup(key) !== undefined
    const value = present ? evaluation.variable(key) : part.fallback
    if (value === undefined) return undefined
    // A value's own stars and question marks are characters, not wildcards.
    if (value !== '') resolved.push({ type: 'literal', text: value })
  }
  return resolved
}

function isStatic(parts: readonly TextPart[]): parts is readonly ResolvedPart[] {
  return parts.every((part) => part.type !== 'variable')
}

/** A test for a whole text. An unresolved variable matches nothing. */
export function compileText(text: Text, fold = false): TextTest {
  const { parts } = text
  if (isStatic(parts)) {
    const matcher = compileMatcher(fold ? parts.map(foldPart) : parts)
    return fold ? (value) => matcher(value.toLowerCase()) : (value) => matcher(value)
  }
  return (value, evaluation) => {
    const resolved = resolveParts(parts, evaluation)
    if (!resolved) return false
    return fold
      ? globMatches(compileGlob(resolved.map(foldPart)), value.toLowerCase())
      : globMatches(compileGlob(resolved), value)
  }
}

function foldPart(part: ResolvedPart): ResolvedPart {
  return part.type === 'literal' ? { type: 'literal', text: part.text.toLowerCase() } : part
}

/** A test for an ARN in a condition: its six segments are compared separately. */
export function compileArnText(text: Text, segments: readonly Text[] | undefined): TextTest {
  if (segments) {
    const matcher = compileSegmentMatcher(segments.map((segment) => segment.parts as readonly ResolvedPart[]))
    return (value) => matcher(value)
  }
  return (value, evaluation) => {
    const resolved = resolveParts(text.parts, evaluation)
    const split = resolved && splitArnParts(resolved)
    return split !== undefined && segmentsMatch(split as ResolvedPart[][], value)
  }
}

/** A test for one pattern of `Resource`. */
export function compileResourcePattern(pattern: ResourcePattern): TextTest {
  if (pattern.type === 'everything') return () => true
  const segments = pattern.segments.map((segment) => segment.parts)
  if (segments.every((parts) => isStatic(parts))) {
    const crossing = compileCrossingMatcher(segments as readonly (readonly ResolvedPart[])[])
    const separate = compileSegmentMatcher(segments as readonly (readonly ResolvedPart[])[])
    return (resource, { switches }) =>
      switches.trailingWildcardCrossesSegments === false ? separate(resource) : crossing(resource)
  }
  const head = segments.slice(0, 5) as readonly (readonly ResolvedPart[])[]
  const last = segments[5]!
  return (resource, evaluation) => {
    const resolved = resolveParts(last, evaluation)
    if (!resolved) return false
    const whole = [...head, resolved]
    return evaluation.switches.trailingWildcardCrossesSegments === false
      ? segmentsMatch(whole, resource)
      : compileCrossingMatcher(whole)(resource)
  }
}
