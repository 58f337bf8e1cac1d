import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, YAMLMap } from 'yaml'
import type { DiagnosticCode } from './codes.js'
import type { Locator, Path } from './locator.js'
import type { SourceSpan } from './plan.js'
import type { Reporter } from './reporter.js'
import { createReporter } from './reporter.js'
import { show } from './secrets.js'

/** Aliases are a convenience of small files; this many, expanding to this many values, and no more. */
const maxAliases = 100
const maxAliasedNodes = 10_000
const maxDepth = 64

/** Where a value and its key are written, beside the plain value. */
interface Place {
  readonly start: number
  readonly end: number
  readonly keyStart: number
  readonly keyEnd: number
  readonly written?: string
  readonly children?: ReadonlyMap<string | number, Place>
}

export interface YamlValue {
  readonly value: unknown
  readonly reporter: Reporter
  /** False after errors of syntax: what was read is not the whole file. */
  readonly complete: boolean
}

/** Reads YAML 1.2 into plain values with their places; refuses what makes a file mean more than it shows. */
export function readYaml(file: string, text: string, sensitive: boolean): YamlValue {
  const lineCounter = new LineCounter()
  const document = compose(text, lineCounter)
  const span = (start: number, end: number): SourceSpan => {
    const from = lineCounter.linePos(start)
    const to = lineCounter.linePos(Math.max(start, end))
    return { file, line: from.line, column: from.col, endLine: to.line, endColumn: to.col }
  }
  if (document === undefined) {
    const reporter = createReporter(
      placeLocator(file, { start: 0, end: 0, keyStart: 0, keyEnd: 0 }, span),
      sensitive,
    )
    reporter.error('YAML_TOO_DEEP', [], `values are nested more than ${maxDepth} deep`, {
      hint: 'Flatten the file.',
    })
    return { value: undefined, reporter, complete: false }
  }
  const walk = createWalk()
  const root = walk.read(document.contents as Node | null)
  const reporter = createReporter(placeLocator(file, root.place, span), sensitive)

  for (const problem of [...document.errors, ...document.warnings]) {
    const [start, end] = problem.pos
    const [code, message, hint] = explainSyntax(problem.code, problem.message)
    reporter.add({
      code,
      severity: 'error',
      message,
      span: span(start, end),
      ...(hint === undefined ? {} : { hint }),
    })
  }
  const incomplete = walk.problems.some(({ code }) => code === 'YAML_ALIAS' || code === 'YAML_TOO_DEEP')
  const complete = !reporter.hasErrors() && !incomplete
  for (const { code, message, hint, start, end } of walk.problems) {
    reporter.add({ code, severity: 'error', message, span: span(start, end), hint })
  }
  return { value: root.value, reporter, complete }
}

/** Undefined when the nesting is beyond what the library's recursion and memory bear. */
function compose(text: string, lineCounter: LineCounter): Document | undefined {
  if (isHopelesslyDeep(text)) return undefined
  try {
    return parseDocument(text, {
      lineCounter,
      // Compared pair by pair in the library; the walk below does it with a set.
      uniqueKeys: false,
      prettyErrors: false,
      version: '1.2',
    })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * Looks at brackets and list marks alone, without regard to quotes and comments: no file that means well comes
 * near the limit, and the parser would take minutes and gigabytes for one that does not.
 */
function isHopelesslyDeep(text: string): boolean {
  if (/(?:[-?:][ \t]+){200}/.test(text)) return true
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x5b || code === 0x7b) depth += 1
    else if (code === 0x5d || code === 0x7d) depth = Math.max(0, depth - 1)
    if (depth > 1_000) return true
  }
  return false
}

/** Our words for the library's errors; its own text never holds more of the file than a key. */
function explainSyntax(code: string, message: string): [DiagnosticCode, string, string?] {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return [
        'YAML_MULTIPLE_DOCUMENTS',
        'the file holds several YAML documents',
        'Keep one document: remove the "---" line.',
      ]
    case 'TAB_AS_INDENT':
      return [
        'YAML_SYNTAX',
        'a tab is used for indentation',
        'Indent with spaces: YAML does not allow tabs here.',
      ]
    case 'TAG_RESOLVE_FAILED':
      return [
        'YAML_TAG',
        'a YAML tag ("!...") is not read here',
        'Remove the tag and write the value itself.',
      ]
    case 'DUPLICATE_KEY':
      return ['YAML_DUPLICATE_KEY', 'the key is written twice', 'Merge the two entries.']
    default:
      return ['YAML_SYNTAX', `this is not YAML: ${message.split('\n')[0] ?? ''}`]
  }
}

