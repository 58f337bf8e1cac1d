import { indexBy } from '../account/index-by.js'

/**
 * Keys under which two lists do not have the same, and those that one of them alone has. No list has a key twice. Fast
 * where both are in the same order, as those of two versions of one file are.
 */
export function differing<One>(
  before: readonly One[],
  now: readonly One[],
  keyOf: (one: One) => string,
  isSame: (one: One, other: One) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>()
  let moved: ReadonlyMap<string, One> | undefined
  for (let at = 0; at < now.length; at++) {
    const one = now[at]!
    const key = keyOf(one)
    let other = before[at]
    if (other === undefined || keyOf(other) !== key) other = (moved ??= indexBy(before, keyOf)).get(key)
    if (other === undefined || !isSame(other, one)) found.add(key)
  }
  if (moved === undefined && before.length === now.length) return found
  const left = new Set(now.map(keyOf))
  for (const one of before) if (!left.has(keyOf(one))) found.add(keyOf(one))
  return found
}

/** Whether two lists have the same in the same places. */
export function isSameInOrder<One>(
  before: readonly One[],
  now: readonly One[],
  isSame: (one: One, other: One) => boolean,
): boolean {
  if (before === now) return true
  return before.length === now.length && before.every((one, at) => isSame(one, now[at]!))
}
