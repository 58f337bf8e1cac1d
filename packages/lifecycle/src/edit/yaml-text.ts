import type { Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Edited } from './edited.js'
import { refused } from './edited.js'
import type { Splice } from './splice.js'
import { applySplices } from './splice.js'

/** A declared file as text, with what its YAML is made of and where. */
export interface YamlText {
  readonly text: string
  readonly root: YAMLMap
  /** Plain values, as a parser gives them. */
  readonly value: Readonly<Record<string, unknown>>
  /** What lines end with. */
  readonly newline: string
  /** Keys and texts are quoted as in JSON. */
  readonly isJson: boolean
  lineOf(offset: number): number
}

const options = { uniqueKeys: false, prettyErrors: false, version: '1.2' } as const

/** The YAML of a text; undefined where it is not one mapping that the library reads without errors. */
export function readYamlText(text: string): YamlText | undefined {
  const lines = new LineCounter()
  const document = parseDocument(text, { ...options, lineCounter: lines })
  const root = document.contents as Node | null
  if (document.errors.length > 0 || !isMap(root)) return undefined
  const value = plainValue(document)
  if (value === undefined) return undefined
  return {
    text,
    root,
    value,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    isJson:
      root.flow === true && text[root.range?.[0] ?? 0] === '{' && /^\{\s*"/.test(text.slice(root.range?.[0])),
    lineOf: (offset) => lines.linePos(offset).line,
  }
}

/** Undefined where an alias names no anchor, or aliases would fill the memory: the library sees that only now. */
function plainValue(document: Document): Record<string, unknown> | undefined {
  try {
    return document.toJS({ maxAliasCount: 100 }) as Record<string, unknown>
  } catch (error) {
    if (error instanceof ReferenceError) return undefined
    throw error
  }
}

export function pairOf(map: unknown, key: string): Pair<Node, Node | null> | undefined {
  if (!isMap(map)) return undefined
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key) as
    Pair<Node, Node | null> | undefined
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

/** Where the last character of a value is, without comments and blank lines behind it. */
export function contentEnd(text: string, node: Node): number {
  if (isMap(node) && node.flow !== true) {
    const last = node.items.at(-1) as Pair<Node, Node | null> | undefined
    if (last !== undefined) return contentEndOfPair(text, last)
  }
  if (isSeq(node) && node.flow !== true) {
    const last = node.items.at(-1) as Node | null | undefined
    if (last) return contentEnd(text, last)
  }
  const end = node.range?.[1] ?? 0
  return startOf(node) + text.slice(startOf(node), end).trimEnd().length
}

/** The same of a key with its value. */
export function contentEndOfPair(text: string, { key, value }: Pair<Node, Node | null>): number {
  const isThere = value !== null && (!isScalar(value) || value.range?.[0] !== value.range?.[1])
  return isThere && value !== null ? contentEnd(text, value) : colonAfter(text, key) + 1
}

/** Behind the colon of a pair. */
export function colonAfter(text: string, key: Node): number {
  return text.indexOf(':', key.range?.[1] ?? 0)
}

/** The end of the line, before what ends it. */
export function lineEnd(text: string, offset: number): number {
  const found = text.indexOf('\n', offset)
  if (found === -1) return text.length
  return text[found - 1] === '\r' ? found - 1 : found
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}

/** Whether a node can be edited where it stands: what stands somewhere else too cannot. */
export function isPlainNode(node: Node | null | undefined): node is Node {
  return node !== null && node !== undefined && !isAlias(node)
}

/**
 * Makes the splices, and holds the result against what it should say: the value as it was, with `change` made to it. So
 * a way of writing that an edit does not know cannot make a file mean something else.
 */
export function checkedEdit(
  yaml: YamlText,
  splices: readonly Splice[],
  change: (value: Record<string, unknown>) => void,
): Edited {
  const text = applySplices(yaml.text, splices)
  const expected = structuredCloneOf(yaml.value)
  change(expected as Record<string, unknown>)
  const edited = readYamlText(text)
  if (edited === undefined || !sameValue(edited.value, expected))
    return refused(
      'EDIT_IMPOSSIBLE',
      'the file is written in a way that cannot be edited here without changing something else too',
      { hint: 'Edit it by hand.' },
    )
  return { ok: true, text, splices }
}

function structuredCloneOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCloneOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, structuredCloneOf(item)]))
}

/** The same plain value; keys in any order. */
export function sameValue(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every(
      (key) =>
        Object.hasOwn(other, key) &&
        sameValue((one as Record<string, unknown>)[key], (other as Record<string, unknown>)[key]),
    )
  )
}

export type { Node, Pair, YAMLMap, YAMLSeq }
