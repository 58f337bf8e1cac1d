import type { ReferenceContext } from './context.js'
import { matchesSteps, readPattern, type PatternStep } from './pattern.js'
import type { ReferenceSwitches } from './switches.js'

/** Rule 2: the six segments of an ARN, split at its first five colons; undefined when there are fewer. */
export function splitArn(text: string): readonly string[] | undefined {
  const parts = text.split(':')
  if (parts.length < 6) return undefined
  return [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/**
 * Rule 2: whether a pattern of `Resource` or `NotResource` matches the request's resource. `undefined` when a
 * variable in the pattern has no value: the caller knows what that means for its element (rule 12).
 */
export function matchesResource(
  pattern: string,
  resource: string,
  variables: ReferenceContext | undefined,
  switches: ReferenceSwitches,
): boolean | undefined {
  if (pattern === '*') return true
  const segments = variables === undefined ? splitArn(pattern) : splitOutsideVariables(pattern)
  if (segments?.length !== 6) throw new Error(`resource pattern is not an ARN: ${pattern}`)
  // Variables only after the fifth colon (rule 11): before it one gets no value. The escapes are no variables.
  if (variables && segments.slice(0, 5).some((segment) => /\$\{(?![*?$]\})/.test(segment))) return undefined
  const steps: PatternStep[] = []
  segments.forEach((segment, index) => {
    if (index > 0) steps.push({ is: 'char', char: ':' })
    if (index < 5) steps.push(...readEarlySegment(segment, variables, switches))
  })
  // There, wildcards stand for any character.
  const last = readPattern(segments[5] ?? '', { wildcards: true, colons: true, variables })
  if (last === undefined) return undefined
  return matchesSteps([...steps, ...last], resource)
}

function readEarlySegment(
  segment: string,
  variables: ReferenceContext | undefined,
  switches: ReferenceSwitches,
): readonly PatternStep[] {
  const steps = readPattern(segment, { wildcards: true, colons: false, variables }) ?? []
  const last = steps.at(-1)
  if (last?.is !== 'many' || !switches.starCrossesColons) return steps
  return [...steps.slice(0, -1), { is: 'many', colons: true }]
}

/**
 * Rule 3: `ArnEquals` and `ArnLike` compare the six segments separately, wildcards allowed in each. A text
 * that has fewer than six matches nothing, but for a bare `*`, any ARN. `undefined` when a variable has no value.
 */
export function matchesArnCondition(
  pattern: string,
  value: string,
  variables: ReferenceContext | undefined,
): boolean | undefined {
  if (pattern === '*') return splitArn(value) !== undefined
  // With an old Version `${…}` is literal text, its colons included (rule 11).
  const patternSegments = variables === undefined ? (splitArn(pattern) ?? []) : splitOutsideVariables(pattern)
  const valueSegments = splitArn(value)
  const read = patternSegments.map((segment) =>
    readPattern(segment, { wildcards: true, colons: true, variables }),
  )
  if (read.some((steps) => steps === undefined)) return undefined
  if (read.length < 6 || valueSegments === undefined) return false
  return read.every((steps, index) => matchesSteps(steps ?? [], valueSegments[index] ?? ''))
}

/** Splits at the first five colons that do not stand inside `${…}`. */
function splitOutsideVariables(pattern: string): readonly string[] {
  const segments = ['']
  let inVariable = false
  for (const char of pattern) {
    if (char === '{' && segments.at(-1)?.endsWith('$')) inVariable = true
    if (char === '}') inVariable = false
    if (char === ':' && !inVariable && segments.length < 6) segments.push('')
    else segments[segments.length - 1] += char
  }
  return segments
}
