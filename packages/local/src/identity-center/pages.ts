import { pageById } from '../pages-by-id.js'
import { invalid } from './errors.js'

/** One page of a list in the order of ids: 100 items at most (API references, `MaxResults`). */
export function page<Item>(
  items: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
  identify: (item: Item) => string,
): { readonly items: Item[]; readonly NextToken?: string } {
  return pageById(items, input, identify, 100, () => invalid('The pagination token is not valid.'))
}
