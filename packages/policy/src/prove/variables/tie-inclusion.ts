import type { Text } from '../../policy.js'
import { Automaton } from '../texts/automaton.js'
import { FREE, ONE, pushLiteral, type Token } from '../texts/pattern.js'

/** Pairs of states that are looked at before an inclusion counts as not shown. */
const MOST_PAIRS = 2000
/** Private characters stand for variables; none is in any pattern's literals. */
const FIRST_VARIABLE = 0xe000

/**
 * Whether every text that the first pattern matches is matched by the second, whatever the variables stand for.
 * Variables are compared as letters of their own: what holds for these holds for every value, as a `*` takes any
 * number of characters. A `?` takes one, so that a second pattern with one is not looked at.
 */
export function tieIncludes(inner: Text, outer: Text): boolean {
  const names: string[] = []
  const first = tokensWithVariables(inner, names)
  const second = tokensWithVariables(outer, names)
  if (second.includes(ONE) || [...first, ...second].filter((token) => token >= FIRST_VARIABLE).length > 20)
    return false
  const [a, b] = [new Automaton(first), new Automaton(second)]
  const queue: (readonly [number, number])[] = [[a.start, b.start]]
  const seen = new Set([`${a.start} ${b.start}`])
  for (const [inA, inB] of queue) {
    if (a.accepts(inA) && !b.accepts(inB)) return false
    if (a.fate(inA) === 'never' || b.fate(inB) === 'always') continue
    // Zero stands for every unit that no pattern asks for.
    for (const unit of new Set([0, ...a.wanted(inA), ...b.wanted(inB)])) {
      const next = [a.step(inA, unit), b.step(inB, unit)] as const
      const key = next.join(' ')
      if (seen.has(key)) continue
      if (seen.size >= MOST_PAIRS) return false
      seen.add(key)
      queue.push(next)
    }
  }
  return true
}

function tokensWithVariables({ parts }: Text, names: string[]): Token[] {
  const tokens: Token[] = []
  for (const part of parts) {
    if (part.type === 'literal') pushLiteral(tokens, part.text)
    else if (part.type === 'any') tokens.push(FREE.any)
    else if (part.type === 'one') tokens.push(FREE.one)
    else {
      const name = `${part.key.toLowerCase()} ${part.fallback ?? ''} ${part.fallback === undefined}`
      if (!names.includes(name)) names.push(name)
      tokens.push(FIRST_VARIABLE + names.indexOf(name))
    }
  }
  return tokens
}
