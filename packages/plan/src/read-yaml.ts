import { LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import type { DiagnosticCode } from './codes.js'
import type { SourceSpan } from './plan.js'
import type { Reporter } from './reporter.js'
import { createReporter } from './reporter.js'
import { createPlaces } from './places.js'
import { createYamlWalk, maxDepth, rangeOf } from './yaml-walk.js'

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
    const first = lineCounter.linePos(start)
    const last = lineCounter.linePos(Math.max(start, end))
    return { file, line: first.line, column: first.col, endLine: last.line, endColumn: last.col }
  }
  const places = createPlaces()
  if (document === undefined) {
    const reporter = createReporter(places.locator(file, text, undefined, [0, 0, 0, 0], span), sensitive)
    reporter.error('YAML_TOO_DEEP', [], `values are nested more than ${maxDepth} deep`, {
      hint: 'Flatten the file.',
    })
    return { value: undefined, reporter, complete: false }
  }
  const walk = createYamlWalk(places)
  const contents = document.contents as Node | null
  const value = walk.read(contents)
  const [from, to] = rangeOf(contents)
  const reporter = createReporter(places.locator(file, text, value, [from, to, from, to], span), sensitive)

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
  return { value, reporter, complete }
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
