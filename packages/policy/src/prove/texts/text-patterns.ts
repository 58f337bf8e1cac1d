import type { ResolvedPart } from '../../match/glob.js'
import { joinSegments } from '../../match/arn.js'
import { compileGlob, globMatches } from '../../match/glob.js'
import type { Condition, ConditionValue, ResourcePattern, Text } from '../../policy.js'
import { Remembered } from '../../remembered.js'
import { Automaton } from './automaton.js'
import { Undecided } from '../bounds.js'
import { hasSimpleCase } from './letter-case.js'
import type { StringPattern } from './partition.js'
import { tieIncludes } from '../variables/tie-inclusion.js'
import type { Variable } from '../variables/substitute.js'
import type { Tie } from '../variables/ties.js'
import {
  ANY,
  ANY_NAME,
  COLON,
  FREE,
  literalTokens,
  ONE,
  ONE_DIGIT,
  ONE_NAME,
  pushLiteral,
  shareTokens,
  tokensOf,
  WITHIN,
  type Token,
} from './pattern.js'

/** More patterns with variables than these are not compared with each other. */
const MOST_COMPARED = 12

interface Tied {
  readonly star: bigint
  atoms: bigint
  readonly text: Text
  readonly plain: boolean
}
const NO_TIES: readonly Tie[] = []

/** Patterns of one variable; equal ones are one automaton. */
export class PatternSet {
  // Most sets have neither; they are made by the thousand.
  private tied: Map<string, Tied> | undefined
  private others: Set<string> | undefined

  /** Ties take bits from `firstTie` on. */
  constructor(private readonly firstTie = 0) {}

  private readonly known = new Map<string, { automaton: Automaton; atoms: bigint }>()

  add(tokens: readonly Token[], atoms: bigint, fold = false): void {
    const automaton = automatonOf(tokens, fold)
    const key = automaton.name
    const found = this.known.get(key)
    if (found) {
      found.atoms |= atoms
      return
    }
    this.known.set(key, { automaton, atoms })
    for (const token of tokens)
      if (token > 0x7e || (token >= 0 && token < 0x20))
        (this.others ??= new Set()).add(String.fromCharCode(token))
  }

  /** A pattern with variables: `patterns` have stars in their place. */
  addTie(
    patterns: readonly (readonly Token[])[],
    atoms: bigint,
    text: Text,
    kind: 'plain' | 'fold' | 'arn',
    /** Which part of the text it is about, where there are several. */
    part = '',
  ): void {
    const fold = kind === 'fold'
    // A star is a wildcard to some operators and a character to others, in the same writing.
    const key = `${kind} ${part} ${JSON.stringify(text.parts)}`
    this.tied ??= new Map()
    const found = this.tied.get(key)
    if (found) {
      found.atoms |= atoms
      return
    }
    const star = 1n << BigInt(this.firstTie + this.tied.size)
    this.tied.set(key, { star, atoms, text, plain: kind === 'plain' })
    for (const tokens of patterns) this.add(tokens, star, fold)
  }

  get ties(): readonly Tie[] {
    if (!this.tied) return NO_TIES
    const all = [...this.tied.values()]
    // A resource's head may cross segments, a condition's ARN does not, and case may be ignored: one kind only.
    const comparable = all.length <= MOST_COMPARED && all.every(({ plain }) => plain)
    return all.map(({ atoms, star, text }) => {
      let implies = 0n
      for (const other of comparable ? all : [])
        if (other.star !== star && tieIncludes(text, other.text)) implies |= other.star
      return { star, atoms, text, implies }
    })
  }

  get patterns(): readonly StringPattern[] {
    return [...this.known.values()]
  }

  /** Characters beyond printable ASCII that the patterns name: texts may have these too. */
  get further(): string {
    if (!this.others) return ''
    const all = new Set<string>()
    for (const character of this.others)
      for (const other of [character, character.toLowerCase(), character.toUpperCase()])
        if (other.length === 1) all.add(other)
    return [...all].join('')
  }
}

/** Their states take much more memory than patterns. */
const MOST_AUTOMATA = 4096
let automata = new Map<readonly Token[], Automaton>()

/** The same tokens have one automaton for a while, so that its states are made once. */
function automatonOf(tokens: readonly Token[], fold: boolean): Automaton {
  if (fold) return new Automaton(tokens, fold)
  let automaton = automata.get(tokens)
  if (!automaton) {
    if (automata.size >= MOST_AUTOMATA) automata = new Map()
    automata.set(tokens, (automaton = new Automaton(tokens)))
  }
  return automaton
}

/** The parts of a text without variables; undefined when it has some. */
function staticParts({ parts }: Text): readonly ResolvedPart[] | undefined {
  return parts.every((part) => part.type !== 'variable') ? (parts as readonly ResolvedPart[]) : undefined
}

export function variableIn(what: string, source: string): Undecided {
  return new Undecided('notSupported', `"${source}" of ${what} has a policy variable`)
}

/** The values of a condition of a string or ARN operator, as patterns of the text that it looks at. */
export function conditionTokens(condition: Condition): readonly (readonly Token[])[] | Undecided {
  const found: (readonly Token[])[] = []
  for (const value of condition.values) {
    if (value.type !== 'text' && value.type !== 'arn') continue
    if (!staticParts(value.text)) return variableIn(condition.key, value.source)
    const tokens = valueTokens(condition, value)
    if (tokens instanceof Undecided) return tokens
    if (tokens) found.push(tokens)
  }
  return found
}

