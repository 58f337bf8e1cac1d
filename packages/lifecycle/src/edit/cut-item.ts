import { isMap, isNode, type Node, type YAMLMap, type YAMLSeq } from 'yaml'

/** A piece of a text, by offsets, and what stands there instead. */
export interface Cut {
  readonly start: number
  readonly end: number
  readonly instead: string
}

/** The text without its cuts, which do not overlap. */
export function cutAll(text: string, cuts: readonly Cut[]): string {
  return cuts
    .toSorted((one, other) => other.start - one.start)
    .reduce((rest, { start, end, instead }) => rest.slice(0, start) + instead + rest.slice(end), text)
}

/**
 * What has to be cut so that a list or mapping loses the items at these places: whole lines where each item has its own,
 * else the item with one comma. Where none is left, `{}` or `[]` stands for it.
 */
export function cutItem(text: string, list: YAMLMap | YAMLSeq, places: readonly number[]): readonly Cut[] {
  const [start = 0, end = start] = list.range ?? []
  const empty = isMap(list) ? '{}' : '[]'
  if (places.length === list.items.length) {
    const first = list.flow === true ? start : lineStart(text, start)
    const indent = text.slice(first, start).replace(/\S.*$/s, '')
    return [
      list.flow === true
        ? { start, end, instead: empty }
        : { start: first, end, instead: `${indent === '' ? '  ' : indent}${empty}\n` },
    ]
  }
  return places.map((place) => (list.flow === true ? inFlow(list, place) : inLines(text, list, place)))
}

interface Span {
  readonly start: number
  /** Of the item itself, and with the comment behind it. */
  readonly end: number
  readonly whole: number
}

function spanOf(list: YAMLMap | YAMLSeq, place: number): Span {
  const item: unknown = list.items[place]
  if (isNode(item)) return spanOfNodes(item, item)
  const { key, value } = item as { readonly key: unknown; readonly value: unknown }
  return spanOfNodes(key as Node, isNode(value) ? value : (key as Node))
}

function spanOfNodes(first: Node, last: Node): Span {
  const [start = 0] = first.range ?? []
  const [, end = start, whole = end] = last.range ?? []
  return { start, end, whole }
}

function inFlow(list: YAMLMap | YAMLSeq, place: number): Cut {
  const { start, end } = spanOf(list, place)
  if (place + 1 < list.items.length) return { start, end: spanOf(list, place + 1).start, instead: '' }
  return { start: spanOf(list, place - 1).end, end, instead: '' }
}

function inLines(text: string, list: YAMLMap | YAMLSeq, place: number): Cut {
  const { start, whole } = spanOf(list, place)
  const newline = text.indexOf('\n', Math.max(whole - 1, start))
  return { start: lineStart(text, start), end: newline < 0 ? text.length : newline + 1, instead: '' }
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}
