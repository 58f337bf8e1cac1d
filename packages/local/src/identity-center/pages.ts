import { invalid } from './errors.js'

const pageSize = 100

/** One page of a list in the order of ids: 100 items at most (API references, `MaxResults`). */
export function page<Item>(
  items: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
  identify: (item: Item) => string,
): { readonly items: Item[]; readonly NextToken?: string } {
  const sorted = items.toSorted((a, b) => (identify(a) < identify(b) ? -1 : 1))
  const after = input.NextToken === undefined ? '' : Buffer.from(input.NextToken, 'base64url').toString()
  if (input.NextToken !== undefined && !sorted.some((item) => identify(item) === after)) {
    throw invalid('The pagination token is not valid.')
  }
  const rest = sorted.filter((item) => identify(item) > after)
  const shown = rest.slice(0, Math.max(1, Math.min(input.MaxResults ?? pageSize, pageSize)))
  const last = shown.at(-1)
  if (last === undefined || shown.length === rest.length) return { items: shown }
  return { items: shown, NextToken: Buffer.from(identify(last)).toString('base64url') }
}
