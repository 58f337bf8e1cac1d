import type { Member, ServiceSignIn } from '../declaration.js'
import type { SourceSpan } from '../plan.js'
import { grantParts } from './grant-parts.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import type { Policies } from './principal-policies.js'
import { buildPolicies } from './principal-policies.js'
import { buildRevocation } from './revocation.js'
import { endId, endPolicyName, endsOf, maxSessionDuration, shared } from './shared-names.js'
import { buildServiceTrust, checkTrustLength } from './trust.js'

/**
 * The role of a service that signs in without a key, with the policies of its teams and its own: what a user has by
 * its groups, a role has attached to itself. The policy of its end stops sessions that began before it, too.
 */
export function buildService(
  member: Member,
  signIn: ServiceSignIn,
  policiesOf: ReadonlyMap<string, Policies>,
  model: Model,
  writer: PlanWriter,
): void {
  const { arns, declaration } = model
  const { declaredAt } = member
  const id = `member/${member.name}`
  const name = arns.serviceRoleName(member.name)
  const arn = arns.serviceRole(member.name)
  const what = `member "${member.name}"`
  const teams = model.teamsOf.get(member.name) ?? []
  const ends = endsOf(member)
  const shares: Policies[] = [
    {
      ids: ends.map(endId),
      arns: ends.map((instant) => arns.policy(endPolicyName(declaration.organization, instant))),
    },
    buildRevocation(name, declaredAt, model, writer),
    ...teams.flatMap((team) => policiesOf.get(team) ?? []),
  ]
  const fixed = shares.reduce((count, one) => count + one.arns.length, 0)
  if (fixed > limits.policiesPerPrincipal) {
    reportTooMany(what, fixed, teams, declaredAt, model, writer)
    return
  }
  const own = buildPolicies(
    {
      what,
      id,
      name: `${declaration.organization}-member-${member.name}`,
      declaredAt,
      maxPolicies: limits.policiesPerPrincipal - fixed,
    },
    (model.grantsTo.get(id) ?? []).flatMap((grant) => grantParts(grant, model)),
    model,
    writer,
  )
  const trust = buildServiceTrust(member, signIn)
  checkTrustLength(
    trust,
    what,
    'Let it sign in by fewer subjects, or declare a service for each part of them.',
    declaredAt,
    writer,
  )
  writer.add({
    type: 'iam.Role',
    id: `${id}/role`,
    dependsOn: [shared.boundary],
    declaredAt,
    name,
    path: arns.path,
    arn,
    description: `Service ${member.name}`,
    assumeRolePolicy: writer.document(arn, trust),
    permissionsBoundary: arns.boundary,
    maxSessionDuration,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:member': member.kind },
  })
  const attached = [...shares, own]
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/attachments`,
    dependsOn: [`${id}/role`, ...attached.flatMap((one) => one.ids)],
    declaredAt,
    exclusive: true,
    target: 'role',
    name,
    policyArns: attached.flatMap((one) => one.arns),
  })
}

function reportTooMany(
  what: string,
  count: number,
  teams: readonly string[],
  declaredAt: SourceSpan,
  model: Model,
  writer: PlanWriter,
): void {
  writer.problem(
    'error',
    'POLICIES_EXCEEDED',
    `${what} has a role, to which the ${count} managed policies of its teams (${teams.join(', ')}) would be attached; ${limits.policiesPerPrincipal} can be`,
    'Take the service out of a team, or grant it what it needs by itself.',
    declaredAt,
    teams.slice(0, 20).flatMap((team) => {
      const span = model.teams.get(team)?.declaredAt
      return span === undefined ? [] : [{ message: `team ${team}`, span }]
    }),
  )
}