interface WalkProblem {
  readonly code: DiagnosticCode
  readonly message: string
  readonly hint: string
  readonly start: number
  readonly end: number
}

function createWalk() {
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

  function read(node: Node | null, key: Node | null = null): { value: unknown; place: Place } {
    const [start, end] = rangeOf(node)
    const [keyStart, keyEnd] = key === null ? [start, end] : rangeOf(key)
    const at = { start, end, keyStart, keyEnd }
    if (node === null) return { value: null, place: at }
    if (isAlias(node)) {
      const value = readAlias(node, node.source)
      return {
        value: value?.value,
        place: { ...at, ...(value?.place.children === undefined ? {} : { children: value.place.children }) },
      }
    }
    if (insideAlias > 0) {
      aliasedNodes += 1
      if (aliasedNodes > maxAliasedNodes) return { value: undefined, place: at }
    }
    if (open.size >= maxDepth) {
      problem(node, 'YAML_TOO_DEEP', `values are nested more than ${maxDepth} deep`, 'Flatten the file.')
      return { value: undefined, place: at }
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
    open.add(node)
    const result = isMap(node)
      ? readMap(node, at)
      : isSeq(node)
        ? readList(node.items as (Node | null)[], at)
        : isScalar(node)
          ? {
              value: node.value,
              place: { ...at, ...(node.source === undefined ? {} : { written: node.source }) },
            }
          : { value: undefined, place: at }
    open.delete(node)
    return result
  }

  function readAlias(node: Node, anchor: string): { value: unknown; place: Place } | undefined {
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

  function readMap(node: YAMLMap, at: Place): { value: unknown; place: Place } {
    const value: Record<string, unknown> = {}
    const children = new Map<string, Place>()
    for (const pair of node.items) {
      const keyNode = pair.key as Node | null
      const name = isScalar(keyNode)
        ? typeof keyNode.value === 'string'
          ? keyNode.value
          : (keyNode.source ?? '')
        : undefined
      if (name === undefined || keyNode === null) {
        problem(keyNode ?? node, 'YAML_SYNTAX', 'a key is not a plain text', 'Write a name before the colon.')
        continue
      }
      if (name === '<<') {
        problem(keyNode, 'YAML_MERGE_KEY', 'merge keys ("<<") are not read', 'Write the merged entries out.')
        continue
      }
      if (name === '__proto__') {
        problem(keyNode, 'NAME_INVALID', '"__proto__" cannot be used as a key', 'Take another name.')
        continue
      }
      if (children.has(name)) {
        problem(
          keyNode,
          'YAML_DUPLICATE_KEY',
          `the key ${show(name)} is written twice`,
          'Merge the two entries: only one of them can count.',
        )
        continue
      }
      const entry = read(pair.value as Node | null, keyNode)
      const [, keyEnd] = rangeOf(keyNode)
      value[name] = entry.value
      // A value that is left out has no place of its own.
      children.set(
        name,
        pair.value === null ? { ...entry.place, start: entry.place.keyStart, end: keyEnd } : entry.place,
      )
    }
    return { value, place: { ...at, children } }
  }

  function readList(items: readonly (Node | null)[], at: Place): { value: unknown; place: Place } {
    const value: unknown[] = []
    const children = new Map<number, Place>()
    for (const [index, item] of items.entries()) {
      const entry = read(item)
      value.push(entry.value)
      children.set(index, entry.place)
    }
    return { value, place: { ...at, children } }
  }

  return { read, problems }
}

function rangeOf(node: Node | null): [number, number] {
  const range = node?.range
  return range === null || range === undefined ? [0, 0] : [range[0], range[1]]
}

function placeLocator(file: string, root: Place, span: (start: number, end: number) => SourceSpan): Locator {
  /** The place at the path, or the nearest one above it. */
  const find = (path: Path): Place => {
    let place = root
    for (const step of path) {
      const child = place.children?.get(step)
      if (child === undefined) break
      place = child
    }
    return place
  }
  return {
    file,
    value: (path) => {
      const place = find(path)
      return span(place.start, place.end)
    },
    key: (path) => {
      const place = find(path)
      return span(place.keyStart, place.keyEnd)
    },
    written: (path) => find(path).written,
    suffix: () => '',
  }
}
