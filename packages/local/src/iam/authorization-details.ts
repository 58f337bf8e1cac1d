import type { AttachedPolicy, ManagedPolicyDetail } from '@aws-sdk/client-iam'
import { awsManagedPolicies } from './aws-managed-policies.js'
import { describe as describeProfile } from './instance-profiles.js'
import type { IamOperations } from './operation.js'
import { page } from './pages.js'
import { describePolicy, describeVersion } from './policies.js'
import { usesOf } from './policy-uses.js'
import type { GroupRecord, PolicyRecord, RoleRecord, UserRecord } from './records.js'
import { describeRole } from './roles.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'
import { describeUser } from './users.js'

type Entry =
  | { readonly kind: 'User'; readonly record: UserRecord }
  | { readonly kind: 'Group'; readonly record: GroupRecord }
  | { readonly kind: 'Role'; readonly record: RoleRecord }
  | { readonly kind: 'Policy'; readonly record: PolicyRecord }

export const authorizationDetailOperations = {
  /** Everything about who may do what, over all kinds in one paged list. */
  GetAccountAuthorizationDetails(input, call, { tables }) {
    const { account } = call.caller
    const filter = new Set<string>(
      input.Filter ?? ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'],
    )
    const { items, ...rest } = page(
      entries(tables, account, filter),
      input,
      ({ kind, record }) => `${kind} ${record.arn}`,
    )
    return {
      UserDetailList: items.flatMap(({ kind, record }) => (kind === 'User' ? [userDetail(record)] : [])),
      GroupDetailList: items.flatMap(({ kind, record }) => (kind === 'Group' ? [groupDetail(record)] : [])),
      RoleDetailList: items.flatMap(({ kind, record }) =>
        kind === 'Role' ? [roleDetail(tables, record)] : [],
      ),
      Policies: items.flatMap(({ kind, record }) =>
        kind === 'Policy' ? [policyDetail(tables, account, record)] : [],
      ),
      ...rest,
    }
  },
} satisfies IamOperations

function* entries(tables: IamTables, account: string, filter: ReadonlySet<string>): Generator<Entry> {
  if (filter.has('User')) {
    for (const { value } of under(tables.users, [account])) yield { kind: 'User', record: value }
  }
  if (filter.has('Group')) {
    for (const { value } of under(tables.groups, [account])) yield { kind: 'Group', record: value }
  }
  if (filter.has('Role')) {
    for (const { value } of under(tables.roles, [account])) yield { kind: 'Role', record: value }
  }
  if (filter.has('LocalManagedPolicy')) {
    for (const { value } of under(tables.policies, [account])) yield { kind: 'Policy', record: value }
  }
  if (filter.has('AWSManagedPolicy')) {
    for (const record of awsManagedPolicies()) {
      if (usesOf(tables, account, record.arn).length > 0) yield { kind: 'Policy', record }
    }
  }
}

function inlineList(inline: Readonly<Record<string, string>>) {
  return Object.entries(inline).map(([PolicyName, text]) => ({
    PolicyName,
    PolicyDocument: encodeURIComponent(text),
  }))
}

/** A policy's ARN ends with its name: to look each up would be to read all of its versions. */
function attachedList({ attached }: GroupRecord): AttachedPolicy[] {
  return attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))
}

function userDetail(user: UserRecord) {
  return {
    ...describeUser(user),
    UserPolicyList: inlineList(user.inline),
    GroupList: [...user.groups],
    AttachedManagedPolicies: attachedList(user),
  }
}

function groupDetail(group: GroupRecord) {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdMs),
    GroupPolicyList: inlineList(group.inline),
    AttachedManagedPolicies: attachedList(group),
  }
}

function roleDetail(tables: IamTables, role: RoleRecord) {
  const { Description: _d, MaxSessionDuration: _m, ...details } = describeRole(role)
  const profiles = [...under(tables.instanceProfiles, [role.account])].map(({ value }) => value)
  return {
    ...details,
    InstanceProfileList: profiles
      .filter((profile) => profile.role === role.name)
      .map((profile) => describeProfile(tables, profile)),
    RolePolicyList: inlineList(role.inline),
    AttachedManagedPolicies: attachedList(role),
  }
}

function policyDetail(tables: IamTables, account: string, policy: PolicyRecord): ManagedPolicyDetail {
  const { Tags: _, ...details } = describePolicy(tables, account, policy)
  return { ...details, PolicyVersionList: policy.versions.map((version) => describeVersion(policy, version)) }
}
