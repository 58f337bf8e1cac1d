import type { SourceSpan } from '@ringfence/plan'
import type { Account } from '../account/account.js'
import type { ImportCode } from './codes.js'

/** A finding about a file that an account is imported from. */
export interface ImportDiagnostic {
  readonly code: ImportCode
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** What to do about it; printed after `Try:`. */
  readonly hint?: string
  readonly span?: SourceSpan
}

/** The account, or what keeps it from being read; all that was found in both cases. */
export type ImportResult =
  | { readonly ok: true; readonly value: Account; readonly diagnostics: readonly ImportDiagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly ImportDiagnostic[] }

/** The whole file, where nothing says more exactly where in it something is. */
export function startOf(file: string): SourceSpan {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 }
}
