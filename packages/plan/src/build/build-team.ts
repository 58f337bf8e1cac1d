import type { Team } from '../declaration.js'
import { grantParts } from './grant-parts.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import type { Policies } from './principal-policies.js'
import { buildPolicies } from './principal-policies.js'
import { type Attached, buildRevocation, none } from './revocation.js'
import { maxSessionDuration, shared } from './shared-names.js'
import { buildMemberEnds, buildTeamTrust, checkTrustLength } from './trust.js'

/**
 * A group for its IAM users, a role for its federated members, and the same policies for both; those of its members
 * that have roles of their own get them attached there.
 */
export function buildTeam(team: Team, model: Model, writer: PlanWriter): Policies {
  const { arns, declaration } = model
  const id = `team/${team.name}`
  const { declaredAt } = team
  const name = arns.teamName(team.name)
  const federated = (model.federatedOf.get(team.name)?.length ?? 0) > 0
  const services = (model.servicesOf.get(team.name)?.length ?? 0) > 0
  const users = (model.usersOf.get(team.name)?.length ?? 0) > 0 || !(federated || services)
  const revocation = federated
    ? buildRevocation(name, declaredAt, model, writer, buildMemberEnds(team, model))
    : none
  const parts = (model.grantsTo.get(id) ?? []).flatMap((grant) => grantParts(grant, model))
  const policies = buildPolicies(
    {
      what: `team "${team.name}"`,
      id,
      name: `${declaration.organization}-team-${team.name}`,
      declaredAt,
      maxPolicies: limits.policiesPerPrincipal - revocation.arns.length,
      // Whoever has just left the role must not get by it what the team is given now.
      after: revocation.ids,
    },
    parts,
    model,
    writer,
  )
  const exists = model.existing.groups.has(team.name)
  if (users) {
    if (!exists)
      writer.add({
        type: 'iam.Group',
        id: `${id}/group`,
        dependsOn: [],
        declaredAt,
        name: arns.groupName(team.name),
        path: arns.path,
        arn: arns.group(team.name),
      })
    writer.add({
      type: 'iam.PolicyAttachments',
      id: `${id}/group-attachments`,
      dependsOn: [...(exists ? [] : [`${id}/group`]), ...policies.ids],
      declaredAt,
      exclusive: !exists,
      target: 'group',
      name: arns.groupName(team.name),
      policyArns: policies.arns,
    })
  }
  // Identity Center makes the roles of its people itself, and is told which policies they have.
  if (federated && declaration.identityProvider?.kind !== 'identityCenter')
    buildTeamRole(team, policies, revocation, model, writer)
  return policies
}

function buildTeamRole(
  team: Team,
  policies: Policies,
  revocation: Attached,
  model: Model,
  writer: PlanWriter,
): void {
  const { arns, declaration } = model
  const id = `team/${team.name}`
  const { declaredAt } = team
  const name = arns.teamName(team.name)
  const trust = buildTeamTrust(team, model)
  checkTrustLength(
    trust,
    `team "${team.name}"`,
    'Split the team, or let fewer of its members sign in by federation.',
    declaredAt,
    writer,
  )
  const arn = arns.role(name)
  writer.add({
    type: 'iam.Role',
    id: `${id}/role`,
    // Nobody is let in before what ends their sessions is said.
    dependsOn: [shared.boundary, ...revocation.ids],
    declaredAt,
    name,
    path: arns.path,
    arn,
    description: `Federated members of team ${team.name}`,
    assumeRolePolicy: writer.document(arn, trust),
    permissionsBoundary: arns.boundary,
    maxSessionDuration,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:team': team.name },
  })
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/role-attachments`,
    dependsOn: [`${id}/role`, ...policies.ids, ...revocation.ids],
    declaredAt,
    exclusive: true,
    target: 'role',
    name,
    policyArns: [...policies.arns, ...revocation.arns],
  })
}
