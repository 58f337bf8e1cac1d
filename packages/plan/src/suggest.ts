import { closest, distance } from 'fastest-levenshtein'
import { asciiTwin } from './characters.js'

/** Candidates beyond this number are not searched: a suggestion is not worth minutes. */
const maxCandidates = 20_000

/** The candidate that was probably meant, if one is near enough. */
export function suggest(text: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || text.length === 0 || text.length > 100) return undefined
  const twin = asciiTwin(text)
  if (twin !== undefined && twin !== text && candidates.includes(twin)) return twin
  const ignoringCase = candidates.find((candidate) => candidate.toLowerCase() === text.toLowerCase())
  if (ignoringCase !== undefined) return ignoringCase
  const swapped = candidates.find((candidate) => isSwapped(text, candidate))
  if (swapped !== undefined) return swapped
  const considered = candidates.length > maxCandidates ? candidates.slice(0, maxCandidates) : candidates
  const nearest = closest(text, considered)
  return distance(text, nearest) <= Math.max(1, Math.floor(Math.max(text.length, nearest.length) / 3))
    ? nearest
    : undefined
}

/** Whether two neighbouring letters stand the other way round, and all else is the same. */
function isSwapped(left: string, right: string): boolean {
  if (left.length !== right.length) return false
  let first = 0
  while (first < left.length && left[first] === right[first]) first += 1
  return (
    first + 1 < left.length &&
    left[first] === right[first + 1] &&
    left[first + 1] === right[first] &&
    left.slice(first + 2) === right.slice(first + 2)
  )
}

/** `Did you mean "x"?`, or what else may be written. */
export function suggestionHint(text: string, candidates: readonly string[]): string | undefined {
  const nearest = suggest(text, candidates)
  if (nearest !== undefined) return `Did you mean "${nearest}"?`
  if (candidates.length === 0 || candidates.length > 20) return undefined
  return `Write one of ${candidates.map((candidate) => `"${candidate}"`).join(', ')}.`
}
