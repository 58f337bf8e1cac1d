import { Undecided } from '../bounds.js'
import { Automaton } from '../texts/automaton.js'
import { literalTokens } from '../texts/pattern.js'
import type { PrincipalKind } from '../options/principal-kinds.js'
import type { CountTextsOptions, TextCounts } from './count-strings.js'
import { ValueWalk, type ValueClass } from './value-walk.js'

/** By kind, key and length of the value that was looked at: how many texts there are of each length. */
const remembered = new Map<string, readonly bigint[]>()
const MOST_REMEMBERED = 50

/**
 * How many principals of a kind have some values of a key that follows from who asks. All values of one length are
 * alike to the texts that describe principals, and what stands around them is the same for all lengths. None where
 * the kind does not have the key.
 */
export function countNamed(
  kind: PrincipalKind,
  key: string,
  { count, length }: ValueClass,
  options: CountTextsOptions,
): TextCounts | Undecided {
  // An account has twelve digits and no other length.
  const sampled = key === 'aws:username' ? 1 : length
  const name = `${kind.name} ${key} ${sampled} ${options.length}`
  let byLength = remembered.get(name)
  if (!byLength) {
    const counted = countByLength(kind, key, '1'.repeat(sampled), options)
    if (counted instanceof Undecided) return counted
    byLength = counted
    if (remembered.size < MOST_REMEMBERED) remembered.set(name, byLength)
  }
  const most = options.length - (length - sampled)
  const named = byLength.reduce((sum, texts, at) => (at <= most ? sum + texts : sum), 0n)
  return new Map([[0n, named * count]])
}

function countByLength(
  kind: PrincipalKind,
  key: string,
  sample: string,
  options: CountTextsOptions,
): readonly bigint[] | Undecided {
  const view = kind.keys[key]
  if (view?.type !== 'part') return []
  const patterns = view
    .within(literalTokens(sample))
    .map((tokens) => ({ automaton: new Automaton(tokens), atoms: 1n }))
  const classes = new ValueWalk([], patterns, options).classes()
  if (classes instanceof Undecided) return classes
  const byLength = Array.from({ length: options.length + 1 }, () => 0n)
  for (const { atoms, count, length } of classes) if (atoms !== 0n) byLength[length]! += count
  return byLength
}
