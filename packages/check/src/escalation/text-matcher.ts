const MOST_REMEMBERED = 10_000
const matchers = new Map<string, RegExp>()

/** For texts that a pattern with `*` and `?` takes; one object for each pattern, as long as there are not too many. */
export function matcher(pattern: string): RegExp {
  let known = matchers.get(pattern)
  if (known === undefined) {
    if (matchers.size >= MOST_REMEMBERED) matchers.clear()
    const source = pattern.replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    // A run of stars is one star; without that, matching can take very long.
    const stars = source.replaceAll(/\*+/g, '.*').replaceAll('?', '.')
    matchers.set(pattern, (known = new RegExp(`^${stars}$`, 's')))
  }
  return known
}
