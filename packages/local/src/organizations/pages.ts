import { pageById } from '../pages-by-id.js'
import { invalidInput } from './errors.js'

/** One page of a list in the order of ids: 20 items at most (API Reference, `MaxResults`). */
export function organizationPage<Item>(
  items: readonly Item[],
  input: { readonly NextToken?: string | undefined; readonly MaxResults?: number | undefined },
  identify: (item: Item) => string,
): { readonly items: Item[]; readonly NextToken?: string } {
  return pageById(items, input, identify, 20, () =>
    invalidInput('INVALID_NEXT_TOKEN', 'You specified an invalid value for NextToken.'),
  )
}
