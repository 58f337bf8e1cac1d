import type { Condition } from '../../policy.js'
import { Undecided } from '../bounds.js'
import { comparedAs, comparing, languageOf, maskOfMissing, maskOfText } from '../options/key-options.js'
import { keyShape } from '../options/key-shapes.js'
import { idWithin } from '../options/organization-options.js'
import { CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST, tiedKeys, VIA_SERVICE } from '../options/tied-keys.js'
import type { KeyTerm, KeyUse } from '../search/term.js'
import { organizationPaths, type Language } from '../texts/language.js'
import { addConditionPatterns, patternsOf, PatternSet } from '../texts/text-patterns.js'
import type { CountedOption } from './count-combinations.js'
import { countKey } from './count-keys.js'
import type { CountedTerm } from './counted-term.js'
import { textsOf } from './text-source.js'

/** The values of keys that AWS fills in together: none, or one of each. */
export function countTied(names: readonly string[], term: CountedTerm): readonly CountedOption[] | Undecided {
  if (tiedKeys(names[0]!)!.includes(VIA_SERVICE)) return countCalls(term)
  return countOrganizations(tiedKeys(names[0]!)! as readonly [string, string], term)
}

/** No service between, or one, which is the first and the last of the chain. */
function countCalls(term: CountedTerm): readonly CountedOption[] | Undecided {
  const { both, own, space } = term
  const via = both.keys.get(VIA_SERVICE)
  const family = via && comparedAs(via.key, comparing(via.uses))
  if (family instanceof Undecided) return family
  if (family && family !== 'text' && family !== 'bool') return notCounted(via.key, family)
  const flags = via
    ? countKey({ both: via, own: own.keys.get(VIA_SERVICE)! }, space)
    : [{ mask: -1n, count: 1n }]
  if (flags instanceof Undecided) return flags
  const chained = [CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST].filter((name) => both.keys.has(name))
  const uses = chained.flatMap((name) => both.keys.get(name)!.uses)
  const all = textPatterns('aws:CalledVia', uses)
  if (all instanceof Undecided) return all
  const language = space.languages?.keys ?? languageOf(keyShape(CALLED_VIA), all.further)
  const owns = chained.map((name) => own.keys.get(name)!)
  const links = countOwn(owns, term, 'aws:CalledVia', language, (tokens) => [tokens])
  if (links instanceof Undecided) return links
  const without = owns.reduce((mask, key) => mask & maskOfMissing(key), -1n)
  // The first of the flags is that the key is true.
  return [
    ...flags.map(({ count, mask }) => ({ mask: mask & without, count })),
    ...links.map(({ count, mask }) => ({ mask: mask & flags[0]!.mask, count })),
  ]
}

/** Of no organization, or a path, which the ID begins. */
function countOrganizations(
  [idName, pathsName]: readonly [string, string],
  term: CountedTerm,
): readonly CountedOption[] | Undecided {
  const { both, own } = term
  let further = ''
  for (const name of [idName, pathsName]) {
    const { key, uses } = termOf(both, name)
    const all = textPatterns(key, uses)
    if (all instanceof Undecided) return all
    further += all.further
  }
  const [id, paths] = [termOf(own, idName), termOf(own, pathsName)]
  const found = countOwn([paths, id], term, paths.key, organizationPaths(further), (tokens, key) =>
    key === id ? idWithin(tokens) : [tokens],
  )
  if (found instanceof Undecided) return found
  return [{ mask: maskOfMissing(id) & maskOfMissing(paths), count: 1n }, ...found]
}

function termOf({ keys }: CountedTerm['own'], name: string): KeyTerm {
  return keys.get(name) ?? { key: name, uses: [] }
}

/** Texts by what several keys ask of them. */
function countOwn(
  keys: readonly KeyTerm[],
  { space }: CountedTerm,
  what: string,
  language: Language,
  within: (tokens: readonly number[], key: KeyTerm) => readonly (readonly number[])[],
): readonly CountedOption[] | Undecided {
  const uses = keys.flatMap((key) => comparing(key.uses).map((condition) => ({ condition, key })))
  const set = new PatternSet(uses.length)
  for (const [index, { condition, key }] of uses.entries()) {
    const bit = 1n << BigInt(index)
    const undecided = addConditionPatterns(set, condition, bit, (tokens) => within(tokens, key))
    if (undecided) return undecided
  }
  const counts = textsOf(space).count(set.patterns, set.ties, { ...space, language, what })
  if (counts instanceof Undecided) return counts
  return Array.from(counts, ([atoms, count]) => {
    let mask = -1n
    let at = 0
    for (const key of keys) {
      mask &= maskOfText(key, atoms >> BigInt(at))
      at += key.uses.length
    }
    return { mask, count }
  })
}

/** Undecided where they are compared otherwise than as text. */
function textPatterns(what: string, uses: readonly KeyUse[]): PatternSet | Undecided {
  const conditions = comparing(uses)
  const family = comparedAs(what, conditions)
  if (family instanceof Undecided) return family
  if (family !== 'text') return notCounted(what, family)
  return patternsOf(conditions)
}

function notCounted(key: string, family: Condition['operator']['family']): Undecided {
  return new Undecided('notSupported', `${key} is compared by ${family}, and such values are not counted`)
}
