import type { DiagnosticCode } from '../codes.js'
import type { Diagnostic } from '../diagnostic.js'
import type { PolicyDocument, Resource, SourceSpan, StatementSource } from '../plan.js'
import type { Sourced } from './statement.js'
import { sourcesOf, toDocument } from './statement.js'

/** Collects what a plan consists of, in the order in which it can be made. */
export interface PlanWriter {
  readonly resources: readonly Resource[]
  readonly statements: readonly StatementSource[]
  readonly diagnostics: readonly Diagnostic[]
  add(resource: Resource): void
  /** A document whose statements lead to lines; `policy` is what decisions will call it. */
  document(policy: string, statements: readonly Sourced[]): PolicyDocument
  problem(
    severity: 'error' | 'warning',
    code: DiagnosticCode,
    message: string,
    hint: string,
    span: SourceSpan,
    related?: Diagnostic['related'],
  ): void
}

export function createPlanWriter(): PlanWriter {
  const resources: Resource[] = []
  const statements: StatementSource[] = []
  const diagnostics: Diagnostic[] = []
  return {
    resources,
    statements,
    diagnostics,
    add: (resource) => {
      resources.push(resource)
    },
    document: (policy, sourced) => {
      for (const entry of sourcesOf(policy, sourced)) statements.push(entry)
      return toDocument(sourced)
    },
    problem: (severity, code, message, hint, span, related) => {
      diagnostics.push({ severity, code, message, hint, span, ...(related === undefined ? {} : { related }) })
    },
  }
}
