import { isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { Node, YAMLMap } from 'yaml'
import type { DiagnosticCode } from './codes.js'
import type { Places } from './places.js'
import { show } from './secrets.js'

/** Aliases are a convenience of small files; this many, expanding to this many values, and no more. */
const maxAliases = 100
const maxAliasedNodes = 10_000
export const maxDepth = 64

export interface WalkProblem {
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint: string
  readonly start: number
  readonly end: number
}

export interface YamlWalk {
  readonly problems: readonly WalkProblem[]
  /** The plain value of a node; places of what it holds are recorded. */
  read(node: Node | null): unknown
}

/** Walks composed YAML into plain values, and refuses what the library lets pass. */
export function createYamlWalk(places: Places): YamlWalk {
  const problems: WalkProblem[] = []
  const anchors = new Map<string, Node>()
  const open = new Set<Node>()
  let aliases = 0
  let aliasedNodes = 0
  let insideAlias = 0

  const problem = (node: Node | null, code: DiagnosticCode, message: string, hint: string): void => {
    if (problems.length > 200) return
    const [start, end] = rangeOf(node)
    problems.push({ code, message, hint, start, end })
  }

  function read(node: Node | null): unknown {
    if (node === null) return null
    if (isAlias(node)) return readAlias(node, node.source)
    if (insideAlias > 0) {
      aliasedNodes += 1
      if (aliasedNodes > maxAliasedNodes) return undefined
    }
    if (node.tag !== undefined) {
      problem(
        node,
        'YAML_TAG',
        'a YAML tag ("!...") is not read here',
        'Remove the tag and write the value itself.',
      )
    }
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
    if (isScalar(node)) return node.value
    if (open.size >= maxDepth) {
      problem(node, 'YAML_TOO_DEEP', `values are nested more than ${maxDepth} deep`, 'Flatten the file.')
      return undefined
    }
    open.add(node)
    const value = isMap(node)
      ? readMap(node)
      : isSeq(node)
        ? readList(node.items as (Node | null)[])
        : undefined
    open.delete(node)
    return value
  }

  function readAlias(node: Node, anchor: string): unknown {
    const target = anchors.get(anchor)
    aliases += 1
    if (target === undefined) {
      problem(node, 'YAML_ALIAS', `alias "*${anchor}" stands for nothing above it`, 'Write the value out.')
      return undefined
    }
    if (open.has(target)) {
      problem(node, 'YAML_ALIAS', `alias "*${anchor}" contains itself`, 'Write the value out.')
      return undefined
    }
    if (aliases > maxAliases) {
      if (aliases === maxAliases + 1)
        problem(node, 'YAML_ALIAS', `more than ${maxAliases} aliases`, 'Write the values out.')
      return undefined
    }
    insideAlias += 1
    const value = read(target)
    insideAlias -= 1
    if (aliasedNodes > maxAliasedNodes) {
      problem(
        node,
        'YAML_ALIAS',
        `aliases that stand for more than ${maxAliasedNodes} values`,
        'Write the values out.',
      )
    }
    return value
  }

  function readMap(node: YAMLMap): Record<string, unknown> {
    const value: Record<string, unknown> = {}
    const offsets: number[] = []
    const keys: string[] = []
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null
      const name = readKey(keyNode, node, value)
      if (name === undefined) continue
      const [keyStart, keyEnd] = rangeOf(keyNode)
      const valueNode = pair.value as Node | null
      value[name] = read(valueNode)
      keys.push(name)
      // A value that is left out has no place of its own.
      const [start, end] = valueNode === null ? [keyStart, keyEnd] : rangeOf(valueNode)
      offsets.push(keyStart, keyEnd, start, end)
    }
    places.record(value, offsets, keys)
    return value
  }

  /** The name of an entry, or undefined after a problem. */
  function readKey(
    key: Node | null,
    map: YAMLMap,
    value: Readonly<Record<string, unknown>>,
  ): string | undefined {
    if (!isScalar(key)) {
      problem(key ?? map, 'YAML_SYNTAX', 'a key is not a plain text', 'Write a name before the colon.')
      return undefined
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '')
    if (name === '<<') {
      problem(key, 'YAML_MERGE_KEY', 'merge keys ("<<") are not read', 'Write the merged entries out.')
      return undefined
    }
    if (name === '__proto__') {
      problem(key, 'NAME_INVALID', '"__proto__" cannot be used as a key', 'Take another name.')
      return undefined
    }
    if (Object.hasOwn(value, name)) {
      problem(
        key,
        'YAML_DUPLICATE_KEY',
        `the key ${show(name)} is written twice`,
        'Merge the two entries: only one of them can count.',
      )
      return undefined
    }
    return name
  }

  function readList(items: readonly (Node | null)[]): unknown[] {
    const offsets: number[] = []
    const value = items.map((item) => {
      const [start, end] = rangeOf(item)
      offsets.push(start, end, start, end)
      return read(item)
    })
    places.record(value, offsets, undefined)
    return value
  }

  return { read, problems }
}

export function rangeOf(node: Node | null): [number, number] {
  const range = node?.range
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]]
}
