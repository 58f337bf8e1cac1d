import {
  ANY,
  ANY_DIGITS,
  ANY_NAME,
  ANY_WITHIN,
  isLoop,
  ONE,
  ONE_DIGIT,
  ONE_NAME,
  ONE_WITHIN,
  wildcardTakes,
  type Token,
} from './pattern.js'

/**
 * Whether a look at the patterns alone shows that every text of the second is one of the first. Wildcards of the
 * second are read as letters that only wildcards of the first take, ones that take no less; so true is sure, and
 * false is not.
 */
export function includesPattern(wide: readonly Token[], narrow: readonly Token[]): boolean {
  let same = 0
  while (same < wide.length && wide[same]! >= 0 && wide[same] === narrow[same]) same++
  const first = wide[same]
  if (first === undefined) return same === narrow.length
  if (first >= 0) return false
  if (first === ANY && same === wide.length - 1) return true
  const last = wide.at(-1)!
  if (last >= 0 && last !== narrow.at(-1)) return false
  let reached = closed(wide, [same])
  for (let at = same; at < narrow.length && reached.length > 0; at++) {
    const letter = narrow[at]!
    const next: number[] = []
    for (const position of reached) {
      const token = wide[position]
      if (token === undefined || !takesLetter(token, letter)) continue
      next.push(isLoop(token) ? position : position + 1)
    }
    reached = closed(wide, next)
  }
  return reached.at(-1) === wide.length
}

/** Positions that ascend, with those behind their stars; of stars that take everything only the last counts. */
function closed(tokens: readonly Token[], reached: readonly number[]): readonly number[] {
  let positions: number[] = []
  let last = -1
  for (const position of reached) {
    if (position <= last) continue
    for (last = position; ; last++) {
      const token = tokens[last]
      if (token === ANY) positions = []
      positions.push(last)
      if (token === undefined || !isLoop(token)) break
    }
  }
  return positions
}

function takesLetter(token: Token, letter: Token): boolean {
  if (token >= 0) return token === letter
  if (letter >= 0) return wildcardTakes(token, letter)
  return reach(token) >= reach(letter) && (isLoop(token) || !isLoop(letter))
}

/** Of two wildcards the one of greater reach takes all units that the other takes. */
function reach(wildcard: Token): number {
  switch (wildcard) {
    case ANY:
    case ONE:
      return 3
    case ANY_WITHIN:
    case ONE_WITHIN:
      return 2
    case ANY_NAME:
    case ONE_NAME:
      return 1
    case ANY_DIGITS:
    case ONE_DIGIT:
      return 0
    default:
      throw new Error(`${wildcard} is no wildcard`)
  }
}

/** Whether the literals that two patterns begin and end with let one text match both. */
export function endsAgree(one: readonly Token[], other: readonly Token[]): boolean {
  const length = Math.min(one.length, other.length)
  for (let at = 0; ; at++) {
    if (at === length) {
      // A text that ends here is only one of the longer pattern's where nothing but stars is left of it.
      const longer = one.length > length ? one : other
      return longer.slice(length).every(isLoop)
    }
    const [a, b] = [one[at]!, other[at]!]
    if (a < 0 || b < 0) break
    if (a !== b) return false
  }
  for (let at = 1; at <= length; at++) {
    const [a, b] = [one[one.length - at]!, other[other.length - at]!]
    if (a < 0 || b < 0) break
    if (a !== b) return false
  }
  return true
}
