import type { DiagnosticCode } from './codes.js'
import type { Diagnostic } from './diagnostic.js'
import type { Locator, Path } from './locator.js'
import type { SourceSpan } from './plan.js'

/** More problems than this are not listed one by one. */
const maxDiagnostics = 1_000

interface Details {
  readonly hint?: string | undefined
  /** Point at the key instead of the value. */
  readonly atKey?: boolean
  readonly sensitive?: boolean
  readonly related?: Diagnostic['related']
}

/** Collects diagnostics about a file, so that all of them are told at once. */
export interface Reporter {
  readonly locator: Locator
  /** Whether every finding is marked so, because the file holds a secret somewhere. */
  readonly sensitive: boolean
  readonly diagnostics: readonly Diagnostic[]
  error(code: DiagnosticCode, path: Path, message: string, details?: Details): void
  warning(code: DiagnosticCode, path: Path, message: string, details?: Details): void
  /** Already located. */
  add(diagnostic: Diagnostic): void
  hasErrors(): boolean
}

/** A reporter for one file; `sensitive` marks every finding, because the file holds a secret somewhere. */
export function createReporter(locator: Locator, sensitive = false): Reporter {
  const diagnostics: Diagnostic[] = []
  let errors = 0
  const add = (diagnostic: Diagnostic): void => {
    if (diagnostic.severity === 'error') errors += 1
    if (diagnostics.length < maxDiagnostics) {
      diagnostics.push(sensitive ? { ...diagnostic, sensitive: true } : diagnostic)
    } else if (diagnostics.length === maxDiagnostics) {
      diagnostics.push({
        code: 'TOO_MANY_PROBLEMS',
        severity: 'error',
        message: `more than ${maxDiagnostics} problems; the rest are not listed`,
        hint: 'Correct the ones above first: they often have one cause.',
        ...(diagnostic.span === undefined ? {} : { span: diagnostic.span }),
      })
    }
  }
  const report =
    (severity: 'error' | 'warning') =>
    (code: DiagnosticCode, path: Path, message: string, details: Details = {}): void => {
      const span: SourceSpan = details.atKey === true ? locator.key(path) : locator.value(path)
      add({
        code,
        severity,
        message: message + locator.suffix(path),
        span,
        ...(details.hint === undefined ? {} : { hint: details.hint }),
        ...(details.sensitive === true ? { sensitive: true as const } : {}),
        ...(details.related === undefined ? {} : { related: details.related }),
      })
    }
  return {
    locator,
    sensitive,
    diagnostics,
    error: report('error'),
    warning: report('warning'),
    add,
    hasErrors: () => errors > 0,
  }
}
