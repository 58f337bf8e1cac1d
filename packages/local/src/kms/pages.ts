import { AwsError } from '../aws-error.js'

/** One page of a list in the order of ids; KMS lists 100 items unless asked for fewer or more. */
export function kmsPage<Item>(
  items: readonly Item[],
  input: { readonly Marker?: string | undefined; readonly Limit?: number | undefined },
  identify: (item: Item) => string,
): { readonly items: Item[]; readonly Truncated: boolean; readonly NextMarker?: string } {
  const sorted = items.toSorted((a, b) => (identify(a) < identify(b) ? -1 : 1))
  const after = input.Marker === undefined ? '' : Buffer.from(input.Marker, 'base64url').toString()
  if (input.Marker !== undefined && !sorted.some((item) => identify(item) === after)) {
    throw new AwsError('InvalidMarkerException', 'Could not deserialize marker', 400)
  }
  const rest = sorted.filter((item) => identify(item) > after)
  const shown = rest.slice(0, Math.max(1, Math.min(input.Limit ?? 100, 1000)))
  const last = shown.at(-1)
  if (last === undefined || shown.length === rest.length) return { items: shown, Truncated: false }
  return { items: shown, Truncated: true, NextMarker: Buffer.from(identify(last)).toString('base64url') }
}
