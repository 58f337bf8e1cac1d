import type { Declaration, IdentityCenter, Member, Team } from '../declaration.js'
import type {
  IdentityCenterPlan,
  IdentityCenterResource,
  PolicyReference,
  ProvisionedGroup,
} from '../identity-center-plan.js'
import type { ExternalReservedRole } from '../plan.js'
import type { Policies } from './principal-policies.js'
import type { Model } from './model.js'
import { revocationOf } from './revocation.js'
import { maxSessionDuration, shared } from './shared-names.js'
import { compare } from './statement.js'

/**
 * The second plan of a file whose people sign in by Identity Center: a permission set for each of their teams, with the
 * team's policies and boundary of the first plan, assigned to the team's group in the account of the file. The groups
 * are those that the identity provider provisions, unless the file says `provision: true`. Undefined for other files.
 */
export function planIdentityCenter(
  model: Model,
  roles: readonly ExternalReservedRole[],
  policiesOf: ReadonlyMap<string, Policies>,
): IdentityCenterPlan | undefined {
  const { declaration } = model
  const center = declaration.identityProvider
  if (center?.kind !== 'identityCenter' || roles.length === 0) return undefined
  const people = new Map(
    declaration.members.flatMap((member) =>
      member.signIn === 'federation' && member.kind === 'person' ? [[member.name, member] as const] : [],
    ),
  )
  const teams = roles.flatMap((role) => {
    const team = declaration.teams.find(({ name }) => name === role.team)
    if (team === undefined) return []
    const members = team.members.toSorted(compare).flatMap((name) => people.get(name) ?? [])
    return [{ role, team, members }]
  })
  return {
    instance: center.instance,
    identityStore: center.identityStore,
    region: center.region,
    targetAccount: declaration.account,
    resources: [
      ...(center.provision ? usersOf(teams, declaration) : []),
      ...teams.flatMap(({ members, role, team }) => [
        permissionSetOf(role, declaration, [
          shared.boundary,
          ...(policiesOf.get(team.name)?.ids ?? []),
          ...revocationOf(role.permissionSet, model).ids,
        ]),
        ...(center.provision ? groupOf(team, members, declaration) : []),
        assignmentOf(team, center, declaration),
      ]),
    ],
    external: center.provision ? [] : teams.map(({ members, team }) => provisionedGroup(team, members)),
  }
}

interface CenterTeam {
  readonly members: readonly Member[]
}

function usersOf(
  teams: readonly CenterTeam[],
  { organization }: Declaration,
): readonly IdentityCenterResource[] {
  const members = new Map(teams.flatMap((one) => one.members.map((member) => [member.name, member])))
  return [...members.values()]
    .toSorted((left, right) => compare(left.name, right.name))
    .map(({ declaredAt, email = '', name }) => ({
      type: 'identitystore.User',
      id: `member/${name}/identity`,
      dependsOn: [],
      declaredAt,
      userName: email,
      displayName: name,
      // The identity store asks for both, and the file has neither.
      givenName: name,
      familyName: organization,
      email,
    }))
}

function permissionSetOf(
  { declaredAt, permissionSet, permissionsBoundary, policyArns, team }: ExternalReservedRole,
  { organization }: Declaration,
  dependsOn: readonly string[],
): IdentityCenterResource {
  return {
    type: 'ssoadmin.PermissionSet',
    id: `team/${team}/permission-set`,
    dependsOn,
    declaredAt,
    name: permissionSet,
    description: `Members of team ${team}`,
    sessionDuration: `PT${maxSessionDuration / 3_600}H`,
    customerManagedPolicies: policyArns.map(referenceTo),
    permissionsBoundary: referenceTo(permissionsBoundary),
    tags: { 'ringfence:organization': organization, 'ringfence:team': team },
  }
}

/** `arn:aws:iam::111122223333:policy/a/b/NAME` → name and path. */
function referenceTo(arn: string): PolicyReference {
  const last = arn.lastIndexOf('/')
  return { name: arn.slice(last + 1), path: arn.slice(arn.indexOf(':policy/') + ':policy'.length, last + 1) }
}

/** Not that of the group of IAM users, which a team can have too. */
function groupIdOf(team: string): string {
  return `team/${team}/identity-group`
}

function groupOf(
  { declaredAt, name }: Team,
  members: readonly Member[],
  { organization }: Declaration,
): readonly IdentityCenterResource[] {
  const group = groupIdOf(name)
  return [
    {
      type: 'identitystore.Group',
      id: group,
      dependsOn: [],
      declaredAt,
      displayName: name,
      description: `Team ${name} of ${organization}`,
    },
    ...members.map((member): IdentityCenterResource => ({
      type: 'identitystore.GroupMembership',
      id: `team/${name}/identity-members/${member.name}`,
      dependsOn: [group, `member/${member.name}/identity`],
      declaredAt,
      group,
      user: `member/${member.name}/identity`,
    })),
  ]
}

function assignmentOf(
  { declaredAt, name }: Team,
  { provision }: IdentityCenter,
  { account }: Declaration,
): IdentityCenterResource {
  const permissionSet = `team/${name}/permission-set`
  const group = { id: groupIdOf(name) }
  return {
    type: 'ssoadmin.AccountAssignment',
    id: `team/${name}/assignment`,
    dependsOn: [permissionSet, ...(provision ? [group.id] : [])],
    declaredAt,
    permissionSet,
    group: provision ? group : { displayName: name },
    targetAccount: account,
  }
}

function provisionedGroup({ declaredAt, name }: Team, members: readonly Member[]): ProvisionedGroup {
  return {
    kind: 'identityStoreGroup',
    displayName: name,
    members: members.map((member) => ({ name: member.name, email: member.email ?? '' })),
    declaredAt,
  }
}
