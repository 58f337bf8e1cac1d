import type { AccessGrant, AccessMember, AccessSubject, AccessSummary, AccessTarget } from '../access.js'
import type { Grant } from '../declaration.js'
import { providerOf, signInOf } from '../sign-in.js'
import type { Model } from './model.js'
import { endsOf } from './shared-names.js'
import { compare } from './statement.js'

/** The access that a declaration gives, through grants and through what platforms read and write. */
export function summarizeAccess(model: Model): AccessSummary {
  const identityProvider = providerOf(model.declaration)
  return {
    ...(identityProvider === undefined ? {} : { identityProvider }),
    members: Object.fromEntries(
      [...model.members.values()].map((member): [string, AccessMember] => {
        const { kind, name, rosterId } = member
        const [until] = endsOf(member)
        const { oidc, ...person } = signInOf(member)
        const service = oidc && { oidc: { ...oidc, subjects: oidc.subjects.toSorted(compare) } }
        const ids = rosterId === undefined ? {} : { rosterId }
        return [name, { kind, ...ids, ...(until === undefined ? {} : { until }), ...person, ...service }]
      }),
    ),
    teams: Object.fromEntries(
      [...model.teams.values()].map((team) => [team.name, team.members.toSorted(compare)]),
    ),
    grants: joinCapabilities([...grantsOf(model)]),
  }
}

function* grantsOf({ grantsTo, platforms }: Model): Generator<AccessGrant> {
  for (const { to, can, on, under, until } of [...grantsTo.values()].flat()) {
    yield {
      to: `${to.kind}/${to.name}`,
      can,
      on: targetOf(on),
      under,
      ...(until === undefined ? {} : { until }),
    }
  }
  for (const { name, reads, writes } of platforms.values()) {
    const to: AccessSubject = `platform/${name}`
    for (const store of reads) yield { to, can: ['read'], on: targetOf(store), under: store.under }
    for (const store of writes) yield { to, can: ['write'], on: targetOf(store), under: store.under }
  }
}

function targetOf({ kind, name }: Grant['on']): AccessTarget {
  return `${kind}/${name}`
}

/** One entry for all that somebody may do with the same thing until the same end, however the file splits it. */
function joinCapabilities(grants: readonly AccessGrant[]): readonly AccessGrant[] {
  const joined = new Map<string, AccessGrant>()
  for (const grant of grants) {
    const key = [grant.to, grant.on, grant.under, grant.until ?? ''].join('\n')
    const can = new Set([...(joined.get(key)?.can ?? []), ...grant.can])
    joined.set(key, { ...grant, can: [...can].toSorted(compare) })
  }
  return [...joined].toSorted(([left], [right]) => compare(left, right)).map(([, grant]) => grant)
}
