import type { ServiceControlPolicy } from '../../plan.js'
import type { Mapped } from './mapped.js'

/** A stack lives in one account, and only the organization's management account has service control policies. */
export function mapServiceControlPolicy({ name, targetAccount }: ServiceControlPolicy): Mapped {
  return {
    as: 'nothing',
    why: {
      message: `the template has no service control policy "${name}": it belongs to the management account, the stack to account ${targetAccount}`,
      hint: `create it in the management account, with the document that ringfence plan --policies shows, and attach it to ${targetAccount}`,
    },
  }
}
