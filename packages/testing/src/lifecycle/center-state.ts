import type { Plan } from '@ringfence/plan'
import { sorted } from '../engine/iam-state.js'
import type { InProcessAws } from './in-process-aws.js'
import { account, identityCenter } from './small-organization.js'

interface PermissionSetState {
  readonly description: string | undefined
  readonly sessionDuration: string | undefined
  readonly tags: Readonly<Record<string, string>>
  /** Path and name of each policy that it refers to. */
  readonly policies: readonly string[]
  readonly boundary: string | undefined
  /** Policies of AWS's, and what is written into it. */
  readonly others: readonly string[]
  /** Groups by name. */
  readonly assignedTo: readonly string[]
}

interface UserState {
  readonly displayName: string | undefined
  readonly email: string | undefined
}

/** What Identity Center has of permission sets, groups and users, by name. */
export interface CenterState {
  readonly permissionSets: Readonly<Record<string, PermissionSetState>>
  /** User names of the members. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  readonly users: Readonly<Record<string, UserState>>
}

interface Reference {
  readonly Name: string | undefined
  readonly Path?: string | undefined
}

const { identityStore: IdentityStoreId, instance: InstanceArn } = identityCenter

export async function centerState(aws: InProcessAws): Promise<CenterState> {
  const store = await aws.identityStore()
  const { Users = [] } = await store.listUsers({ IdentityStoreId })
  const userNames = new Map(Users.map(({ UserId, UserName = '' }) => [UserId, UserName]))
  const { Groups = [] } = await store.listGroups({ IdentityStoreId })
  const groups: [string, readonly string[]][] = []
  for (const { DisplayName = '', GroupId } of Groups) {
    const { GroupMemberships = [] } = await store.listGroupMemberships({ IdentityStoreId, GroupId })
    const members = GroupMemberships.map(({ MemberId }) => userNames.get(MemberId?.UserId) ?? '')
    groups.push([DisplayName, members.toSorted()])
  }
  const users = Users.map(({ DisplayName, Emails, UserName = '' }): [string, UserState] => [
    UserName,
    { displayName: DisplayName, email: Emails?.[0]?.Value },
  ])
  return {
    permissionSets: await permissionSets(aws, new Map(Groups.map((one) => [one.GroupId, one.DisplayName]))),
    groups: sorted(Object.fromEntries(groups)),
    users: sorted(Object.fromEntries(users)),
  }
}

async function permissionSets(
  aws: InProcessAws,
  groupNames: ReadonlyMap<string | undefined, string | undefined>,
): Promise<CenterState['permissionSets']> {
  const sso = await aws.ssoAdmin()
  const { PermissionSets = [] } = await sso.listPermissionSets({ InstanceArn })
  const sets: [string, PermissionSetState][] = []
  for (const PermissionSetArn of PermissionSets) {
    const one = { InstanceArn, PermissionSetArn }
    const { PermissionSet } = await sso.describePermissionSet(one)
    const { Tags = [] } = await sso.listTagsForResource({ InstanceArn, ResourceArn: PermissionSetArn })
    const { CustomerManagedPolicyReferences = [] } =
      await sso.listCustomerManagedPolicyReferencesInPermissionSet(one)
    const { PermissionsBoundary } = await sso.getPermissionsBoundaryForPermissionSet(one)
    const { AttachedManagedPolicies = [] } = await sso.listManagedPoliciesInPermissionSet(one)
    const { InlinePolicy = '' } = await sso.getInlinePolicyForPermissionSet(one)
    const { AccountAssignments = [] } = await sso.listAccountAssignments({ ...one, AccountId: account })
    const boundary = PermissionsBoundary?.CustomerManagedPolicyReference
    sets.push([
      PermissionSet?.Name ?? '',
      {
        description: PermissionSet?.Description,
        sessionDuration: PermissionSet?.SessionDuration,
        tags: sorted(Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]))),
        policies: CustomerManagedPolicyReferences.map(print).toSorted(),
        boundary: boundary && print(boundary),
        others: [
          ...AttachedManagedPolicies.map(({ Arn = '' }) => Arn),
          ...(InlinePolicy === '' ? [] : [InlinePolicy]),
        ],
        assignedTo: AccountAssignments.map(({ PrincipalId }) => groupNames.get(PrincipalId) ?? '').toSorted(),
      },
    ])
  }
  return sorted(Object.fromEntries(sets))
}

function print({ Name = '', Path = '/' }: Reference): string {
  return Path + Name
}

/** What Identity Center has once a plan is deployed. */
export function plannedCenterState({ identityCenter: plan }: Plan): CenterState {
  const resources = plan?.resources ?? []
  const groups = new Map<string, string>()
  const users = new Map<string, string>()
  for (const one of resources) {
    if (one.type === 'identitystore.Group') groups.set(one.id, one.displayName)
    if (one.type === 'identitystore.User') users.set(one.id, one.userName)
  }
  const members = (group: string) =>
    resources.flatMap((one) =>
      one.type === 'identitystore.GroupMembership' && one.group === group
        ? [users.get(one.user) ?? one.user]
        : [],
    )
  const assignedTo = (set: string) =>
    resources.flatMap((one) => {
      if (one.type !== 'ssoadmin.AccountAssignment' || one.permissionSet !== set) return []
      return 'id' in one.group ? [groups.get(one.group.id) ?? one.group.id] : [one.group.displayName]
    })
  const sets = resources.flatMap((one) => {
    if (one.type !== 'ssoadmin.PermissionSet') return []
    const { description, id, name, permissionsBoundary, sessionDuration, tags } = one
    const state: PermissionSetState = {
      description,
      sessionDuration,
      tags: sorted(tags),
      policies: one.customerManagedPolicies.map((policy) => policy.path + policy.name).toSorted(),
      boundary: permissionsBoundary.path + permissionsBoundary.name,
      others: [],
      assignedTo: assignedTo(id).toSorted(),
    }
    return [[name, state] as const]
  })
  const usersByName = resources.flatMap((one) => {
    if (one.type !== 'identitystore.User') return []
    const state: UserState = { displayName: one.displayName, email: one.email }
    return [[one.userName, state] as const]
  })
  return {
    permissionSets: sorted(Object.fromEntries(sets)),
    groups: sorted(Object.fromEntries([...groups].map(([id, name]) => [name, members(id).toSorted()]))),
    users: sorted(Object.fromEntries(usersByName)),
  }
}
