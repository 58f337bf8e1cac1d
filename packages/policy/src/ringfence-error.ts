import type { RingfenceErrorCode } from './codes.js'
import type { PolicyDiagnostic } from './diagnostic.js'

/** A request that cannot be decided, or a document that a caller trusted and that does not compile. */
export class RingfenceError extends Error {
  override readonly name = 'RingfenceError'
  constructor(
    readonly code: RingfenceErrorCode,
    message: string,
    /** For `POLICY_INVALID`: everything that is wrong with the document. */
    readonly diagnostics: readonly PolicyDiagnostic[] = [],
  ) {
    super(message)
  }
}
