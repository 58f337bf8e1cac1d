import type { ReferenceContext } from './context.js'

/** One step of a pattern. `colons`: whether a wildcard may stand for a colon. */
export type PatternStep =
  | { readonly is: 'char'; readonly char: string }
  | { readonly is: 'one'; readonly colons: boolean }
  | { readonly is: 'many'; readonly colons: boolean }

/** How to read a text of a policy. */
export interface PatternReading {
  /** `*` and `?` are wildcards; otherwise they are themselves. */
  readonly wildcards: boolean
  /** Wildcards may stand for colons. */
  readonly colons: boolean
  /** The context when variables are expanded here; undefined where `${…}` is literal text. */
  readonly variables: ReferenceContext | undefined
}

/**
 * Reads a text of a policy into steps. `undefined` when a variable in it has no value (rule 12).
 *
 * Rule 4: `${*}`, `${?}` and `${$}` are literal characters. IAM User Guide, "Variables and tags", calls them
 * predefined policy variables, so they too need Version 2012-10-17.
 * Rule 11: `${key}` and `${key, 'default'}`; what a variable stands for is literal, wildcards in it included.
 */
export function readPattern(text: string, reading: PatternReading): PatternStep[] | undefined {
  const steps: PatternStep[] = []
  let rest = text
  while (rest !== '') {
    const variable = reading.variables === undefined ? null : /^\$\{([^}]*)\}/.exec(rest)
    if (variable !== null && reading.variables !== undefined) {
      const value = valueOfVariable(variable[1] ?? '', reading.variables)
      if (value === undefined) return undefined
      for (const char of value) steps.push({ is: 'char', char })
      rest = rest.slice(variable[0].length)
      continue
    }
    const char = String.fromCodePoint(rest.codePointAt(0) ?? 0)
    if (reading.wildcards && char === '*') steps.push({ is: 'many', colons: reading.colons })
    else if (reading.wildcards && char === '?') steps.push({ is: 'one', colons: reading.colons })
    else steps.push({ is: 'char', char })
    rest = rest.slice(char.length)
  }
  return steps
}

/** The value of what stands between the braces; undefined when it has none. */
function valueOfVariable(inside: string, context: ReferenceContext): string | undefined {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const withDefault = /^([^,]*?)\s*,\s*'(.*)'\s*$/.exec(inside)
  const name = (withDefault?.[1] ?? inside).trim()
  const key = context.keys.get(name.toLowerCase())
  if (key === undefined || key.values.length === 0) return withDefault?.[2]
  // Only single-valued keys can be variables (rule 11); a default is for keys that are missing.
  return key.multiValued ? undefined : key.values[0]
}

/** Whether the steps match the whole value. Keeps the set of places that can be reached after each step. */
export function matchesSteps(steps: readonly PatternStep[], value: string): boolean {
  const chars = [...value]
  let reached = new Set([0])
  for (const step of steps) {
    const next = new Set<number>()
    for (const place of reached) {
      const here = chars[place]
      if (step.is === 'char' && here === step.char) next.add(place + 1)
      if (step.is === 'one' && here !== undefined && (step.colons || here !== ':')) next.add(place + 1)
      if (step.is === 'many') {
        next.add(place)
        for (let end = place; end < chars.length; end += 1) {
          if (!step.colons && chars[end] === ':') break
          next.add(end + 1)
        }
      }
    }
    reached = next
  }
  return reached.has(chars.length)
}
