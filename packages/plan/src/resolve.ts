import { checkContradictions } from './contradictions.js'
import { checkDerivedNames } from './derived-names.js'
import { checkGuarantees } from './check-guarantees.js'
import type { Declaration, Member, Platform, Store, Team } from './declaration.js'
import { leaveOutEnded, withoutEnded } from './leave-out-ended.js'
import type { Reporter } from './reporter.js'
import type { Repaired } from './repair.js'
import { resolveGrants, resolveGuarantees } from './resolve-grants.js'
import { checkMembersInUse, resolveAdministrators, resolveMembers, resolveTeams } from './resolve-members.js'
import { checkStoreCollisions, resolvePlatforms, resolveStores } from './resolve-stores.js'
import type { OrganizationValue } from './schema.js'
import { show } from './secrets.js'

/** Names to things: what the schema accepted becomes a declaration; every problem goes to the reporter. */
export function resolve({ value, brokenNames }: Repaired, nowMs: number, reporter: Reporter): Declaration {
  const suffix = value.suffix ?? value.account
  const names = {
    members: new Map<string, Member>(),
    teams: new Map<string, Team>(),
    datasets: new Map<string, Store>(),
    models: new Map<string, Store>(),
    platforms: new Map<string, Platform>(),
    brokenNames,
  }
  names.members = resolveMembers(value, nowMs, reporter)
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
  checkDerivedNames(declaration, reporter)
  checkGuarantees(declaration, reporter)
  return declaration
}

/** A team that has ended answers for nothing. */
function withoutOwner(store: Store, ended: readonly Team[]): Store {
  if (!ended.some(({ name }) => name === store.owner)) return store
  const { owner: _, ...rest } = store
  return rest
}

const samlAudience = 'https://signin.aws.amazon.com/saml'

function resolveIdentityProvider(
  value: OrganizationValue,
  reporter: Reporter,
): Declaration['identityProvider'] | undefined {
  const declared = value.identityProvider
  if (declared === undefined) return undefined
  const path = ['identityProvider']
  const declaredAt = reporter.locator.key(path)
  if ((declared.saml === undefined) === (declared.oidc === undefined)) {
    reporter.error('IDENTITY_PROVIDER_INVALID', path, 'the identity provider is either "saml" or "oidc"', {
      atKey: true,
    })
    return undefined
  }
  const kind = declared.saml === undefined ? 'oidc' : 'saml'
  const written = declared.saml ?? declared.oidc ?? ''
  const start = `arn:aws:iam::${value.account}:${kind}-provider/`
  const arn = written.startsWith('arn:') ? written : start + written.replace(/^https:\/\//, '')
  const name =
    kind === 'saml' ? /^[A-Za-z0-9_.-]{1,128}$/ : /^[A-Za-z0-9.-]+\.[A-Za-z0-9.-]+(\/[A-Za-z0-9._~/-]*)?$/
  if (!arn.startsWith(start) || !name.test(arn.slice(start.length))) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      [...path, kind],
      `${show(written)} is not a ${kind === 'saml' ? 'SAML' : 'OIDC'} provider of the account ${value.account}`,
      {
        hint:
          kind === 'saml'
            ? 'Write its name or its ARN.'
            : 'Write the host (and path) of its issuer, or its ARN.',
      },
    )
    return undefined
  }
  if (kind === 'oidc' && declared.audience === undefined) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      path,
      'an OIDC provider needs an "audience": the client id that tokens are made for',
      { atKey: true },
    )
    return undefined
  }
  if (kind === 'saml' && declared.audience !== undefined && declared.audience !== samlAudience) {
    reporter.error(
      'IDENTITY_PROVIDER_INVALID',
      [...path, 'audience'],
      `for SAML the audience is always ${samlAudience}`,
      { hint: 'Remove "audience".' },
    )
    return undefined
  }
  return { kind, arn, audience: declared.audience ?? samlAudience, declaredAt }
}
