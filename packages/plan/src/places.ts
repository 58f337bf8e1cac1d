import type { Locator, Path } from './locator.js'
import type { SourceSpan } from './plan.js'

/** Start and end of a key, start and end of its value: offsets in the text. */
type Place = readonly [keyStart: number, keyEnd: number, start: number, end: number]

const numbersPerPlace = 4
/** Mappings with more keys than this get an index of their keys. */
const maxScannedKeys = 32

/** Where the entries of mappings and lists are written; four numbers an entry, because files can be large. */
export interface Places {
  /** `offsets` holds the places of all entries in the order of `keys`, or of the list. */
  record(container: object, offsets: readonly number[], keys: readonly string[] | undefined): void
  locator(
    file: string,
    text: string,
    root: unknown,
    whole: Place,
    span: (start: number, end: number) => SourceSpan,
  ): Locator
}

export function createPlaces(): Places {
  const offsetsOf = new Map<object, readonly number[]>()
  /** Only where the order of `Object.keys` is not that of the file: keys that look like integers come first. */
  const keysOf = new Map<object, readonly string[]>()
  const indexes = new Map<object, ReadonlyMap<string, number>>()

  function position(container: object, step: string | number): number {
    if (Array.isArray(container)) return typeof step === 'number' && step < container.length ? step : -1
    const index = indexes.get(container)
    if (index !== undefined) return index.get(String(step)) ?? -1
    const keys = keysOf.get(container) ?? Object.keys(container)
    if (keys.length <= maxScannedKeys) return keys.indexOf(String(step))
    const made = new Map(keys.map((key, at) => [key, at]))
    indexes.set(container, made)
    return made.get(String(step)) ?? -1
  }

  /** The place at the path, or the nearest one above it. */
  function find(root: unknown, whole: Place, path: Path): Place {
    let place = whole
    let value = root
    for (const step of path) {
      if (typeof value !== 'object' || value === null) break
      const offsets = offsetsOf.get(value)
      const at = position(value, step)
      if (offsets === undefined || at === -1) break
      const [keyStart = 0, keyEnd = 0, start = 0, end = 0] = offsets.slice(
        at * numbersPerPlace,
        (at + 1) * numbersPerPlace,
      )
      place = [keyStart, keyEnd, start, end]
      value = (value as Record<string | number, unknown>)[step]
    }
    return place
  }

  return {
    record: (container, offsets, keys) => {
      offsetsOf.set(container, offsets)
      if (keys?.some((key) => /^\d/.test(key)) === true) keysOf.set(container, keys)
    },
    locator: (file, text, root, whole, span) => ({
      file,
      value: (path) => {
        const [, , start, end] = find(root, whole, path)
        return span(start, end)
      },
      key: (path) => {
        const [start, end] = find(root, whole, path)
        return span(start, end)
      },
      written: (path) => {
        const [, , start, end] = find(root, whole, path)
        return text.slice(start, end)
      },
      suffix: () => '',
    }),
  }
}
