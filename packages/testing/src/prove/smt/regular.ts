import { OutsideSubset } from './outside-subset.js'

/** A term of SMT-LIB, as text. */
export type Term = string

/** A string constant. Quotes are doubled; a backslash could begin an escape and is escaped itself. */
export function stringTerm(text: string): Term {
  let body = ''
  for (const character of text) {
    const point = character.codePointAt(0)!
    if (point > 0xffff) throw new OutsideSubset(`"${text}" has a character beyond U+FFFF`)
    if (character === '"') body += '""'
    else if (point < 0x20 || point > 0x7e || character === '\\') body += `\\u{${point.toString(16)}}`
    else body += character
  }
  return `"${body}"`
}

export const not = (term: Term): Term => `(not ${term})`
export const and = (...terms: readonly Term[]): Term => joined('and', terms, 'true')
export const or = (...terms: readonly Term[]): Term => joined('or', terms, 'false')

function joined(operator: string, terms: readonly Term[], ofNone: Term): Term {
  if (terms.length === 0) return ofNone
  return terms.length === 1 ? terms[0]! : `(${operator} ${terms.join(' ')})`
}

export const literal = (text: string): Term => `(str.to_re ${stringTerm(text)})`
export const star = (regex: Term): Term => `(re.* ${regex})`
export const plus = (regex: Term): Term => `(re.+ ${regex})`
export const sequence = (...regexes: readonly Term[]): Term =>
  regexes.length === 1 ? regexes[0]! : `(re.++ ${regexes.join(' ')})`
export const choice = (...regexes: readonly Term[]): Term =>
  regexes.length === 1 ? regexes[0]! : `(re.union ${regexes.join(' ')})`
export const range = (from: string, to: string): Term => `(re.range ${stringTerm(from)} ${stringTerm(to)})`
export const within = (variable: Term, regex: Term): Term => `(str.in_re ${variable} ${regex})`

/** One step of a pattern: a text that stands for itself, any text, or any one character. */
export type Piece = { readonly literal: string } | '*' | '?'

/**
 * The pieces of a pattern. `${*}`, `${?}` and `${$}` stand for themselves where the document has the version that
 * gave them a meaning; other `${` are variables there. [policies_variables]
 */
export function patternPieces(source: string, version2012: boolean, wildcards = true): readonly Piece[] {
  const pieces: Piece[] = []
  let text = ''
  const finish = (): void => {
    if (text !== '') pieces.push({ literal: text })
    text = ''
  }
  for (let at = 0; at < source.length; at++) {
    const character = source[at]!
    if (version2012 && source.startsWith('${', at)) {
      const escaped = source[at + 2]
      if (source[at + 3] !== '}' || escaped === undefined || !'*?$'.includes(escaped))
        throw new OutsideSubset(`"${source}" has a policy variable`)
      text += escaped
      at += 3
    } else if (wildcards && (character === '*' || character === '?')) {
      finish()
      pieces.push(character)
    } else text += character
  }
  finish()
  return pieces
}

/** What a piece becomes where wildcards take the characters of `one`. */
function pieceRegex(piece: Piece, one: Term, folded: boolean): Term {
  if (piece === '*') return one === 're.allchar' ? 're.all' : star(one)
  if (piece === '?') return one
  return folded ? sequence(...Array.from(piece.literal, eitherCase)) : literal(piece.literal)
}

function eitherCase(character: string): Term {
  if (character > '~') throw new OutsideSubset(`"${character}" is not ASCII where case is ignored`)
  const [lower, upper] = [character.toLowerCase(), character.toUpperCase()]
  return lower === upper ? literal(character) : choice(literal(lower), literal(upper))
}

/** How a pattern is matched: `one` is what a wildcard may take, `folded` ignores case. */
export interface Matching {
  readonly one?: Term
  readonly folded?: boolean
}

/** The texts that a pattern takes. */
export function patternRegex(
  pieces: readonly Piece[],
  { folded = false, one = 're.allchar' }: Matching = {},
): Term {
  if (pieces.length === 0) return literal('')
  return sequence(...pieces.map((piece) => pieceRegex(piece, one, folded)))
}

/** Whether the string variable has a text that the pattern takes; an equation where that is all it says. */
export function matches(variable: Term, pieces: readonly Piece[], matching: Matching = {}): Term {
  const [only] = pieces
  if (only === undefined) return `(= ${variable} "")`
  if (pieces.length === 1 && only === '*' && matching.one === undefined) return 'true'
  if (pieces.length === 1 && typeof only === 'object' && matching.folded !== true)
    return `(= ${variable} ${stringTerm(only.literal)})`
  return within(variable, patternRegex(pieces, matching))
}
