import type { Grant, Member, Platform, Team } from '../declaration.js'
import { jobActions } from './boundary.js'
import { teamTag } from './fence.js'
import { grantParts, storeParts } from './grant-parts.js'
import { limits } from './limits.js'
import type { Model } from './model.js'
import { pack } from './pack.js'
import type { Part } from './part.js'
import type { PlanWriter } from './plan-writer.js'
import { documentLength, pascal, toDocument } from './statement.js'
import { buildExecutionTrust, buildTeamTrust } from './trust.js'

/** Seconds: sessions end soon, so that a removed member is out within the hour. */
const maxSessionDuration = 3_600

/** Ids of resources that many others depend on. */
export const shared = { boundary: 'boundary', ownSignIn: 'own-sign-in' } as const

/** `end/2035-03-31T00:00:00Z`: id of the policy that ends all access at an instant. */
export const endId = (instant: string): string => `end/${instant}`
export const endPolicyName = (organization: string, instant: string): string =>
  `${organization}-end-${instant.replaceAll(/[-:]/g, '')}`

/** Managed policies for some permissions; their ids and ARNs. Reports when AWS would not take them. */
function buildPolicies(
  what: string,
  id: string,
  name: string,
  parts: readonly Part[],
  maxPolicies: number,
  declaredAt: Grant['declaredAt'],
  model: Model,
  writer: PlanWriter,
): { readonly ids: string[]; readonly arns: string[] } {
  const packed = pack(parts, maxPolicies)
  if (!packed.ok) {
    const grant = packed.firstTooMany?.sources[0] ?? declaredAt
    writer.problem(
      'error',
      'POLICIES_EXCEEDED',
      `the grants to ${what} take ${packed.needed} managed policies of ${limits.managedPolicyCharacters} characters; ${maxPolicies} can be attached, and this grant is the first that does not fit`,
      'Split the team, or put what it uses together into fewer datasets with prefixes.',
      grant,
      [{ message: `${what} is declared here`, span: declaredAt }],
    )
    return { ids: [], arns: [] }
  }
  const ids: string[] = []
  const arns: string[] = []
  for (const [index, statements] of packed.policies.entries()) {
    const policyName = `${name}-${index + 1}`
    const arn = model.arns.policy(policyName)
    ids.push(`${id}/policy-${index + 1}`)
    arns.push(arn)
    writer.add({
      type: 'iam.Policy',
      id: `${id}/policy-${index + 1}`,
      dependsOn: [],
      declaredAt,
      name: policyName,
      path: model.arns.path,
      arn,
      description: `What ${what} may do, part ${index + 1}`,
      policy: writer.document(arn, statements),
      tags: { 'ringfence:organization': model.declaration.organization },
    })
  }
  return { ids, arns }
}

/** A group for its IAM users, a role for its federated members, and the same policies for both. */
export function buildTeam(team: Team, model: Model, writer: PlanWriter): void {
  const { arns, declaration } = model
  const id = `team/${team.name}`
  const { declaredAt } = team
  const name = arns.teamName(team.name)
  const federated = (model.federatedOf.get(team.name)?.length ?? 0) > 0
  const users = (model.usersOf.get(team.name)?.length ?? 0) > 0 || !federated
  const parts = (model.grantsTo.get(id) ?? []).flatMap((grant) => grantParts(grant, model))
  const policies = buildPolicies(
    `team "${team.name}"`,
    id,
    `${declaration.organization}-team-${team.name}`,
    parts,
    limits.policiesPerPrincipal,
    declaredAt,
    model,
    writer,
  )
  if (users) {
    writer.add({
      type: 'iam.Group',
      id: `${id}/group`,
      dependsOn: [],
      declaredAt,
      name,
      path: arns.path,
      arn: arns.group(team.name),
    })
    writer.add({
      type: 'iam.PolicyAttachments',
      id: `${id}/group-attachments`,
      dependsOn: [`${id}/group`, ...policies.ids],
      declaredAt,
      target: 'group',
      name,
      policyArns: policies.arns,
    })
  }
  if (!federated) return
  const trust = buildTeamTrust(team, model)
  const length = documentLength(toDocument(trust))
  if (length > limits.trustPolicyCharacters) {
    const refused = length > limits.trustPolicyCharactersRaised
    writer.problem(
      refused ? 'error' : 'warning',
      'TRUST_POLICY_TOO_LONG',
      `the trust policy of team "${team.name}" has ${length} characters; IAM allows ${limits.trustPolicyCharacters}, on request up to ${limits.trustPolicyCharactersRaised}`,
      refused
        ? 'Split the team, or let fewer of its members sign in by federation.'
        : 'Ask AWS to raise the quota "Role trust policy length", or split the team.',
      declaredAt,
    )
  }
  const arn = arns.role(name)
  writer.add({
    type: 'iam.Role',
    id: `${id}/role`,
    dependsOn: [shared.boundary],
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
    dependsOn: [`${id}/role`, ...policies.ids],
    declaredAt,
    target: 'role',
    name,
    policyArns: policies.arns,
  })
}

