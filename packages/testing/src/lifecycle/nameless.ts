import type { Account } from '@ringfence/check'

/** Without what tells how an account came to be: ids, the order of lists, and versions that are in force no more. */
export function nameless(account: Account): object {
  const managedPolicies = account.managedPolicies.map(({ arn, versions }) => ({
    arn,
    inForce: versions.find(({ isDefault }) => isDefault)?.document,
  }))
  return {
    account: account.account,
    users: sorted(account.users),
    roles: sorted(account.roles),
    groups: sorted(account.groups),
    managedPolicies: sorted(managedPolicies),
    resources: sorted(account.resources),
  }
}

/** By ARN, and with their own lists of names sorted too. */
function sorted(things: readonly { readonly arn: string }[]): readonly object[] {
  return things
    .toSorted((one, other) => (one.arn < other.arn ? -1 : 1))
    .map((thing) => JSON.parse(JSON.stringify(thing, withoutIds)) as object)
}

function withoutIds(name: string, value: unknown): unknown {
  if (name === 'uniqueId') return undefined
  return name === 'attached' || name === 'groups' ? (value as readonly string[]).toSorted() : value
}
