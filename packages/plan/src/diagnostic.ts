import type { DiagnosticCode } from './codes.js'
import type { SourceSpan } from './plan.js'

/** A finding about a declared file: what is wrong, where, and what to try. */
export interface Diagnostic {
  readonly code: DiagnosticCode
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to do about it; printed after `Try:`. */
  readonly hint?: string
  readonly span?: SourceSpan
  /** The source near the span holds a secret: print neither a code frame nor the line itself. */
  readonly sensitive?: true
  /** Other places that take part, such as the first of two contradicting grants. */
  readonly related?: readonly { readonly message: string; readonly span: SourceSpan }[]
}

/** A value with all that was found on the way; `ok` is false as soon as one diagnostic is an error. */
export type Result<Value> =
  | { readonly ok: true; readonly value: Value; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
