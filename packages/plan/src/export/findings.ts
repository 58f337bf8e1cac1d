import type { Diagnostic } from '../diagnostic.js'
import type { Plan, Resource } from '../plan.js'

/** What is left out of an export, or differs there, and what to do instead. Never silent. */
export interface Shortfall {
  readonly message: string
  readonly hint: string
}

/** What neither target holds: it lives in another account, and would need that account's credentials. */
export function identityCenterLeftOut({ identityCenter }: Plan): readonly Diagnostic[] {
  if (identityCenter === undefined) return []
  const shortfall = {
    message: `permission sets and assignments of Identity Center are left out: they are made in its own account, and refer to policies of this one`,
    hint: 'Make there what "ringfence plan --identity-center FILE" shows, or deploy with "ringfence up".',
  }
  return [warnLeftOut(shortfall)]
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
