import { Undecided, type Bounds } from '../bounds.js'
import type { Goal } from '../search/solve.js'
import type { KeyTerm } from '../search/term.js'
import { makeLanguage, organizationIds, PRINTABLE, word, type Language } from '../texts/language.js'
import { partitionTexts } from '../texts/partition.js'
import { ANY, ANY_NAME, isLoop, ONE_NAME, SLASH, wildcardTakes, type Token } from '../texts/pattern.js'
import { patternsOf, type PatternSet } from '../texts/text-patterns.js'
import { splitByTies, type TiedClass } from '../variables/ties.js'
import { tiesTo, type KeyValue, type Option } from './dimension.js'
import { confine } from './principal-kinds.js'
import { comparedAs, comparing, listsOf, maskOfList, maskOfMissing, maskOfText } from './key-options.js'

/**
 * The options of an organization's ID and of paths in it: whoever is of none has neither, and each path begins with the
 * ID.
 */
export function organizationOptions(
  id: KeyTerm,
  paths: KeyTerm,
  goal: Goal,
  bounds: Bounds,
): Option<KeyValue>[] | Undecided {
  const inPath = patternsOfKey(paths, paths.uses.length)
  if (inPath instanceof Undecided) return inPath
  const heads = inPath.patterns.flatMap(({ automaton: { fold, tokens } }) =>
    headsOf(tokens).map((head) => ({ head, fold })),
  )
  const behindHeads = id.uses.length + heads.length
  const inId = patternsOfKey(id, behindHeads)
  if (inId instanceof Undecided) return inId
  for (const [index, { fold, head }] of heads.entries())
    inId.add(head, 1n << BigInt(id.uses.length + index), fold)
  const further = [...new Set(inId.further + inPath.further)].join('')
  const ids = classesOf(inId, organizationIds(further), id.key, bounds)
  if (ids instanceof Undecided) return ids
  const options: Option<KeyValue>[] = [{ mask: maskOfMissing(id) & maskOfMissing(paths), value: {} }]
  for (const { atoms, text, ties } of ids) {
    const texts = classesOf(inPath, pathLanguage(text, further), paths.key, bounds)
    if (texts instanceof Undecided) return texts
    const lists = listsOf(paths, texts, bounds, goal)
    if (lists instanceof Undecided) return lists
    const mask = maskOfText(id, atoms)
    for (const list of lists) {
      const tied = [...tiesTo(id.key, ties), ...tiesTo(paths.key, list.ties)]
      options.push({
        mask: mask & maskOfList(paths, list),
        value: {
          ...(id.uses.length > 0 && { [id.key]: text }),
          ...(paths.uses.length > 0 && { [paths.key]: list.texts }),
        },
        ...(tied.length > 0 && { ties: tied }),
      })
    }
  }
  return options
}

function patternsOfKey({ key, uses }: KeyTerm, firstTie: number): PatternSet | Undecided {
  const conditions = comparing(uses)
  const family = comparedAs(key, conditions)
  if (family instanceof Undecided) return family
  if (family !== 'text')
    return new Undecided('notSupported', `${key} is compared by ${conditions[0]!.operator.source}`)
  return patternsOf(conditions, firstTie)
}

/**
 * What a pattern of a path may have taken once it has taken the ID and the slash behind it, as patterns of the ID: IDs
 * that none of these tells apart have the same paths.
 */
function headsOf(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const heads: (readonly Token[])[] = []
  for (const [at, token] of tokens.entries()) {
    if (token === SLASH || (token < 0 && wildcardTakes(token, SLASH)))
      heads.push(tokens.slice(0, isLoop(token) ? at + 1 : at))
    // No ID has a slash.
    if (token === SLASH) break
  }
  return heads
}

function classesOf(
  set: PatternSet,
  language: Language,
  what: string,
  bounds: Bounds,
): readonly TiedClass[] | Undecided {
  const classes = partitionTexts(set.patterns, { language, bounds, what })
  return classes instanceof Undecided ? classes : splitByTies(classes, set.ties)
}

function pathLanguage(id: string, further: string): Language {
  return makeLanguage([...word(`${id}/`, 'start', 'rest'), ['rest', PRINTABLE + further, 'rest']], ['rest'])
}

/** A pattern of an ID as one of the paths that begin with it; none where no ID is like that. */
export function idWithin(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const id = confine(tokens, ANY_NAME, ONE_NAME, /[^/:]/)
  return id ? [[...id, SLASH, ANY]] : []
}
