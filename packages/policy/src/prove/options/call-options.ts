import { Budget, Undecided, type Bounds } from '../bounds.js'
import type { Goal } from '../search/solve.js'
import type { KeyTerm } from '../search/term.js'
import type { KeyValue, Option } from './dimension.js'
import {
  joined,
  keyOptions,
  keyTexts,
  listOfOne,
  listsOf,
  maskOfList,
  maskOfMissing,
  maskOfText,
  type Gathered,
  type KeyText,
} from './key-options.js'
import { keyShape } from './key-shapes.js'
import { CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST, VIA_SERVICE } from './tied-keys.js'

/**
 * The options of the services that ask on behalf of who asks, where several keys tell of them: none, or a chain that
 * has a first and a last one, and then `aws:ViaAWSService` is true. It is true, too, for services of which AWS tells
 * no more.
 */
export function callOptions(
  keys: ReadonlyMap<string, KeyTerm>,
  goal: Goal,
  bounds: Bounds,
): Option<KeyValue>[] | Undecided {
  const via = keys.get(VIA_SERVICE)
  const flags: Option<KeyValue>[] | Undecided = via
    ? keyOptions(via, bounds, goal)
    : [{ mask: -1n, value: {} }]
  if (flags instanceof Undecided) return flags
  const on = via ? flags.find(({ value }) => value[via.key] === 'true') : flags[0]
  if (!on) return new Undecided('notSupported', `${via!.key} is compared otherwise than as true and false`)
  const chains = chainOptions(keys, goal, bounds)
  if (chains instanceof Undecided) return chains
  const chained = [CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST].flatMap((name) => keys.get(name) ?? [])
  const without = chained.reduce((mask, term) => mask & maskOfMissing(term), -1n)
  return [
    ...flags.map(({ mask, value }) => ({ mask: mask & without, value })),
    ...chains.map(({ mask, value }) => ({ mask: mask & on.mask, value: Object.assign({}, value, on.value) })),
  ]
}

/** A service in a chain: what the keys ask of it, and the statements that it satisfies as the first or the last. */
interface Link extends KeyText {
  readonly list: Gathered
  readonly first: bigint
  readonly last: bigint
}

function chainOptions(
  keys: ReadonlyMap<string, KeyTerm>,
  goal: Goal,
  bounds: Bounds,
): readonly Option<KeyValue>[] | Undecided {
  const [list, first, last] = [CALLED_VIA, CALLED_VIA_FIRST, CALLED_VIA_LAST].map(
    (name): KeyTerm => keys.get(name) ?? { key: name, uses: [] },
  ) as [KeyTerm, KeyTerm, KeyTerm]
  const uses = [...list.uses, ...first.uses, ...last.uses]
  const texts = keyTexts('aws:CalledVia', uses, keyShape(CALLED_VIA), bounds)
  if (texts instanceof Undecided) return texts
  const tied = texts.flatMap(({ ties = [] }) => ties)[0]
  if (tied)
    return new Undecided('notSupported', `"${tied.text.source}" of aws:CalledVia has a policy variable`)
  const [beforeFirst, beforeLast] = [list.uses.length, list.uses.length + first.uses.length]
  const links = texts.map((one): Link => ({
    ...one,
    list: listOfOne(list, one),
    first: maskOfText(first, one.atoms >> BigInt(beforeFirst)),
    last: maskOfText(last, one.atoms >> BigInt(beforeLast)),
  }))
  const between = list.uses.length > 0 ? listsOf(list, texts, bounds, goal) : []
  if (between instanceof Undecided) return between
  const budget = new Budget(
    bounds.combinations,
    'chains of services in aws:CalledVia',
    'compare fewer conditions on it at a time',
  )
  const options: Option<KeyValue>[] = []
  const add = (from: Link, to: Link, services: Gathered): void => {
    const value: Record<string, string | readonly string[]> = {}
    if (list.uses.length > 0) value[list.key] = services.texts
    if (first.uses.length > 0) value[first.key] = from.text
    if (last.uses.length > 0) value[last.key] = to.text
    options.push({ mask: maskOfList(list, services) & from.first & to.last, value })
  }
  for (const only of links) add(only, only, only.list)
  for (const from of distinctBy(links, ({ first: mask }) => mask))
    for (const to of distinctBy(links, ({ last: mask }) => mask)) {
      const ends = joined(from.list, to.list)
      add(from, to, ends)
      for (const some of between) {
        if (!budget.spend()) return budget.exhausted()
        add(from, to, joined(joined(from.list, some), to.list))
      }
    }
  return options
}

/** Links that are alike as an end of a chain and in it are one. */
function distinctBy(links: readonly Link[], maskOf: (link: Link) => bigint): readonly Link[] {
  const found = new Map<string, Link>()
  for (const link of links) found.set(`${maskOf(link)} ${link.list.some}`, link)
  return [...found.values()]
}
