import type { Diagnostic } from '../diagnostic.js'
import type { Resource } from '../plan.js'

/** What is left out of an export, or differs there, and what to do instead. Never silent. */
export interface Shortfall {
  readonly message: string
  readonly hint: string
}

/** The warning about something that the target cannot hold; deploying the export without it is safe. */
export function warnLeftOut({ message, hint }: Shortfall, resource?: Resource): Diagnostic {
  return {
    code: 'EXPORT_LEFT_OUT',
    severity: 'warning',
    message,
    hint,
    ...(resource === undefined ? {} : { span: resource.declaredAt }),
  }
}

/** The error about something without which the export would not mean what the plan means. */
export function refuseExport({ message, hint }: Shortfall, resource: Resource): Diagnostic {
  return { code: 'EXPORT_UNSUPPORTED', severity: 'error', message, hint, span: resource.declaredAt }
}
