import type { Account, NamedPolicy } from '@ringfence/check'

/** What an account says however it was made: without lines of a declared file, names of policies and gaps. */
export interface Comparable {
  readonly users: readonly unknown[]
  readonly roles: readonly unknown[]
  readonly groups: readonly unknown[]
  readonly managedPolicies: readonly unknown[]
  readonly resources: readonly unknown[]
  readonly serviceControlPolicies: unknown
  readonly publicAccessBlock: unknown
  readonly identityProviders: readonly string[]
}

/** Two accounts are the same to proofs if these are equal; the order of things does not matter. */
export function comparable(account: Account): Comparable {
  const { identityProviders, publicAccessBlock, serviceControlPolicies } = account
  return {
    users: account.users
      .map((user) => ({
        ...identity(user),
        groups: user.groups.toSorted(),
        boundary: user.permissionsBoundary,
        tags: user.tags,
      }))
      .toSorted(byArn),
    roles: account.roles
      .map((role) => ({
        ...identity(role),
        trust: plain(role.trust.document),
        boundary: role.permissionsBoundary,
        tags: role.tags,
      }))
      .toSorted(byArn),
    groups: account.groups.map(identity).toSorted(byArn),
    managedPolicies: account.managedPolicies
      .map(({ arn, isAwsManaged, versions }) => ({
        arn,
        isAwsManaged,
        versions: versions.map(({ document, isDefault }) => ({ document: plain(document), isDefault })),
      }))
      .toSorted(byArn),
    resources: account.resources
      .map(({ arn, keys, kind, name, policy, publicAccessBlock: block, publicAcl }) => ({
        arn: `${arn} ${name}`,
        kind,
        policy: policy === undefined ? undefined : plain(policy.document),
        block,
        publicAcl,
        keys,
      }))
      .toSorted(byArn),
    serviceControlPolicies: serviceControlPolicies?.map((level) =>
      level.map(({ document }) => plain(document)),
    ),
    publicAccessBlock,
    identityProviders: identityProviders.toSorted(),
  }
}

function identity(one: {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly attached: readonly string[]
  readonly inline: readonly NamedPolicy[]
}) {
  const { arn, attached, inline, name, path } = one
  return {
    arn,
    name,
    path,
    attached: attached.toSorted(),
    inline: inline.map(({ document }) => plain(document)),
  }
}

function byArn(one: { readonly arn: string }, other: { readonly arn: string }): number {
  return one.arn < other.arn ? -1 : 1
}

/** As JSON has it: without what is undefined. */
function plain(document: unknown): unknown {
  return document === undefined ? undefined : JSON.parse(JSON.stringify(document))
}
