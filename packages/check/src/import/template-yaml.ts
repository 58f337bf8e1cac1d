import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, Scalar, YAMLMap } from 'yaml'
import type { ImportCode } from './codes.js'
import type { ImportDiagnostic } from './diagnostic.js'
import type { ParseTextResult } from './input-file.js'

/** The functions of CloudFormation that have a short form. [intrinsic-function-reference] */
const shortForms = new Map(
  'And Base64 Cidr Equals FindInMap GetAZs GetAtt If ImportValue Join Length Not Or Select Split Sub ToJsonString Transform'
    .split(' ')
    .map((name): [string, string] => [`!${name}`, `Fn::${name}`]),
)
shortForms.set('!Ref', 'Ref').set('!Condition', 'Condition')

/** Deeper than any file that is read; the parser takes minutes for what is far deeper. */
const maxBrackets = 1_000

/**
 * Reads YAML as CloudFormation takes it: short forms become the functions that they stand for; aliases and merge keys
 * are refused as there. [template-formats]
 */
export function parseTemplateYaml(path: string, text: string): ParseTextResult {
  const lines = new LineCounter()
  const diagnostics: ImportDiagnostic[] = []
  const report: Report = (code, message, start, end) => {
    if (diagnostics.length >= 100) return
    const [from, to] = [lines.linePos(start), lines.linePos(Math.max(start, end))]
    const span = { file: path, line: from.line, column: from.col, endLine: to.line, endColumn: to.col }
    diagnostics.push({ code, severity: 'error', message, span })
  }
  const document = compose(text, lines)
  if (document === undefined) {
    report('IMPORT_FILE_TOO_DEEP', `values of ${path} are nested too deep`, 0, 0)
    return { ok: false, diagnostics }
  }
  for (const { message, pos } of document.errors) {
    report('IMPORT_FILE_SYNTAX', `${path} is no YAML: ${message.split('\n')[0]}`, ...pos)
  }
  if (diagnostics.length > 0) return { ok: false, diagnostics }
  const value = readNode(document.contents, report)
  return diagnostics.length > 0 ? { ok: false, diagnostics } : { ok: true, value }
}

type Report = (code: ImportCode, message: string, start: number, end: number) => void

function compose(text: string, lineCounter: LineCounter): Document | undefined {
  if (/(?:[-?:][ \t]+){200}/.test(text)) return undefined
  let depth = 0
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    depth = Math.max(0, depth + (bracket === '[' || bracket === '{' ? 1 : -1))
    if (depth > maxBrackets) return undefined
  }
  try {
    return parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readNode(node: unknown, report: Report): unknown {
  if (node === null || node === undefined) return null
  if (isAlias(node)) {
    report('IMPORT_FILE_SYNTAX', 'aliases (*name) are not read, as by CloudFormation', ...rangeOf(node))
    return null
  }
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
  const value = isScalar(node)
    ? readScalar(node)
    : isSeq(node)
      ? node.items.map((item) => readNode(item, report))
      : readMap(node, report)
  const { tag } = node
  if (tag === undefined || tag.startsWith('tag:yaml.org,2002:')) return value
  const name = shortForms.get(tag)
  if (name === undefined) {
    report('IMPORT_FILE_SYNTAX', `the tag ${tag} is not known`, ...rangeOf(node))
    return null
  }
  // `!GetAtt Name.Outputs.Key`: what follows the first dot is the attribute.
  const attribute = tag === '!GetAtt' && typeof value === 'string' ? /^([^.]*)\.(.*)$/.exec(value) : null
  return { [name]: attribute ? [attribute[1], attribute[2]] : value }
}

/** A number as it is written where writing it again would change it, such as an account with a leading zero. */
function readScalar({ source, value }: Scalar): unknown {
  const isRewritten = typeof value === 'number' && source !== undefined && String(value) !== source
  return isRewritten ? source : value
}

function readMap(map: YAMLMap, report: Report): Record<string, unknown> {
  const entries = new Map<string, unknown>()
  for (const { key, value } of map.items) {
    if (!isScalar(key)) {
      report('IMPORT_FILE_SYNTAX', 'a key is no plain text', ...rangeOf((key ?? map) as Node))
      continue
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? '')
    if (name === '<<') {
      report('IMPORT_FILE_SYNTAX', 'merge keys (<<) are not read, as by CloudFormation', ...rangeOf(key))
    } else if (entries.has(name)) {
      report('IMPORT_KEY_DUPLICATE', `the key "${name}" appears twice`, ...rangeOf(key))
    } else {
      entries.set(name, readNode(value, report))
    }
  }
  // Not by assignment: a key may be __proto__.
  return Object.fromEntries(entries)
}

function rangeOf(node: Node): [number, number] {
  return node.range ? [node.range[0], node.range[1]] : [0, 0]
}