/** The instants at which all access of a member ends: its own, and for a service that of its only key. */
export function endsOf(member: Member): string[] {
  const ends = [
    ...(member.until === undefined ? [] : [member.until]),
    ...(member.kind === 'service' && member.keys !== undefined ? [member.keys.until] : []),
  ].toSorted()
  return ends.slice(0, 1)
}

/** An IAM user with its memberships, policies and, if declared, its access key. */
export function buildMember(member: Member, model: Model, writer: PlanWriter): void {
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
  const fixed = [
    ...(member.kind === 'person'
      ? [{ id: shared.ownSignIn as string, name: `${declaration.organization}-own-sign-in` }]
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
    `member "${name}"`,
    id,
    `${declaration.organization}-member-${name}`,
    parts,
    limits.policiesPerPrincipal - fixed.length,
    declaredAt,
    model,
    writer,
  )
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
    dependsOn: [`${id}/user`, ...teams.map((team) => `team/${team}/group`)],
    declaredAt,
    user: name,
    groups: teams.map((team) => arns.teamName(team)),
  })
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/attachments`,
    dependsOn: [`${id}/user`, ...fixed.map((policy) => policy.id), ...own.ids],
    declaredAt,
    target: 'user',
    name,
    policyArns: [...fixed.map((policy) => arns.policy(policy.name)), ...own.arns],
  })
  if (member.keys === undefined) return
  writer.add({
    type: 'iam.AccessKey',
    id: `${id}/access-key`,
    // After the attachments: no key is ever alive without the policy that ends it.
    dependsOn: [`${id}/user`, `${id}/attachments`],
    declaredAt,
    user: name,
    until: member.keys.until,
  })
}

/** The role that jobs and endpoints run as, with what the platform reads and writes, and the project. */
export function buildPlatform(platform: Platform, model: Model, writer: PlanWriter): void {
  const { arns, declaration } = model
  const id = `platform/${platform.name}`
  const { declaredAt } = platform
  const name = arns.executionRoleName(platform.name)
  const arn = arns.role(name)
  const policies = buildPolicies(
    `platform "${platform.name}"`,
    id,
    `${declaration.organization}-platform-${platform.name}`,
    platformParts(platform, model),
    limits.policiesPerPrincipal,
    declaredAt,
    model,
    writer,
  )
  writer.add({
    type: 'iam.Role',
    id: `${id}/execution-role`,
    dependsOn: [shared.boundary],
    declaredAt,
    name,
    path: arns.path,
    arn,
    description: `Jobs and endpoints of platform ${platform.name}`,
    assumeRolePolicy: writer.document(arn, buildExecutionTrust(model, declaredAt)),
    permissionsBoundary: arns.boundary,
    maxSessionDuration,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:platform': platform.name },
  })
  writer.add({
    type: 'iam.PolicyAttachments',
    id: `${id}/attachments`,
    dependsOn: [`${id}/execution-role`, ...policies.ids],
    declaredAt,
    target: 'role',
    name,
    policyArns: policies.arns,
  })
  if (platform.project === undefined) return
  const project = `${declaration.organization}-${platform.name}`
  writer.add({
    type: 'sagemaker.Project',
    id: `${id}/project`,
    dependsOn: [],
    declaredAt,
    name: project,
    arn: arns.sagemaker(`project/${project}`),
    description: `Platform ${platform.name} of ${declaration.organization}`,
    ...platform.project,
    tags: { 'ringfence:organization': declaration.organization, 'ringfence:platform': platform.name },
  })
}

function platformParts(platform: Platform, model: Model): Part[] {
  const { account, region } = model.declaration
  const sources = [platform.declaredAt]
  const name = pascal(platform.name)
  return [
    ...platform.reads.flatMap((store) =>
      storeParts(model.findStore(store), ['read'], store.under, undefined, store.declaredAt, model),
    ),
    ...platform.writes.flatMap((store) =>
      storeParts(model.findStore(store), ['write'], store.under, undefined, store.declaredAt, model),
    ),
    {
      sid: `LogsOf${name}`,
      actions: jobActions.logs,
      resources: [`arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/*`],
      sources,
    },
    {
      sid: `MetricsOf${name}`,
      actions: jobActions.metrics,
      resources: ['*'],
      condition: { StringLike: { 'cloudwatch:namespace': ['/aws/sagemaker/*', 'AWS/SageMaker*'] } },
      sources,
    },
    ...(platform.images.length === 0
      ? []
      : [
          {
            sid: `ImagesOf${name}`,
            actions: jobActions.images,
            resources: platform.images.toSorted(),
            sources,
          },
          { sid: `ImageLoginOf${name}`, actions: jobActions.login, resources: ['*'], sources },
        ]),
  ]
}
