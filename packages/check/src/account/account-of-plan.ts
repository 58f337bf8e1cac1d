import type {
  ExternalPrincipal,
  ExternalReservedRole,
  IamPolicy,
  IamRole,
  IamUser,
  Plan,
} from '@ringfence/plan'
import { someReservedRole } from '@ringfence/plan'
import type {
  Account,
  AccountGroup,
  AccountRole,
  AccountUser,
  ManagedPolicy,
  NamedPolicy,
  Unknown,
} from './account.js'
import { fullAccessOf } from './full-access.js'
import type { PlanIndex } from './plan-index.js'
import { accessBlockOf, declaredOf, indexPlan, linesOfStatements } from './plan-index.js'
import { resourcesOfPlan } from './resources-of-plan.js'

/**
 * The account that a plan makes. It holds what the plan makes or names, and nothing else: whoever and whatever the
 * file does not declare may be there as well (`principalsBeside` has the questions about them). What exists already
 * is there with what the plan attaches to it; the rest of its policies is an `Unknown`. Administrators are taken to
 * be allowed everything by their own policies; their trust policies are not part of a plan.
 */
export function accountOfPlan(plan: Plan): Account {
  const index = indexPlan(plan)
  const unknowns: Unknown[] = []
  const { ofType } = index
  const users = ofType('iam.User').map((user) => userOf(user, index))
  const roles = ofType('iam.Role').map((role) => roleOf(role, index))
  const groups = ofType('iam.Group').map(({ arn, name, path }): AccountGroup => {
    return { kind: 'group', name, path, arn, attached: attachedTo('group', name, index), inline: [] }
  })
  const managedPolicies = ofType('iam.Policy').map(managedOf)
  const guardrails = ofType('organizations.Policy').map(({ id, policy }) => ({ name: id, document: policy }))
  for (const external of plan.external) {
    if (external.kind === 'user') users.push(existingUser(external, index, unknowns))
    else if (external.kind === 'role') roles.push(existingRole(external, index, unknowns))
    else if (external.kind === 'reservedRole') roles.push(reservedRole(external))
    else if (external.kind === 'group') groups.push(existingGroup(external, index, unknowns))
  }
  const [accountBlock] = ofType('s3.AccountPublicAccessBlock')
  return {
    formatVersion: 1,
    account: plan.account,
    partition: plan.partition,
    region: plan.region,
    users,
    roles,
    groups,
    managedPolicies,
    resources: resourcesOfPlan(index, unknowns),
    ...(guardrails.length === 0
      ? {}
      : { serviceControlPolicies: [[fullAwsAccess], [fullAwsAccess, ...guardrails]] }),
    ...(accountBlock === undefined ? {} : { publicAccessBlock: accessBlockOf(accountBlock) }),
    identityProviders: plan.external.flatMap(({ kind, arn }) =>
      kind === 'saml' || kind === 'oidc' ? [arn] : [],
    ),
    unknowns,
    lines: linesOfStatements(plan),
  }
}

/** AWS attaches it to the root and to every account of an organization; the guardrail stands beside it. */
const fullAwsAccess = fullAccessOf('arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess')

function attachedTo(kind: 'user' | 'group' | 'role', name: string, index: PlanIndex): readonly string[] {
  return index.attachments.get(`${kind}/${name}`)?.arns ?? []
}

/** What users and roles of a plan have in common. */
function principalOf(
  kind: 'user' | 'role',
  { arn, declaredAt, id, name, path, permissionsBoundary, tags }: IamUser | IamRole,
  index: PlanIndex,
) {
  const attached = attachedTo(kind, name, index)
  const declared = declaredOf(id)
  return { name, path, arn, attached, inline: [], permissionsBoundary, tags, declared, declaredAt }
}

function managedOf({ arn, policy }: IamPolicy): ManagedPolicy {
  return { arn, isAwsManaged: false, versions: [{ name: arn, document: policy, id: 'v1', isDefault: true }] }
}

function userOf(user: IamUser, index: PlanIndex): AccountUser {
  const { name } = user
  return {
    kind: 'user',
    ...principalOf('user', user, index),
    groups: index.groups.get(name) ?? [],
    accessKeys: index.accessKeys.get(name) ?? 0,
  }
}

function roleOf(role: IamRole, index: PlanIndex): AccountRole {
  return {
    kind: 'role',
    ...principalOf('role', role, index),
    trust: { name: role.arn, document: role.assumeRolePolicy },
    instanceProfiles: [],
  }
}

function existingUser(external: ExternalPrincipal, index: PlanIndex, unknowns: Unknown[]): AccountUser {
  const { name, path, arn, declaredAt } = external
  return {
    kind: 'user',
    name,
    path,
    arn,
    attached: attachedTo('user', name, index),
    inline: [otherPoliciesOf(external, unknowns)],
    groups: index.groups.get(name) ?? [],
    declared: declaredNameOf(external, index),
    declaredAt,
  }
}

function existingRole(external: ExternalPrincipal, index: PlanIndex, unknowns: Unknown[]): AccountRole {
  const { name, path, arn, purpose, declaredAt } = external
  if (purpose !== 'administrator')
    unknowns.push({ about: arn, reason: 'the role exists already: its trust policy is not known' })
  return {
    kind: 'role',
    name,
    path,
    arn,
    attached: attachedTo('role', name, index),
    inline: [otherPoliciesOf(external, unknowns)],
    trust: { name: arn },
    declared: declaredNameOf(external, index),
    declaredAt,
  }
}

/** With characters picked for those that only AWS knows. */
function reservedRole(external: ExternalReservedRole): AccountRole {
  const { arn: reservedArn, path, permissionsBoundary, policyArns, team, declaredAt } = external
  const { arn, name, trust } = someReservedRole(external)
  return {
    kind: 'role',
    name,
    path,
    arn,
    reservedArn,
    attached: policyArns,
    inline: [],
    permissionsBoundary,
    trust: { name: arn, document: trust },
    instanceProfiles: [],
    declared: `team/${team}`,
    declaredAt,
  }
}

function existingGroup(external: ExternalPrincipal, index: PlanIndex, unknowns: Unknown[]): AccountGroup {
  const { name, path, arn } = external
  const inline = [otherPoliciesOf(external, unknowns)]
  return { kind: 'group', name, path, arn, attached: attachedTo('group', name, index), inline }
}

/** What is attached besides to somebody who exists already. */
function otherPoliciesOf(external: ExternalPrincipal, unknowns: Unknown[]): NamedPolicy {
  const { kind, name, arn, purpose } = external
  if (purpose === 'administrator') return fullAccessOf(`any policies of the administrator ${kind}/${name}`)
  unknowns.push({ about: arn, reason: `the ${kind} exists already: its other policies are not known` })
  return { name: `other policies of ${kind}/${name}` }
}

/** Whoever exists already gets policies attached, by a resource that has the declared name. */
function declaredNameOf({ purpose, kind, name }: ExternalPrincipal, index: PlanIndex): string {
  if (purpose === 'administrator') return 'administrator'
  return index.attachments.get(`${kind}/${name}`)?.declared ?? `${purpose}/${name}`
}
