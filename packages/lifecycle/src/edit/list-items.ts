import { isMap, isScalar } from 'yaml'
import type { EntryValue } from './write-entry.js'
import { writeFlowEntry, writePair } from './write-entry.js'
import type { Splice } from './splice.js'
import type { Node, Pair, YAMLMap, YAMLSeq, YamlText } from './yaml-text.js'
import {
  colonAfter,
  columnOf,
  contentEnd,
  contentEndOfPair,
  lineEnd,
  lineStart,
  startOf,
} from './yaml-text.js'

/** An entry in the order in which it is written. */
export type Entry = readonly (readonly [key: string, value: EntryValue])[]

/** Longer entries are written on several lines. */
const maxFlowCharacters = 110

/** Adds an entry at the end of a list: as the last one is written, in brackets or on lines of its own. */
export function appendItem(yaml: YamlText, list: YAMLSeq, entry: Entry): readonly Splice[] {
  const { isJson, text } = yaml
  const last = list.items.at(-1) as Node | undefined
  if (last === undefined) return []
  if (list.flow === true) {
    const end = contentEnd(text, last)
    const own = text.slice(lineStart(text, startOf(last)), startOf(last))
    const separator = /^\s*$/.test(own) ? `${yaml.newline}${own}` : ' '
    const comma = /^\s*,/.exec(text.slice(end))?.[0]
    const item = writeFlowEntry(entry, isJson)
    const line = commentedEnd(text, end)
    // A comment stays beside what it is about.
    if (line !== undefined && separator !== ' ')
      return comma === undefined
        ? [splice(end, ','), splice(line, `${separator}${item}`)]
        : [splice(line, `${separator}${item},`)]
    return comma === undefined
      ? [splice(end, `,${separator}${item}`)]
      : [splice(end + comma.length, `${separator}${item},`)]
  }
  const dash = text.lastIndexOf('-', startOf(last) - 1)
  const indent = ' '.repeat(columnOf(text, dash))
  const isFlow = 'flow' in last && last.flow === true
  const at = lineEnd(text, contentEnd(text, last))
  return [splice(at, yaml.newline + writeBlockItem(entry, indent, isFlow, yaml.newline))]
}

/** A text that is put in at a place. */
const splice = (at: number, text: string): Splice => ({ start: at, end: at, text })

/** The end of the line that an item ends, if a comment stands behind it, or behind its comma. */
function commentedEnd(text: string, end: number): number | undefined {
  const line = lineEnd(text, end)
  return /^[ \t]*,?[ \t]+#/.test(text.slice(end, line)) ? line : undefined
}

/** `- { … }`, or a line for each part where others are written so, or where it would be long. */
export function writeBlockItem(entry: Entry, indent: string, isFlow: boolean, newline: string): string {
  const flow = `${indent}- ${writeFlowEntry(entry, false)}`
  if (isFlow && flow.length <= maxFlowCharacters) return flow
  return entry
    .map(([key, value], index) => `${indent}${index === 0 ? '- ' : '  '}${writePair(key, value, false)}`)
    .join(newline)
}

/** Where an item of a list, or a key with its value, is written. */
interface Extent {
  /** For an item on lines of its own that of its dash. */
  readonly start: number
  /** Without comments and blank lines behind it. */
  readonly end: number
}

function extentsOf(text: string, list: YAMLSeq | YAMLMap): readonly Extent[] {
  if (isMap(list))
    return (list.items as Pair<Node, Node | null>[]).map((pair) => ({
      start: startOf(pair.key),
      end: contentEndOfPair(text, pair),
    }))
  return (list.items as Node[]).map((item) => {
    const start = list.flow === true ? startOf(item) : text.lastIndexOf('-', startOf(item) - 1)
    return { start, end: contentEnd(text, item) }
  })
}

/**
 * Takes items out of a list, or keys out of a mapping: in brackets with their commas, on lines of their own with these
 * lines and the comments behind them. Comments above them stay. The last ones leave `[]` or `{}`. `pair` is the key that
 * the list stands under.
 */
export function removeItems(
  yaml: YamlText,
  pair: Pair<Node, Node | null>,
  list: YAMLSeq | YAMLMap,
  indexes: ReadonlySet<number>,
): readonly Splice[] {
  const { newline, text } = yaml
  const items = extentsOf(text, list)
  const isEmptied = indexes.size === items.length
  const empty = isMap(list) ? '{}' : '[]'
  if (list.flow === true) {
    const [start = 0, end = start] = list.range ?? []
    return isEmptied ? [{ start, end, text: empty }] : removeFromBrackets(yaml, items, indexes)
  }
  const lines = [...indexes].map((index): Splice => {
    const { end, start } = items[index]!
    return {
      start: lineStart(text, start),
      end: Math.min(text.length, lineEnd(text, end) + newline.length),
      text: '',
    }
  })
  if (!isEmptied) return lines
  const colon = colonAfter(text, pair.key) + 1
  return [{ start: colon, end: colon, text: ` ${empty}` }, ...lines]
}

function removeFromBrackets(
  { newline, text }: YamlText,
  items: readonly Extent[],
  indexes: ReadonlySet<number>,
): readonly Splice[] {
  const splices: Splice[] = []
  for (let index = 0; index < items.length; index += 1) {
    const first = index
    while (indexes.has(index)) index += 1
    if (index === first) continue
    const next = items[index]
    const { start } = items[first]!
    const line = lineStart(text, start)
    const { end } = items[index - 1]!
    const last = commentedEnd(text, end)
    const isWhole = next === undefined || /^\s*,/.test(text.slice(end, last))
    // Lines of their own go with the comments behind them: those of the items around them stay.
    if (last !== undefined && isWhole && text.slice(line, start).trim() === '')
      splices.push({ start: line, end: Math.min(text.length, last + newline.length), text: '' })
    else if (next !== undefined) splices.push({ start, end: next.start, text: '' })
    else splices.push({ start: items[first - 1]?.end ?? start, end, text: '' })
  }
  return splices
}

/** The first entry of a list that is empty, or whose key has no value. */
export function fillEmpty(yaml: YamlText, pair: Pair<Node, Node | null>, entry: Entry): readonly Splice[] {
  const { isJson, newline, text } = yaml
  const value = pair.value
  const colon = colonAfter(text, pair.key) + 1
  const [start, end] = value?.range ?? [colon, colon]
  if (yaml.root.flow === true) return [{ start, end, text: `[${writeFlowEntry(entry, isJson)}]` }]
  const at = lineEnd(text, end)
  const indent = ' '.repeat(columnOf(text, startOf(pair.key)) + 2)
  const item = { start: at, end: at, text: newline + writeBlockItem(entry, indent, true, newline) }
  const isWritten = start !== end && (value === null || !isScalar(value) || value.source !== '')
  return isWritten ? [{ start: colon, end, text: '' }, item] : [item]
}
