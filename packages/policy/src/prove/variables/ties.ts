import type { Text } from '../../policy.js'
import { Undecided } from '../bounds.js'
import type { StringClass } from '../texts/partition.js'

/**
 * A pattern with policy variables. What its variables stand for ties this variable of the request to others; so
 * a text that it matches with stars for the variables may match it or not, and one that does not never does.
 */
export interface Tie {
  /** The bit of the pattern with stars. */
  readonly star: bigint
  /** The atoms that hold where the pattern itself matches. */
  readonly atoms: bigint
  readonly text: Text
  /** The stars of the ties that match wherever this one does. */
  readonly implies: bigint
}

/** A class, and the ties that are taken to match in it. */
export interface TiedClass {
  readonly atoms: bigint
  readonly text: string
  readonly ties: readonly Tie[]
  /** How many texts it has, where they were counted and no tie splits them. */
  readonly count?: bigint
}

/** With more ties in one class than this there are too many ways to match. */
const MOST_TIES = 6

/**
 * Splits classes by which of their ties match. That allows more than can be, since no two ties are checked
 * against each other: what is proved with it holds, and what is found has to be made and replayed.
 */
export function splitByTies(
  classes: readonly StringClass[],
  ties: readonly Tie[],
): readonly TiedClass[] | Undecided {
  const split: TiedClass[] = []
  for (const { atoms, count, text } of classes) {
    const open = ties.filter(({ star }) => (atoms & star) !== 0n)
    if (open.length === 0) {
      split.push(count === undefined ? { atoms, text, ties: [] } : { atoms, text, ties: [], count })
      continue
    }
    if (open.length > MOST_TIES)
      return new Undecided(
        'tooLarge',
        `more than ${MOST_TIES} patterns with policy variables match "${text}" at once; compare fewer statements at a time`,
      )
    const plain = open.reduce((rest, { star }) => rest & ~star, atoms)
    for (let subset = 0; subset < 1 << open.length; subset++) {
      const matching = open.filter((_, index) => (subset & (1 << index)) !== 0)
      const matched = matching.reduce((all, { star }) => all | star, 0n)
      if (matching.some(({ implies }) => (implies & ~matched) !== 0n)) continue
      const held = matching.reduce((all, tie) => all | tie.atoms, plain)
      split.push({ atoms: held, text, ties: matching })
    }
  }
  return split
}

/** A text that a pattern matches when its variables have these values; undefined when one has none. */
export function textOfTie(text: Text, valueOf: (key: string) => string | undefined): string | undefined {
  let made = ''
  for (const part of text.parts) {
    if (part.type === 'literal') made += part.text
    else if (part.type === 'one') made += 'a'
    else if (part.type === 'variable') {
      const value = valueOf(part.key) ?? part.fallback
      if (value === undefined) return undefined
      made += value
    }
  }
  return made
}
