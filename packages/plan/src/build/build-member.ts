import type { Member } from '../declaration.js'
import { buildAccessKeys } from './build-access-keys.js'
import { isKeptInSecretsManager } from './build-secret.js'
import { buildService } from './build-service.js'
import { teamTag } from './restrict.js'
import { grantParts } from './grant-parts.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import type { PlanWriter } from './plan-writer.js'
import type { Policies } from './principal-policies.js'
import { buildPolicies } from './principal-policies.js'
import { endId, endPolicyName, endsOf, shared } from './shared-names.js'

/** An IAM user with its memberships, policies and, if declared, its access key; or the role of a service. */
export function buildMember(
  member: Member,
  policiesOf: ReadonlyMap<string, Policies>,
  model: Model,
  writer: PlanWriter,
): void {
  if (member.oidc !== undefined) return buildService(member, member.oidc, policiesOf, model, writer)
  if (member.signIn === 'federation') return
  const { arns, declaration } = model
  const id = `member/${member.name}`
  const { declaredAt, name } = member
  const teams = model.teamsOf.get(name) ?? []
  if (teams.length > limits.groupsPerUser) {
    writer.problem(
      'error',
      'GROUPS_PER_USER_EXCEEDED',
      `"${name}" is in ${teams.length} teams (${teams.join(', ')}); an IAM user can be in ${limits.groupsPerUser} groups`,
      'Take the member out of a team, or join teams that have the same grants.',
      declaredAt,
      teams.slice(0, 20).flatMap((team) => {
        const span = model.teams.get(team)?.declaredAt
        return span === undefined ? [] : [{ message: `team ${team}`, span }]
      }),
    )
    return
  }
  const ends = endsOf(member)
  const exists = model.existing.users.has(name)
  const user = exists ? [] : [`${id}/user`]
  const fixed = [
    // Its path is that of users which ringfence makes; how the others sign in is not its business.
    ...(member.kind === 'person' && !exists
      ? [{ id: shared.ownSignIn as string, name: `${declaration.organization}-own-sign-in` }]
      : []),
    ...(isKeptInSecretsManager(member)
      ? [{ id: shared.ownKey as string, name: `${declaration.organization}-own-key` }]
      : []),
    ...ends.map((instant) => ({
      id: endId(instant),
      name: endPolicyName(declaration.organization, instant),
    })),
    ...(member.kind === 'person' && member.keys !== undefined
      ? [
          {
            id: `${endId(member.keys.until)}/keys`,
            name: `${endPolicyName(declaration.organization, member.keys.until)}-keys`,
          },
        ]
      : []),
  ]
  const parts = (model.grantsTo.get(id) ?? []).flatMap((grant) => grantParts(grant, model))
  const own = buildPolicies(
    {
      what: `member "${name}"`,
      id,
      name: `${declaration.organization}-member-${name}`,
      declaredAt,
      maxPolicies: limits.policiesPerPrincipal - fixed.length,
    },
    parts,
    model,
    writer,
  )
  if (!exists)
    writer.add({
      type: 'iam.User',
      id: `${id}/user`,
      dependsOn: [shared.boundary],
      declaredAt,
      name,
      path: arns.path,
      arn: arns.user(name),
      permissionsBoundary: arns.boundary,
      tags: {
        'ringfence:organization': declaration.organization,
        'ringfence:member': member.kind,
        ...Object.fromEntries(teams.map((team) => [teamTag(team), 'member'])),
      },
    })
  writer.add({
    type: 'iam.UserGroupMembership',
    id: `${id}/groups`,
    dependsOn: [
      ...user,
      ...teams.filter((team) => !model.existing.groups.has(team)).map((team) => `team/${team}/group`),
    ],
    declaredAt,
    exclusive: !exists,
    user: arns.userName(name),
    groups: teams.map((team) => arns.groupName(team)),
  })
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/attachments`,
    dependsOn: [...user, ...fixed.map((policy) => policy.id), ...own.ids],
    declaredAt,
    exclusive: !exists,
    target: 'user',
    name: arns.userName(name),
    policyArns: [...fixed.map((policy) => arns.policy(policy.name)), ...own.arns],
  })
  // After the attachments: no key is ever alive without the policy that ends it.
  buildAccessKeys(member, [...user, `${id}/attachments`], model, writer)
}