type TextValue = Extract<ConditionValue, { readonly type: 'text' | 'arn' }>
const valuesTokens = new WeakMap<TextValue, readonly Token[] | Undecided>()

/** One value; with stars in place of variables, and then without segments. Undefined when no text can match. */
function valueTokens(condition: Condition, value: TextValue): readonly Token[] | undefined | Undecided {
  // Who ignores case is told by the operator: no value belongs to conditions of two.
  const known = valuesTokens.get(value)
  if (known) return known
  const tokens = makeValueTokens(condition, value)
  const made = tokens && !(tokens instanceof Undecided) ? shareTokens(tokens) : tokens
  if (made) valuesTokens.set(value, made)
  return made
}

function makeValueTokens({ key, operator }: Condition, value: TextValue): Token[] | undefined | Undecided {
  const fold = operator.family === 'stringIgnoreCase'
  const odd = oddCharacter(value.source, fold)
  if (odd) return new Undecided('notSupported', `"${value.source}" of ${key} has ${odd}`)
  if (value.type === 'arn' && value.segments) return arnConditionTokens(value.segments)
  return value.text.parts.flatMap((part) =>
    part.type === 'variable' ? variableTokens(part) : tokensOf([part], FREE, fold),
  )
}

/** What a variable may stand for: nearly any text; a user's name has no slash, an account twelve digits. */
function variableTokens({ fallback, key }: Variable): readonly Token[] {
  if (fallback !== undefined) return [ANY]
  switch (key.toLowerCase()) {
    case 'aws:username':
      return [ONE_NAME, ANY_NAME]
    case 'aws:resourceaccount':
      return Array.from({ length: 12 }, () => ONE_DIGIT)
    default:
      return [ANY]
  }
}

/**
 * Adds what a condition of a string or ARN operator compares with; `atoms` hold for texts that equal one of its
 * values, before any negation. `within` makes patterns of a part of a text patterns of the whole.
 */
export function addConditionPatterns(
  set: PatternSet,
  condition: Condition,
  atoms: bigint,
  within: (tokens: readonly Token[]) => readonly (readonly Token[])[] = (tokens) => [tokens],
): Undecided | undefined {
  const fold = condition.operator.family === 'stringIgnoreCase'
  for (const value of condition.values) {
    if (value.type !== 'text' && value.type !== 'arn') continue
    const tokens = valueTokens(condition, value)
    if (tokens instanceof Undecided) return tokens
    if (!tokens) continue
    if (staticParts(value.text)) for (const inside of within(tokens)) set.add(inside, atoms, fold)
    else {
      const kind = value.type === 'arn' ? 'arn' : fold ? 'fold' : 'plain'
      set.addTie(within(tokens), atoms, value.text, kind, condition.key.toLowerCase())
    }
  }
  return undefined
}

/** What conditions compare with, a bit for each in their order; ties take bits from `firstTie` on. */
export function patternsOf(
  conditions: readonly Condition[],
  firstTie = conditions.length,
): PatternSet | Undecided {
  const set = new PatternSet(firstTie)
  for (const [index, condition] of conditions.entries()) {
    const undecided = addConditionPatterns(set, condition, 1n << BigInt(index))
    if (undecided) return undecided
  }
  return set
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
 * by default; with stars in place of variables.
 */
export function resourceTokens(pattern: Extract<ResourcePattern, { type: 'arn' }>): readonly Token[] {
  let tokens = patternsTokens.get(pattern)
  if (!tokens) patternsTokens.set(pattern, (tokens = shareTokens(makeResourceTokens(pattern))))
  return tokens
}

const patternsTokens = new WeakMap<ResourcePattern, readonly Token[]>()

function makeResourceTokens(pattern: Extract<ResourcePattern, { type: 'arn' }>): readonly Token[] {
  const tokens: Token[] = []
  for (const [index, segment] of pattern.segments.entries()) {
    if (index > 0) tokens.push(COLON)
    const wildcards = index < 5 ? WITHIN : FREE
    const { parts } = segment
    for (const [position, part] of parts.entries()) {
      if (part.type === 'literal') pushLiteral(tokens, part.text)
      else if (part.type === 'variable') tokens.push(...variableTokens(part))
      else if (part.type === 'one') tokens.push(wildcards.one)
      else tokens.push(position === parts.length - 1 ? ANY : wildcards.any)
    }
  }
  return tokens
}

/** A resource pattern as one text, for what its variables make of it. */
export function resourceText({ segments, source }: Extract<ResourcePattern, { type: 'arn' }>): Text {
  return { source, parts: joinSegments(segments.map(({ parts }) => parts)) }
}

/** Whether a resource pattern has variables. */
export function hasVariables({ segments, source }: Extract<ResourcePattern, { type: 'arn' }>): boolean {
  return source.includes('${') && segments.some((segment) => !staticParts(segment))
}

const actions = new Remembered<readonly Token[]>(4096)

/** The name of an action, which has `*` and `?` only. */
export function actionTokens(name: string): readonly Token[] {
  const known = actions.get(name)
  if (known) return known
  const tokens: Token[] = []
  for (const character of name) {
    if (character === '*') tokens.push(ANY)
    else if (character === '?') tokens.push(ONE)
    else tokens.push(character.charCodeAt(0))
  }
  return actions.set(name, tokens)
}
