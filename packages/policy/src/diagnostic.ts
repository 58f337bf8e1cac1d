import type { PolicyDiagnosticCode } from './codes.js'

/** A place in a JSON text. `offset` counts UTF-16 units from 0; `line` and `column` from 1. */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** From the first character up to, not including, `end`. */
export interface Span {
  readonly start: Position
  readonly end: Position
}

/** One finding about a policy document or a case. */
export interface PolicyDiagnostic {
  readonly code: PolicyDiagnosticCode
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
  /** The name that the document was parsed with. */
  readonly name: string
  /** Where in the document, e.g. `Statement[0].Action[1]`; empty for the whole document. */
  readonly path: string
  /** Absent where the document was handed in as a value and not as a text. */
  readonly span?: Span
}

/** One line for people: `name:line:column: message (CODE)`, and the hint. */
export function printDiagnostic(diagnostic: PolicyDiagnostic): string {
  const { code, hint, message, name, path, span } = diagnostic
  const place = span ? `${name}:${span.start.line}:${span.start.column}` : path ? `${name}: ${path}` : name
  return `${place}: ${message} (${code})${hint ? `. Try: ${hint}` : ''}`
}
