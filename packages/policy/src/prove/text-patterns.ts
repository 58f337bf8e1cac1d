import type { ResolvedPart } from '../match/glob.js'
import { compileGlob, globMatches } from '../match/glob.js'
import type { Condition, ResourcePattern, Text } from '../policy.js'
import { Automaton } from './automaton.js'
import { Undecided } from './bounds.js'
import { hasSimpleCase } from './letter-case.js'
import type { StringPattern } from './partition.js'
import {
  ANY,
  COLON,
  FREE,
  literalTokens,
  pushLiteral,
  tokensOf,
  WITHIN,
  type Token,
  type Wildcards,
} from './pattern.js'

/** Patterns of one variable; equal ones are one automaton. */
export class PatternSet {
  private readonly known = new Map<string, { automaton: Automaton; atoms: bigint }>()
  private readonly others = new Set<string>()

  add(tokens: readonly Token[], atoms: bigint, fold = false): void {
    const key = `${fold ? 'fold' : ''}${tokens.join()}`
    const found = this.known.get(key)
    if (found) {
      found.atoms |= atoms
      return
    }
    this.known.set(key, { automaton: new Automaton(tokens, fold), atoms })
    for (const token of tokens)
      if (token > 0x7e || (token >= 0 && token < 0x20)) this.others.add(String.fromCharCode(token))
  }

  get patterns(): readonly StringPattern[] {
    return [...this.known.values()]
  }

  /** Characters beyond printable ASCII that the patterns name: texts may have these too. */
  get further(): string {
    const all = new Set<string>()
    for (const character of this.others)
      for (const other of [character, character.toLowerCase(), character.toUpperCase()])
        if (other.length === 1) all.add(other)
    return [...all].join('')
  }
}

/** The parts of a text without variables; undefined when it has some. */
export function staticParts({ parts }: Text): readonly ResolvedPart[] | undefined {
  return parts.every((part) => part.type !== 'variable') ? (parts as readonly ResolvedPart[]) : undefined
}

export function variableIn(what: string, source: string): Undecided {
  return new Undecided('notSupported', `"${source}" of ${what} has a policy variable`)
}

/** The values of a condition of a string or ARN operator, as patterns of the text that it looks at. */
export function conditionTokens(condition: Condition): readonly Token[][] | Undecided {
  const fold = condition.operator.family === 'stringIgnoreCase'
  const found: Token[][] = []
  for (const value of condition.values) {
    if (value.type !== 'text' && value.type !== 'arn') continue
    const parts = staticParts(value.text)
    if (!parts) return variableIn(condition.key, value.source)
    const odd = oddCharacter(value.source, fold)
    if (odd) return new Undecided('notSupported', `"${value.source}" of ${condition.key} has ${odd}`)
    const tokens = value.type === 'text' ? tokensOf(parts, FREE, fold) : arnConditionTokens(value.segments!)
    if (tokens) found.push(tokens)
  }
  return found
}

/**
 * Adds what a condition of a string or ARN operator compares with; `atoms` hold for texts that equal one of its
 * values, before any negation.
 */
export function addConditionPatterns(
  set: PatternSet,
  condition: Condition,
  atoms: bigint,
): Undecided | undefined {
  const patterns = conditionTokens(condition)
  if (patterns instanceof Undecided) return patterns
  for (const tokens of patterns) set.add(tokens, atoms, condition.operator.family === 'stringIgnoreCase')
  return undefined
}

/** What is decided for no text: half characters, and letters whose other case is not one letter. */
export function oddCharacter(text: string, fold = false): string | undefined {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit >= 0xd800 && unit <= 0xdfff) return 'a character beyond U+FFFF'
    if (fold && unit >= 0x80 && !hasSimpleCase(unit))
      return `"${text[at]}", whose other case is not one letter`
  }
  return undefined
}

/** An ARN in a condition: its six segments are compared separately. Undefined when no ARN can match. */
function arnConditionTokens(segments: readonly Text[]): Token[] | undefined {
  const parts = segments.map((segment) => segment.parts as readonly ResolvedPart[])
  if (!globMatches(compileGlob(parts[0]!), 'arn')) return undefined
  const tokens = literalTokens('arn')
  for (const [index, segment] of parts.slice(1).entries()) {
    tokens.push(COLON, ...tokensOf(segment, index < 4 ? WITHIN : FREE))
  }
  return tokens
}

/**
 * A pattern of `Resource`, in which a `*` that ends a segment may match beyond its colon, as `authorize` has it
 * by default. Undefined for a variable in it.
 */
export function resourceTokens(pattern: Extract<ResourcePattern, { type: 'arn' }>): Token[] | undefined {
  const tokens: Token[] = []
  for (const [index, segment] of pattern.segments.entries()) {
    if (index > 0) tokens.push(COLON)
    const parts = staticParts(segment)
    if (!parts) return undefined
    const wildcards = index < 5 ? WITHIN : FREE
    for (const [position, part] of parts.entries()) {
      if (part.type === 'literal') pushLiteral(tokens, part.text)
      else if (part.type === 'one') tokens.push(wildcards.one)
      else tokens.push(position === parts.length - 1 ? ANY : wildcards.any)
    }
  }
  return tokens
}

/** The name of an action, which has `*` and `?` only. */
export function actionTokens(name: string, wildcards: Wildcards = FREE): Token[] {
  const tokens: Token[] = []
  for (const character of name) {
    if (character === '*') tokens.push(wildcards.any)
    else if (character === '?') tokens.push(wildcards.one)
    else tokens.push(character.charCodeAt(0))
  }
  return tokens
}
