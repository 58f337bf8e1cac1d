import type { AllowedCounts, RequestCount } from '@ringfence/policy'
import { printable } from './printable.js'

/** Up to this many are told as they are, more as a power of two. */
const MOST_IN_FULL = 1_000_000n

/** How many requests each of two policies allows, for people: lines that end in a newline. */
export function printCounts({ length, open }: AllowedCounts, names: readonly [string, string]): string {
  const [first, second] = names.map((name) => printable(name)) as [string, string]
  const told: readonly (readonly [string, RequestCount])[] = [
    [first, open.first],
    [second, open.second],
  ]
  const numbers = told.flatMap(([name, count]) =>
    count.count === 'exact' ? [`${name} allows ${quantity(count)}`] : [],
  )
  const lines =
    numbers.length > 0
      ? [`  of the requests with texts of at most ${length} characters ${numbers.join(', ')}`]
      : []
  for (const [name, count] of told)
    if (count.count === 'unknown')
      lines.push(`  how many requests ${name} allows is unknown: ${printable(count.reason)}`)
  return lines.map((line) => `${line}\n`).join('')
}

function quantity({ log2, requests }: Extract<RequestCount, { readonly count: 'exact' }>): string {
  if (log2 === undefined) return 'none'
  return requests <= MOST_IN_FULL ? requests.toString() : `2^${log2.toFixed(2)}`
}

/** The same with numbers as JSON can have them: `requests` in decimal digits, `log2` null where there are none. */
export function countsAsJson({ length, open }: AllowedCounts): object {
  return { length, open: { first: countAsJson(open.first), second: countAsJson(open.second) } }
}

function countAsJson(count: RequestCount): object {
  if (count.count === 'unknown') return count
  return { count: 'exact', requests: count.requests.toString(), log2: count.log2 ?? null }
}
