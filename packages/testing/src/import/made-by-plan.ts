import type { Account } from '@ringfence/check'
import type { Plan } from '@ringfence/plan'

/** Of an account what its plan makes: who and what exists already is in no export of the plan. */
export function madeByPlan(account: Account, plan: Plan): Account {
  const existing = new Set(plan.external.map(({ arn }) => arn))
  const isMade = ({ arn }: { readonly arn: string }) => !existing.has(arn)
  return {
    ...account,
    users: account.users.filter(isMade),
    roles: account.roles.filter(isMade),
    groups: account.groups.filter(isMade),
    resources: account.resources.filter(isMade),
  }
}
