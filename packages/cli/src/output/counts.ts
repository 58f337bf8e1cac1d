import type { AllowedCounts, CountsInWorld, RequestCount } from '@ringfence/policy'
import { printable } from './printable.js'

/** Up to this many are told as they are, more as a power of two. */
const MOST_IN_FULL = 1_000_000n

/**
 * How many requests each of two policies allows, for people: lines that end in a newline. The known world is told
 * where it reads otherwise than the open one.
 */
export function printCounts(
  { known, length, open }: AllowedCounts,
  names: readonly [string, string],
): string {
  const lines = linesOf(phrasesOf(open, names), `of the requests with texts of at most ${length} characters`)
  const inKnown = known && phrasesOf(known, names)
  if (inKnown && JSON.stringify(inKnown) !== JSON.stringify(phrasesOf(open, names)))
    lines.push(...linesOf(inKnown, 'of those for known actions on the resources that they take'))
  return lines.join('')
}

interface Phrases {
  /** On one line. */
  readonly numbers: readonly string[]
  /** Each on a line of its own. */
  readonly reasons: readonly string[]
}

function phrasesOf(world: CountsInWorld, names: readonly [string, string]): Phrases {
  const numbers: string[] = []
  const reasons: string[] = []
  for (const [index, count] of [world.first, world.second].entries()) {
    const name = printable(names[index]!)
    if (count.count === 'exact') numbers.push(`${name} allows ${quantity(count)}`)
    else reasons.push(`how many ${name} allows is unknown: ${printable(count.reason)}`)
  }
  return { numbers, reasons }
}

function linesOf({ numbers, reasons }: Phrases, of: string): string[] {
  return [...(numbers.length > 0 ? [numbers.join(', ')] : []), ...reasons].map((told) => `  ${of} ${told}\n`)
}

function quantity({ log2, requests }: Extract<RequestCount, { readonly count: 'exact' }>): string {
  if (log2 === undefined) return 'none'
  return requests <= MOST_IN_FULL ? requests.toString() : `2^${log2.toFixed(2)}`
}

/** The same with numbers as JSON can have them: `requests` in decimal digits, `log2` null where there are none. */
export function countsAsJson({ known, length, open }: AllowedCounts): object {
  return { length, open: inWorld(open), ...(known && { known: inWorld(known) }) }
}

function inWorld({ first, second }: CountsInWorld): object {
  return { first: countAsJson(first), second: countAsJson(second) }
}

function countAsJson(count: RequestCount): object {
  if (count.count === 'unknown') return count
  return { count: 'exact', requests: count.requests.toString(), log2: count.log2 ?? null }
}
