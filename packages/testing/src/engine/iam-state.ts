import {
  paginateGetAccountAuthorizationDetails,
  paginateListAccessKeys,
  paginateListMFADevices,
  paginateListSigningCertificates,
  paginateListSSHPublicKeys,
  type AttachedPolicy,
  type GetAccountAuthorizationDetailsResponse,
  type GroupDetail,
  type IAM,
  type ManagedPolicyDetail,
  type PolicyDetail,
  type RoleDetail,
  type UserDetail,
} from '@aws-sdk/client-iam'
import { collect, unlessGone, type Aws } from '../pulumi-resource-aws/aws.js'
import { canonicalDocument } from '../pulumi-resource-aws/policy-document.js'
import { tagMap, type Tags } from '../pulumi-resource-aws/tags.js'

interface Holder {
  readonly path: string | undefined
  readonly attached: readonly string[]
  /** Policies that are written into it. */
  readonly inline: Readonly<Record<string, unknown>>
}
interface UserState extends Holder {
  readonly boundary: string | undefined
  readonly groups: readonly string[]
  readonly tags: Tags
  /** Statuses of the access keys. */
  readonly accessKeys: readonly string[]
  readonly mfaDevices: number
  /** SSH public keys, service-specific credentials and signing certificates. */
  readonly otherCredentials: number
  readonly password: boolean
}
interface RoleState extends Holder {
  readonly boundary: string | undefined
  readonly description: string
  readonly maxSessionDuration: number | undefined
  readonly tags: Tags
  readonly trust: unknown
}
interface PolicyState {
  readonly description: string
  readonly document: unknown
  readonly tags: Tags
}

/** IAM by names, and policies by ARN. */
export interface IamState {
  readonly users: Readonly<Record<string, UserState>>
  readonly groups: Readonly<Record<string, Holder>>
  readonly roles: Readonly<Record<string, RoleState>>
  readonly policies: Readonly<Record<string, PolicyState>>
}

/** Everything that IAM holds, but for the policies that AWS itself manages. */
export async function iamState(aws: Aws): Promise<IamState> {
  const iam = await aws.iam()
  const filter: ('User' | 'Group' | 'Role' | 'LocalManagedPolicy')[] = [
    'User',
    'Group',
    'Role',
    'LocalManagedPolicy',
  ]
  const pages = paginateGetAccountAuthorizationDetails({ client: iam }, { Filter: filter })
  const details = await collect<
    GetAccountAuthorizationDetailsResponse,
    GetAccountAuthorizationDetailsResponse
  >(pages, (page) => [page])
  const [users, groups, roles, policies] = [
    details.flatMap((page) => page.UserDetailList ?? []),
    details.flatMap((page) => page.GroupDetailList ?? []),
    details.flatMap((page) => page.RoleDetailList ?? []),
    details.flatMap((page) => page.Policies ?? []),
  ]
  return {
    users: await byName(
      users,
      ({ UserName }) => UserName,
      (user) => userState(iam, user),
    ),
    groups: await byName(groups, ({ GroupName }) => GroupName, groupState),
    roles: await byName(
      roles,
      ({ RoleName }) => RoleName,
      (role) => roleState(iam, role),
    ),
    policies: await byName(
      policies,
      ({ Arn }) => Arn,
      (policy) => policyState(iam, policy),
    ),
  }
}

async function userState(iam: IAM, user: UserDetail): Promise<UserState> {
  const client = { client: iam }
  const UserName = user.UserName
  const keys = await collect(paginateListAccessKeys(client, { UserName }), (page) => page.AccessKeyMetadata)
  const devices = await collect(paginateListMFADevices(client, { UserName }), (page) => page.MFADevices)
  const ssh = await collect(paginateListSSHPublicKeys(client, { UserName }), (page) => page.SSHPublicKeys)
  const certificates = await collect(
    paginateListSigningCertificates(client, { UserName }),
    (page) => page.Certificates,
  )
  const { ServiceSpecificCredentials: services = [] } = await iam.listServiceSpecificCredentials({ UserName })
  return {
    path: user.Path,
    attached: arns(user.AttachedManagedPolicies),
    inline: documents(user.UserPolicyList),
    boundary: user.PermissionsBoundary?.PermissionsBoundaryArn,
    groups: (user.GroupList ?? []).toSorted(),
    tags: sorted(tagMap(user.Tags)),
    accessKeys: keys.map(({ Status: status = '' }) => status).toSorted(),
    mfaDevices: devices.length,
    otherCredentials: ssh.length + certificates.length + services.length,
    password: (await unlessGone(iam.getLoginProfile({ UserName }), 'NoSuchEntityException')) !== undefined,
  }
}

async function groupState(group: GroupDetail): Promise<Holder> {
  return {
    path: group.Path,
    attached: arns(group.AttachedManagedPolicies),
    inline: documents(group.GroupPolicyList),
  }
}

async function roleState(iam: IAM, role: RoleDetail): Promise<RoleState> {
  // The details of an account tell neither a role's description nor how long its sessions may last.
  const { Role: more } = await iam.getRole({ RoleName: role.RoleName })
  return {
    path: role.Path,
    attached: arns(role.AttachedManagedPolicies),
    inline: documents(role.RolePolicyList),
    boundary: role.PermissionsBoundary?.PermissionsBoundaryArn,
    description: more?.Description ?? '',
    maxSessionDuration: more?.MaxSessionDuration,
    tags: sorted(tagMap(role.Tags)),
    trust: document(role.AssumeRolePolicyDocument),
  }
}

async function policyState(iam: IAM, { Arn, PolicyVersionList }: ManagedPolicyDetail): Promise<PolicyState> {
  const { Policy: more } = await iam.getPolicy({ PolicyArn: Arn })
  const current = PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)
  return {
    description: more?.Description ?? '',
    document: document(current?.Document),
    tags: sorted(tagMap(more?.Tags)),
  }
}

function arns(policies: readonly AttachedPolicy[] | undefined): string[] {
  return (policies ?? []).map(({ PolicyArn = '' }) => PolicyArn).toSorted()
}

function documents(policies: readonly PolicyDetail[] | undefined): Record<string, unknown> {
  const entries = (policies ?? []).map(
    ({ PolicyName = '', PolicyDocument }) => [PolicyName, document(PolicyDocument)] as const,
  )
  return sorted(Object.fromEntries(entries))
}

function document(encoded: string | undefined): unknown {
  return canonicalDocument(decodeURIComponent(encoded ?? ''))
}

async function byName<Item, State>(
  items: readonly Item[],
  nameOf: (item: Item) => string | undefined,
  stateOf: (item: Item) => Promise<State>,
): Promise<Record<string, State>> {
  const entries: [string, State][] = []
  for (const item of items) entries.push([nameOf(item) ?? '', await stateOf(item)])
  return sorted(Object.fromEntries(entries))
}

/** With its members in the order of their names. */
export function sorted<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
