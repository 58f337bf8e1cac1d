import { checkContradictions } from './contradictions.js'
import { checkDerivedNames } from './derived-names.js'
import { checkGuarantees } from './check-guarantees.js'
import type { Declaration, Member, Platform, Store, Team } from './declaration.js'
import { resolveIdentityProvider } from './identity-provider.js'
import { leaveOutEnded, withoutEnded } from './leave-out-ended.js'
import type { Reporter } from './reporter.js'
import type { Repaired } from './repair.js'
import { resolveGrants, resolveGuarantees } from './resolve-grants.js'
import type { KnownMembers } from './resolve-members.js'
import { checkMembersInUse, resolveAdministrators, resolveMembers, resolveTeams } from './resolve-members.js'
import { checkStoreCollisions, resolvePlatforms, resolveStores } from './resolve-stores.js'

/** Names to things: what the schema accepted becomes a declaration; every problem goes to the reporter. */
export function resolve(
  { value, brokenNames }: Repaired,
  known: KnownMembers,
  nowMs: number,
  reporter: Reporter,
): Declaration {
  const suffix = value.suffix ?? value.account
  const names = {
    members: new Map<string, Member>(),
    teams: new Map<string, Team>(),
    datasets: new Map<string, Store>(),
    models: new Map<string, Store>(),
    platforms: new Map<string, Platform>(),
    brokenNames,
  }
  names.members = resolveMembers(value, known, nowMs, reporter)
  names.teams = resolveTeams(value, names, nowMs, reporter)
  names.datasets = resolveStores('dataset', value, suffix, names, reporter)
  names.models = resolveStores('model', value, suffix, names, reporter)
  names.platforms = resolvePlatforms(value, names, reporter)
  checkStoreCollisions(names, reporter)
  checkMembersInUse(value, names, reporter)
  const declared = {
    members: [...names.members.values()],
    teams: [...names.teams.values()],
    grants: resolveGrants(value, names, nowMs, reporter),
  }
  const { members, teams, grants, ended } = leaveOutEnded(declared, nowMs, reporter)
  checkContradictions(grants, reporter)
  const identityProvider = resolveIdentityProvider(value, reporter)
  const declaration: Declaration = {
    organization: value.organization,
    account: value.account,
    region: value.region,
    suffix,
    guardrail: value.guardrail ?? 'none',
    ...(value.rosterRemovals === undefined ? {} : { rosterRemovals: shareOf(value.rosterRemovals) }),
    ...(identityProvider === undefined ? {} : { identityProvider }),
    administrators: resolveAdministrators(value, names, reporter),
    members,
    teams,
    stores: [...names.datasets.values(), ...names.models.values()].map((store) =>
      withoutOwner(store, ended.teams),
    ),
    platforms: [...names.platforms.values()],
    grants,
    guarantees: withoutEnded(resolveGuarantees(value, names, reporter), ended),
    ended,
    declaredAt: reporter.locator.key(['organization']),
  }
  checkDerivedNames(declaration, names.members, reporter)
  checkGuarantees(declaration, reporter)
  return declaration
}

/** Of text such as `20%`. */
function shareOf(percent: string): number {
  return Number(percent.slice(0, -1)) / 100
}

/** A team that has ended answers for nothing. */
function withoutOwner(store: Store, ended: readonly Team[]): Store {
  if (!ended.some(({ name }) => name === store.owner)) return store
  const { owner: _, ...rest } = store
  return rest
}
