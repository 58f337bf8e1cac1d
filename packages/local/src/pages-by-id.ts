interface PageInput {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

/**
 * One page of a list in the order of ids, of `pageSize` items at most. The token is the last id of the page before;
 * one that names no item throws what `invalidToken` gives.
 */
export function pageById<Item>(
  items: readonly Item[],
  input: PageInput,
  identify: (item: Item) => string,
  pageSize: number,
  invalidToken: () => Error,
): { readonly items: Item[]; readonly NextToken?: string } {
  const sorted = items.toSorted((a, b) => (identify(a) < identify(b) ? -1 : 1))
  const after = input.NextToken === undefined ? '' : Buffer.from(input.NextToken, 'base64url').toString()
  if (input.NextToken !== undefined && !sorted.some((item) => identify(item) === after)) throw invalidToken()
  const rest = sorted.filter((item) => identify(item) > after)
  const shown = rest.slice(0, Math.max(1, Math.min(input.MaxResults ?? pageSize, pageSize)))
  const last = shown.at(-1)
  if (last === undefined || shown.length === rest.length) return { items: shown }
  return { items: shown, NextToken: Buffer.from(identify(last)).toString('base64url') }
}
