import type { Text, TextPart } from '../policy.js'

/** How a text is read: which of its characters mean more than themselves. */
export interface TextRules {
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean
  /** `${…}` is a variable or an escape: only in documents of version 2012-10-17. */
  readonly variables: boolean
}

/** A key of a variable: a prefix, a colon, and what services and tags put into names. */
const VARIABLE = /^\$\{([^\s{}$'",*?](?:[^{}$'",*?]*[^\s{}$'",*?])?)(?:,\s*'([^']*)')?\s*\}/
const ESCAPE = /^\$\{([*?$])\}/

/**
 * Reads wildcards, variables and the escapes `${*}`, `${?}`, `${$}`. A message when a variable is malformed.
 * [policies_variables]
 */
export function readText(source: string, rules: TextRules): Text | string {
  const parts: TextPart[] = []
  let literal = ''
  const flush = (): void => {
    if (literal !== '') parts.push({ type: 'literal', text: literal })
    literal = ''
  }
  for (let at = 0; at < source.length;) {
    const character = source[at]!
    if (rules.variables && character === '$' && source[at + 1] === '{') {
      const rest = source.slice(at)
      const escape = ESCAPE.exec(rest)
      const variable = escape ? null : VARIABLE.exec(rest)
      if (escape) literal += escape[1]!
      else if (variable?.[1]!.includes(':')) {
        flush()
        const fallback = variable[2]
        parts.push({ type: 'variable', key: variable[1]!, ...(fallback === undefined ? {} : { fallback }) })
      } else return `"${clip(rest)}" is no policy variable`
      at += (escape ?? variable)![0].length
      continue
    }
    if (rules.wildcards && (character === '*' || character === '?')) {
      flush()
      const part: TextPart = character === '*' ? { type: 'any' } : { type: 'one' }
      // Two stars in a row match what one does; one keeps matching linear.
      if (part.type !== 'any' || parts.at(-1)?.type !== 'any') parts.push(part)
    } else literal += character
    at++
  }
  flush()
  return { source, parts }
}

function clip(text: string): string {
  const end = text.indexOf('}')
  return end > 0 && end < 60 ? text.slice(0, end + 1) : text.slice(0, 30)
}

/** True when the text holds a variable. */
export function hasVariable(text: Text): boolean {
  return text.parts.some((part) => part.type === 'variable')
}

/**
 * The parts of an ARN's six segments, split at the first five colons of its literals (never at those of a
 * variable's value). Undefined when there are fewer than six.
 */
export function splitArnParts(parts: readonly TextPart[]): TextPart[][] | undefined {
  const segments: TextPart[][] = [[]]
  for (const part of parts) {
    if (part.type !== 'literal') {
      segments.at(-1)!.push(part)
      continue
    }
    let rest = part.text
    while (segments.length < 6) {
      const colon = rest.indexOf(':')
      if (colon < 0) break
      if (colon > 0) segments.at(-1)!.push({ type: 'literal', text: rest.slice(0, colon) })
      segments.push([])
      rest = rest.slice(colon + 1)
    }
    if (rest !== '') segments.at(-1)!.push({ type: 'literal', text: rest })
  }
  return segments.length === 6 ? segments : undefined
}

/** The parts as they would be written, for the `source` of a piece of a text. */
export function printParts(parts: readonly TextPart[], rules: TextRules): string {
  return parts.map((part) => printPart(part, rules)).join('')
}

function printPart(part: TextPart, rules: TextRules): string {
  switch (part.type) {
    case 'any':
      return '*'
    case 'one':
      return '?'
    case 'variable':
      return part.fallback === undefined ? `\${${part.key}}` : `\${${part.key}, '${part.fallback}'}`
    case 'literal': {
      if (!rules.variables) return part.text
      const escaped = part.text.replaceAll('${', '${$}{')
      return rules.wildcards ? escaped.replaceAll('*', '${*}').replaceAll('?', '${?}') : escaped
    }
  }
}
