import type { External, ExternalReservedRole } from '../plan.js'
import type { Model } from './model.js'
import type { Policies } from './principal-policies.js'
import { revocationOf } from './revocation.js'
import { reservedRolePath, reservedRoleStart } from '../reserved-role.js'
import { compare } from './statement.js'

/** What must be there before the plan is deployed: administrators, how people sign in, and what existed. */
export function externalOf(
  model: Model,
  policiesOf: ReadonlyMap<string, Policies> = new Map(),
): readonly External[] {
  const { arns, declaration, existing } = model
  const { administrators } = declaration
  const things: External[] = administrators.map((one) => {
    const { kind, name, path, declaredAt } = one
    return { kind, name, path, arn: arns.administrator(one), purpose: 'administrator', declaredAt }
  })
  things.sort((left, right) => compare(left.arn, right.arn))
  things.push(...providersOf(model))
  things.push(...reservedRolesOf(model, policiesOf))
  for (const store of model.stores) {
    const key = existing.keys.get(`${store.kind}/${store.name}`)
    const { bucket: name, declaredAt } = store
    if (key !== undefined) things.push({ kind: 'key', arn: key, purpose: 'store', declaredAt })
    if (existing.buckets.has(`${store.kind}/${store.name}`))
      things.push({ kind: 'bucket', name, arn: arns.bucket(store), purpose: 'store', declaredAt })
  }
  for (const { name, declaredAt } of model.platforms.values()) {
    const role = existing.roles.get(name)
    if (role !== undefined) things.push({ kind: 'role', ...role, purpose: 'execution', declaredAt })
  }
  for (const { name, declaredAt } of model.teams.values()) {
    const group = existing.groups.get(name)
    if (group !== undefined) things.push({ kind: 'group', ...group, purpose: 'team', declaredAt })
  }
  for (const { name, declaredAt } of model.members.values()) {
    const user = existing.users.get(name)
    if (user !== undefined) things.push({ kind: 'user', ...user, purpose: 'member', declaredAt })
  }
  return things
}

/** Identity providers, each once: that of people, then those of services. */
function providersOf({ declaration, members }: Model): readonly External[] {
  const { identityProvider } = declaration
  const providers = new Map<string, External>()
  if (identityProvider !== undefined && identityProvider.kind !== 'identityCenter') {
    const { kind, arn, declaredAt } = identityProvider
    providers.set(arn, { kind, arn, purpose: 'signIn', declaredAt })
  }
  for (const { oidc, declaredAt } of members.values()) {
    if (oidc === undefined || providers.has(oidc.arn)) continue
    providers.set(oidc.arn, { kind: 'oidc', arn: oidc.arn, purpose: 'signIn', declaredAt })
  }
  return [...providers.values()]
}

/** What Identity Center makes in the account: a role for each team with people who sign in by it. */
export function reservedRolesOf(
  model: Model,
  policiesOf: ReadonlyMap<string, Policies>,
): readonly ExternalReservedRole[] {
  const { arns, declaration, federatedOf, teams } = model
  const { identityProvider } = declaration
  if (identityProvider?.kind !== 'identityCenter') return []
  return [...teams.values()].flatMap(({ declaredAt, name }) => {
    if ((federatedOf.get(name)?.length ?? 0) === 0) return []
    const permissionSet = arns.teamName(name)
    return [
      {
        kind: 'reservedRole' as const,
        permissionSet,
        nameStart: reservedRoleStart(permissionSet),
        path: reservedRolePath(identityProvider.region),
        arn: arns.reservedRole(name),
        purpose: 'team' as const,
        team: name,
        policyArns: [...(policiesOf.get(name)?.arns ?? []), ...revocationOf(permissionSet, model).arns],
        permissionsBoundary: arns.boundary,
        declaredAt,
      },
    ]
  })
}
