/**
 * The candidate that the word was probably meant to be: equal but for case, or at most a third of its letters
 * (three at most) away. Undefined when nothing is near.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > 100) return undefined
  const folded = word.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.min(3, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = candidate.toLowerCase() === folded ? 0 : editDistance(folded, candidate.toLowerCase())
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** The hint that goes with it. */
export function didYouMeanHint(word: string, candidates: Iterable<string>): string | undefined {
  const candidate = didYouMean(word, candidates)
  return candidate === undefined ? undefined : `did you mean "${candidate}"?`
}

const MOST_NAMED = 10

/** The name that was probably meant; where none is near, the first of those that there are. Undefined without any. */
export function nameHint(word: string, names: readonly string[]): string | undefined {
  const meant = didYouMean(word, names)
  if (meant !== undefined || names.length === 0) return meant
  const rest = names.length - MOST_NAMED
  return `one of ${names.slice(0, MOST_NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let i = 1; i <= from.length; i++) {
    const current = [i]
    for (let j = 1; j <= to.length; j++) {
      const cost = from[i - 1] === to[j - 1] ? 0 : 1
      let distance = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + cost)
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1])
        distance = Math.min(distance, beforePrevious[j - 2]! + 1)
      current.push(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[to.length]!
}
