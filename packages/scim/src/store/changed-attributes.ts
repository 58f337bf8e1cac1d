import { isDeepStrictEqual } from 'node:util'
import type { Attributes } from '../schema/attributes.js'

/** Names of the attributes that two states of a resource differ in; those of extensions by their bare names. */
export function changedAttributes(before: Attributes, after: Attributes): readonly string[] {
  const parts = [
    [before.core, after.core] as const,
    ...union(Object.keys(before.extensions), Object.keys(after.extensions)).map(
      (id) => [before.extensions[id] ?? {}, after.extensions[id] ?? {}] as const,
    ),
  ]
  return parts.flatMap(([old, now]) =>
    union(Object.keys(old), Object.keys(now)).filter((name) => !isDeepStrictEqual(old[name], now[name])),
  )
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  return [...new Set([...left, ...right])]
}
