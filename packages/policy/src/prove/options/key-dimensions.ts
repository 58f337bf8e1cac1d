import { Undecided, type Bounds } from '../bounds.js'
import { clockOptions } from './clock-options.js'
import { distinct, type Dimension, type KeyValue, type Option } from './dimension.js'
import { keyOptions } from './key-options.js'
import { callOptions } from './call-options.js'
import { organizationOptions } from './organization-options.js'
import { joinsProvider } from './principal-providers.js'
import { CLOCK_KEYS, PRINCIPAL_KEYS, RESOURCE_KEYS } from './key-shapes.js'
import { askedTogether, tiedKeys, VIA_SERVICE } from './tied-keys.js'
import type { Goal } from '../search/solve.js'
import type { KeyTerm, Term } from '../search/term.js'

/** The keys that are free of action, resource and who asks, as far as a goal asks for them. */
export function keyDimensions(term: Term, goal: Goal, bounds: Bounds): Dimension[] | Undecided {
  const dimensions: Dimension[] = []
  const clock: KeyTerm[] = []
  for (const [name, key] of term.keys) {
    if (PRINCIPAL_KEYS.has(name) || RESOURCE_KEYS.has(name)) continue
    if (joinsProvider(term, name)) continue
    if (CLOCK_KEYS.has(name)) {
      clock.push(key)
      continue
    }
    const together = askedTogether(term, name)
    if (together && together[0] !== name) continue
    const options = together ? tiedOptions(term, together, goal, bounds) : keyOptions(key, bounds, goal)
    if (options instanceof Undecided) return options
    dimensions.push({ options: distinct(options) })
  }
  if (clock.length > 0) {
    const options = clockOptions(clock)
    if (options instanceof Undecided) return options
    dimensions.push({ options: distinct(options) })
  }
  return dimensions
}

function tiedOptions(
  { keys }: Term,
  names: readonly string[],
  goal: Goal,
  bounds: Bounds,
): Option<KeyValue>[] | Undecided {
  if (tiedKeys(names[0]!)!.includes(VIA_SERVICE)) return callOptions(keys, goal, bounds)
  const [id, paths] = tiedKeys(names[0]!)!.map((name) => keys.get(name) ?? { key: name, uses: [] })
  return organizationOptions(id!, paths!, goal, bounds)
}
