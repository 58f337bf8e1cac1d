import type { Table } from '../../call.js'
import type { ObjectRecord } from '../records.js'

/** What a listing comes upon, in UTF-8 binary order: a key, or all keys below a common prefix as one. */
export type Listed =
  | { readonly type: 'key'; readonly name: string; readonly record: ObjectRecord }
  | { readonly type: 'prefix'; readonly name: string }

export interface WalkOptions {
  readonly bucket: string
  readonly prefix: string
  /** Keys are rolled up at its first occurrence after the prefix; empty: they are not. */
  readonly delimiter: string
  /** Where to begin. */
  readonly after?: WalkStart | undefined
  /** Whether delete markers count. */
  readonly withDeleteMarkers: boolean
}

/**
 * `key`: behind this key (and behind the common prefix, if the key is one); `from`: at this key; `prefix`:
 * behind all keys with this prefix.
 */
export type WalkStart =
  | { readonly type: 'key'; readonly name: string }
  | { readonly type: 'from'; readonly name: string }
  | { readonly type: 'prefix'; readonly name: string }

/**
 * Goes through the current versions of a bucket's keys. A common prefix costs one seek, however many keys are
 * below it. [API_ListObjectsV2, "in lexicographical order"; S3 guide, "Organizing objects using prefixes"]
 */
export function* walkKeys(table: Table<ObjectRecord>, options: WalkOptions): Generator<Listed> {
  const { bucket, prefix, after, withDeleteMarkers } = options
  const behind = after?.type === 'key' ? after.name : undefined
  let start: string | undefined = firstKey(prefix, after)
  while (start !== undefined) {
    const from: string = start
    start = undefined
    for (const { value: record } of table.range({ start: [bucket, from], end: [`${bucket}!`] })) {
      const { key } = record
      if (!key.startsWith(prefix)) return
      if (key === behind || (record.deleteMarker && !withDeleteMarkers)) continue
      const group = commonPrefix(key, options)
      if (group === undefined) {
        yield { type: 'key', name: key, record }
        continue
      }
      if (group !== behind) yield { type: 'prefix', name: group }
      const next = successor(group)
      if (next === undefined) return
      // Always forward: the walk ends whatever the table holds.
      if (compareKeys(next, from) <= 0) continue
      start = next
      break
    }
  }
}

function firstKey(prefix: string, after: WalkStart | undefined): string | undefined {
  if (after === undefined) return prefix
  const start = after.type === 'prefix' ? successor(after.name) : after.name
  return start === undefined || compareKeys(start, prefix) > 0 ? start : prefix
}

function commonPrefix(key: string, { delimiter, prefix }: WalkOptions): string | undefined {
  if (delimiter === '') return undefined
  const at = key.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : key.slice(0, at + delimiter.length)
}

/** The order of S3's listings: that of the UTF-8 bytes, which is not that of UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

/**
 * The first string, in UTF-8 binary order, behind all that begin with `prefix`; `undefined` when there is none.
 * The order of code points is that of their UTF-8.
 */
export function successor(prefix: string): string | undefined {
  const points = [...prefix]
  while (points.length > 0) {
    const point = points.pop()?.codePointAt(0) ?? 0
    if (point === 0x10_ffff) continue
    // Surrogates are no characters of their own.
    const next = point === 0xd7ff ? 0xe000 : point + 1
    return points.join('') + String.fromCodePoint(next)
  }
  return undefined
}
