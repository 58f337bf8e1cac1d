import type { PolicyDiagnosticCode } from '../codes.js'
import type { PolicyDiagnostic, Span } from '../diagnostic.js'

/** Something that has a place. */
interface Placed {
  readonly span?: Span | undefined
}

/** Collects everything that is wrong with one document. */
export class Report {
  readonly diagnostics: PolicyDiagnostic[] = []
  constructor(readonly name: string) {}

  error(code: PolicyDiagnosticCode, message: string, path: string, at?: Placed, hint?: string): void {
    this.add('error', code, message, path, at, hint)
  }

  warning(code: PolicyDiagnosticCode, message: string, path: string, at?: Placed, hint?: string): void {
    this.add('warning', code, message, path, at, hint)
  }

  get hasErrors(): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  }

  private add(
    severity: 'error' | 'warning',
    code: PolicyDiagnosticCode,
    message: string,
    path: string,
    at?: Placed,
    hint?: string,
  ): void {
    this.diagnostics.push({
      code,
      severity,
      message,
      name: this.name,
      path,
      ...(hint === undefined ? {} : { hint }),
      ...(at?.span === undefined ? {} : { span: at.span }),
    })
  }
}
