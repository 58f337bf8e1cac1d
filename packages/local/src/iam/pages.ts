import { validationError } from './errors.js'

interface PageInput {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
}

/** IAM lists 100 items unless asked for fewer or for up to 1,000. */
const defaultItems = 100
const maximumItems = 1000

/**
 * One page of a list in a stable order. `identify` gives what tells an item from all others; the marker holds
 * that of the last item shown, so that a list which changes between pages loses and repeats nothing.
 */
export function page<Item>(
  items: Iterable<Item>,
  input: PageInput,
  identify: (item: Item) => string,
): { readonly items: Item[]; readonly IsTruncated: boolean; readonly Marker?: string } {
  const limit = Math.min(input.MaxItems ?? defaultItems, maximumItems)
  const after = input.Marker === undefined ? undefined : readMarker(input.Marker)
  const sorted = Array.from(items, (item) => ({ item, id: identify(item) })).toSorted((a, b) =>
    compare(a.id, b.id),
  )
  const rest = after === undefined ? sorted : sorted.filter(({ id }) => compare(id, after) > 0)
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  const more = rest.length > shown.length && last !== undefined
  return {
    items: shown.map(({ item }) => item),
    IsTruncated: more,
    ...(more ? { Marker: Buffer.from(`after:${last.id}`).toString('base64url') } : {}),
  }
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64url').toString()
  if (!text.startsWith('after:')) throw validationError('Invalid Marker.')
  return text.slice('after:'.length)
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
