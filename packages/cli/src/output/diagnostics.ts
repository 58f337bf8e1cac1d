import type { SourceSpan } from '@ringfence/plan'
import type { Io } from '../io.js'
import { codeFrame } from './code-frame.js'
import { type Colors, colorsOf } from './color.js'
import { printable } from './printable.js'

/** A finding of any package: what those of `@ringfence/plan` and of the command itself have in common. */
export interface Finding {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly hint?: string
  readonly span?: SourceSpan
  readonly related?: readonly { readonly message: string; readonly span: SourceSpan }[]
  /** The place holds what may be a secret: it is named, and its text is not shown. */
  readonly sensitive?: boolean
}

/** The texts of the files that spans refer to, by `SourceSpan.file`. */
export type Sources = ReadonlyMap<string, string>

/**
 * Tells findings on stderr, if there are any: all of them, in the given order, and a line that counts them.
 * With `json` they are one line `{"formatVersion":1,"diagnostics":[…]}`.
 */
export function tellFindings(
  findings: readonly Finding[],
  sources: Sources,
  io: Io,
  options: { readonly json?: boolean } = {},
): void {
  if (findings.length === 0) return
  if (options.json) io.stderr.write(printFindingsJson(findings))
  else io.stderr.write(printFindings(findings, sources, colorsOf(io.stderr)))
}

/** One line of JSON, newline included. */
export function printFindingsJson(findings: readonly Finding[]): string {
  return `${JSON.stringify({ formatVersion: 1, diagnostics: findings })}\n`
}

/** For people: `file:line:column: error[CODE]: message`, code frame, hint and related places of each. */
export function printFindings(findings: readonly Finding[], sources: Sources, colors: Colors): string {
  const linesOf = lineIndex(sources)
  const blocks = findings.map((finding) => printFinding(finding, linesOf, colors))
  return `${blocks.join('\n')}\n${summarize(findings, colors)}\n`
}

type LinesOf = (file: string) => readonly string[] | undefined

function lineIndex(sources: Sources): LinesOf {
  const index = new Map<string, readonly string[]>()
  return (file) => {
    const source = sources.get(file)
    if (source === undefined) return undefined
    const lines = index.get(file) ?? source.split('\n')
    index.set(file, lines)
    return lines
  }
}

function printFinding(finding: Finding, linesOf: LinesOf, colors: Colors): string {
  const paint = finding.severity === 'error' ? colors.red : colors.yellow
  const place = finding.span === undefined ? '' : `${colors.bold(printPlace(finding.span))}: `
  const lines = [`${place}${paint(finding.severity)}[${finding.code}]: ${printable(finding.message)}`]
  const frame = finding.sensitive ? undefined : frameOf(finding.span, linesOf, colors)
  if (frame !== undefined) lines.push(frame)
  for (const related of finding.related ?? []) {
    lines.push(`  ${printPlace(related.span)}: ${printable(related.message)}`)
    const relatedFrame = finding.sensitive
      ? undefined
      : frameOf(related.span, linesOf, colors, { above: 0, below: 0 })
    if (relatedFrame !== undefined) lines.push(relatedFrame)
  }
  if (finding.hint !== undefined) lines.push(`  ${colors.cyan('Try:')} ${printable(finding.hint)}`)
  return `${lines.join('\n')}\n`
}

function frameOf(
  span: SourceSpan | undefined,
  linesOf: LinesOf,
  colors: Colors,
  around?: { readonly above: number; readonly below: number },
): string | undefined {
  const lines = span === undefined ? undefined : linesOf(span.file)
  return span === undefined || lines === undefined ? undefined : codeFrame(lines, span, colors, around)
}

/** `file:line:column`, as editors and terminals link it. */
export function printPlace(span: SourceSpan): string {
  return `${printable(span.file)}:${span.line}:${span.column}`
}

function summarize(findings: readonly Finding[], colors: Colors): string {
  const errors = findings.filter((finding) => finding.severity === 'error').length
  const warnings = findings.length - errors
  const counts = [
    ...(errors > 0 ? [colors.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [colors.yellow(count(warnings, 'warning'))] : []),
  ]
  return counts.join(', ')
}

/** `1 error`, `2 errors`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`
}
