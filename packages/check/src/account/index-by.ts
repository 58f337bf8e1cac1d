/** By key, the last one that has it. Without a pair for each, which a list of entries would have: plans are large. */
export function indexBy<Key, One>(all: readonly One[], keyOf: (one: One) => Key): ReadonlyMap<Key, One> {
  const found = new Map<Key, One>()
  for (const one of all) found.set(keyOf(one), one)
  return found
}
