import type { ResolvedPart } from '../../match/glob.js'
import { Remembered } from '../../remembered.js'
import { foldUnit } from './letter-case.js'

/**
 * One step of a pattern: a UTF-16 unit, or one of the wildcards below. `WITHIN` stops at colons, as wildcards
 * do that are confined to a segment of an ARN.
 */
export type Token = number
export const ANY = -1
export const ONE = -2
export const ANY_WITHIN = -3
export const ONE_WITHIN = -4
/** Wildcards that take digits alone, for account IDs inside of an ARN. */
export const ANY_DIGITS = -5
export const ONE_DIGIT = -6
/** Wildcards that stop at slashes: names of buckets, users and roles. */
export const ANY_NAME = -7
export const ONE_NAME = -8
export const COLON = 0x3a
export const SLASH = 0x2f

/** Which wildcards stand for `*` and `?`. */
export interface Wildcards {
  readonly any: Token
  readonly one: Token
}
export const FREE: Wildcards = { any: ANY, one: ONE }
export const WITHIN: Wildcards = { any: ANY_WITHIN, one: ONE_WITHIN }
export const NAME: Wildcards = { any: ANY_NAME, one: ONE_NAME }

export function isLoop(token: Token): boolean {
  return token === ANY || token === ANY_WITHIN || token === ANY_DIGITS || token === ANY_NAME
}

/** Whether a wildcard takes the unit. */
export function wildcardTakes(token: Token, unit: number): boolean {
  switch (token) {
    case ANY:
    case ONE:
      return true
    case ANY_WITHIN:
    case ONE_WITHIN:
      return unit !== COLON
    case ANY_NAME:
    case ONE_NAME:
      return unit !== SLASH && unit !== COLON
    case ANY_DIGITS:
    case ONE_DIGIT:
      return unit >= 0x30 && unit <= 0x39
    default:
      return false
  }
}

/** The tokens of a text; `fold` for operators that ignore case. */
export function tokensOf(parts: readonly ResolvedPart[], wildcards = FREE, fold = false): Token[] {
  const tokens: Token[] = []
  for (const part of parts) {
    if (part.type === 'any') tokens.push(wildcards.any)
    else if (part.type === 'one') tokens.push(wildcards.one)
    else pushLiteral(tokens, part.text, fold)
  }
  return tokens
}

export function pushLiteral(tokens: Token[], text: string, fold = false): void {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    tokens.push(fold ? foldUnit(unit) : unit)
  }
}

/** The tokens of a text without wildcards. */
export function literalTokens(text: string): Token[] {
  const tokens: Token[] = []
  pushLiteral(tokens, text)
  return tokens
}

const ESCAPE = 0xffff

/** A text that no other tokens have. */
export function nameOfTokens(tokens: readonly Token[]): string {
  let name = ''
  let units: number[] = []
  for (const token of tokens) {
    if (token >= 0 && token !== ESCAPE) units.push(token)
    else units.push(ESCAPE, 0x30 + (token < 0 ? -token : 0))
    if (units.length < 1024) continue
    name += String.fromCharCode(...units)
    units = []
  }
  return name + String.fromCharCode(...units)
}

const shared = new Remembered<readonly Token[]>(8192)

/** The same list for the same tokens, for a while: what is made of a pattern is then made once. */
export function shareTokens(tokens: readonly Token[]): readonly Token[] {
  const name = nameOfTokens(tokens)
  return shared.get(name) ?? shared.set(name, tokens)
}
