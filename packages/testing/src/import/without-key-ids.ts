import type { Account, NamedPolicy } from '@ringfence/check'

/** A key that was made has an id, which no plan knows; its policy and alias tell which one it is. */
export function withoutKeyIds(account: Account): Account {
  return {
    ...account,
    resources: account.resources.map((one) =>
      one.kind === 'key' ? Object.assign({}, one, { arn: one.arn.replace(/key\/.*$/, 'key/*') }) : one,
    ),
  }
}

/** AWS attaches its own policy by itself, and no configuration speaks of it: the guardrails without it. */
export function guardrailsOf({ serviceControlPolicies }: Account): readonly NamedPolicy[] | undefined {
  return serviceControlPolicies
    ?.flat()
    .filter(({ document, name }) => document !== undefined && !name.includes('FullAWSAccess'))
}
