import {
  type AttachedPolicy,
  type IAM,
  type ManagedPolicyDetail,
  type PolicyDetail,
  type RoleDetail,
  type UserDetail,
  paginateGetAccountAuthorizationDetails,
} from '@aws-sdk/client-iam'
import { canonicalText, type Fact, present, type Thing } from '@ringfence/lifecycle'
import { readCredentials } from '../offboard/read-user.js'
import type { DriftScope } from './scope.js'
import { mapSome, unlessGone } from './unless-gone.js'

/** What IAM says of an account. */
export interface IamFound {
  readonly facts: readonly Fact[]
  /** ARNs of policies, by which others call them. */
  readonly arns: ReadonlyMap<Thing, string>
}

interface Details {
  readonly users: readonly UserDetail[]
  readonly groups: readonly {
    GroupName?: string
    Path?: string
    AttachedManagedPolicies?: AttachedPolicy[]
    GroupPolicyList?: PolicyDetail[]
  }[]
  readonly roles: readonly RoleDetail[]
  readonly policies: readonly ManagedPolicyDetail[]
}

/** Reads all that IAM holds of what is in scope, and who else has anything of it. */
export async function readIam(iam: IAM, scope: DriftScope): Promise<IamFound> {
  const details = await readDetails(iam)
  const ours = (thing: Thing, path: string | undefined): boolean =>
    scope.things.has(thing) || (path ?? '').startsWith(scope.path)
  const facts: Fact[] = []
  const arns = new Map<Thing, string>()
  const users = details.users.filter(({ UserName, Path }) => ours(`user/${UserName ?? ''}`, Path))
  const roles = details.roles.filter(({ RoleName, Path }) => ours(`role/${RoleName ?? ''}`, Path))
  const groups = details.groups.filter(({ GroupName, Path }) => ours(`group/${GroupName ?? ''}`, Path))
  const policies = details.policies.filter(({ PolicyName, Path }) => ours(`policy/${PolicyName ?? ''}`, Path))
  for (const found of await mapSome(users, (user) => userFacts(iam, user))) facts.push(...found)
  for (const found of await mapSome(roles, (role) => roleFacts(iam, role))) facts.push(...found)
  for (const group of groups) {
    const thing: Thing = `group/${group.GroupName ?? ''}`
    facts.push(...entityFacts(thing, group.Path, group.AttachedManagedPolicies, group.GroupPolicyList))
  }
  for (const found of await mapSome(policies, (policy) => policyFacts(iam, policy))) facts.push(...found)
  for (const { PolicyName, Arn } of policies) arns.set(`policy/${PolicyName ?? ''}`, Arn ?? '')
  facts.push(...foreignFacts(details, scope, new Set(facts.map(({ thing }) => thing))))
  return { facts, arns }
}

async function readDetails(iam: IAM): Promise<Details> {
  const details = { users: [], groups: [], roles: [], policies: [] } as {
    users: UserDetail[]
    groups: Details['groups'][number][]
    roles: RoleDetail[]
    policies: ManagedPolicyDetail[]
  }
  const Filter = ['User', 'Group', 'Role', 'LocalManagedPolicy'] as const
  const pages = paginateGetAccountAuthorizationDetails({ client: iam }, { Filter: [...Filter] })
  for await (const page of pages) {
    details.users.push(...(page.UserDetailList ?? []))
    details.groups.push(...(page.GroupDetailList ?? []))
    details.roles.push(...(page.RoleDetailList ?? []))
    details.policies.push(...(page.Policies ?? []))
  }
  return details
}

/** Users, groups and roles of others that are in a group of ringfence's or have a policy of its attached. */
function* foreignFacts(details: Details, scope: DriftScope, known: ReadonlySet<Thing>): Generator<Fact> {
  const others = [
    ...details.users.map((user) => ({ ...user, thing: `user/${user.UserName ?? ''}` as Thing })),
    ...details.groups.map((group) => ({ ...group, thing: `group/${group.GroupName ?? ''}` as Thing })),
    ...details.roles.map((role) => ({ ...role, thing: `role/${role.RoleName ?? ''}` as Thing })),
  ].filter(({ thing }) => !known.has(thing))
  for (const other of others) {
    const reserved = scope.reserved.get(other.thing.replace(/^role\//, '').replace(/[^_]*$/, ''))
    for (const { PolicyArn: name = '' } of other.AttachedManagedPolicies ?? []) {
      if (!name.includes(`:policy${scope.path}`) || reserved?.includes(name) === true) continue
      yield { thing: other.thing, aspect: 'attachment', name, value: present }
    }
    const inline = reserved !== undefined && 'RolePolicyList' in other ? (other.RolePolicyList ?? []) : []
    yield* inlineFacts(other.thing, inline)
    for (const name of 'GroupList' in other ? (other.GroupList ?? []) : []) {
      if (!known.has(`group/${name}`)) continue
      yield { thing: other.thing, aspect: 'group', name, value: present }
    }
  }
}

function entityFacts(
  thing: Thing,
  path: string | undefined,
  attached: readonly AttachedPolicy[] | undefined,
  inline: readonly PolicyDetail[] | undefined,
): readonly Fact[] {
  return [
    { thing, aspect: 'exists', value: present },
    { thing, aspect: 'path', value: path ?? '/' },
    ...(attached ?? []).map(({ PolicyArn: name = '' }): Fact => ({
      thing,
      aspect: 'attachment',
      name,
      value: present,
    })),
    ...inlineFacts(thing, inline ?? []),
  ]
}

function inlineFacts(thing: Thing, inline: readonly PolicyDetail[]): readonly Fact[] {
  return inline.map(({ PolicyName: name = '', PolicyDocument }) => ({
    thing,
    aspect: 'inlinePolicy',
    name,
    value: documentText(PolicyDocument),
  }))
}

async function userFacts(iam: IAM, user: UserDetail): Promise<readonly Fact[]> {
  const name = user.UserName ?? ''
  const thing: Thing = `user/${name}`
  const held = await readCredentials(iam, name)
  const several = (aspect: Fact['aspect'], names: readonly string[]): readonly Fact[] =>
    names.map((one) => ({ thing, aspect, name: one, value: present }))
  return [
    ...entityFacts(thing, user.Path, user.AttachedManagedPolicies, user.UserPolicyList),
    ...boundaryFacts(thing, user.PermissionsBoundary?.PermissionsBoundaryArn),
    ...tagsOf(thing, user.Tags),
    ...several('group', user.GroupList ?? []),
    ...held.accessKeys.map(({ id, active }): Fact => ({
      thing,
      aspect: 'accessKey',
      name: id,
      value: active ? 'Active' : 'Inactive',
    })),
    ...(held.password ? [{ thing, aspect: 'password' as const, value: present }] : []),
    ...several('sshKey', held.sshKeys),
    ...several('serviceCredential', held.serviceCredentials),
    ...several('signingCertificate', held.signingCertificates),
  ]
}

async function roleFacts(iam: IAM, role: RoleDetail): Promise<readonly Fact[]> {
  const RoleName = role.RoleName ?? ''
  const thing: Thing = `role/${RoleName}`
  // The details of an account tell neither a role's description nor how long its sessions may last.
  const more = (await unlessGone(iam.getRole({ RoleName }), 'NoSuchEntityException'))?.Role
  return [
    ...entityFacts(thing, role.Path, role.AttachedManagedPolicies, role.RolePolicyList),
    ...boundaryFacts(thing, role.PermissionsBoundary?.PermissionsBoundaryArn),
    ...tagsOf(thing, role.Tags),
    { thing, aspect: 'description', value: more?.Description ?? '' },
    { thing, aspect: 'sessionDuration', value: String(more?.MaxSessionDuration ?? 3600) },
    { thing, aspect: 'trust', value: documentText(role.AssumeRolePolicyDocument) },
    ...(role.InstanceProfileList ?? []).map(({ InstanceProfileName: name = '' }): Fact => ({
      thing,
      aspect: 'instanceProfile',
      name,
      value: present,
    })),
  ]
}

async function policyFacts(iam: IAM, policy: ManagedPolicyDetail): Promise<readonly Fact[]> {
  const thing: Thing = `policy/${policy.PolicyName ?? ''}`
  const more = (await unlessGone(iam.getPolicy({ PolicyArn: policy.Arn }), 'NoSuchEntityException'))?.Policy
  const current = policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)
  return [
    { thing, aspect: 'exists', value: present },
    { thing, aspect: 'path', value: policy.Path ?? '/' },
    { thing, aspect: 'description', value: more?.Description ?? '' },
    { thing, aspect: 'document', value: documentText(current?.Document) },
    ...tagsOf(thing, more?.Tags),
  ]
}

function boundaryFacts(thing: Thing, boundary: string | undefined): readonly Fact[] {
  return boundary === undefined ? [] : [{ thing, aspect: 'boundary', value: boundary }]
}

interface Tag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

/** A fact for each tag, as AWS lists them. */
export function tagsOf(thing: Thing, tags: readonly Tag[] | undefined): readonly Fact[] {
  return (tags ?? []).map(({ Key: name = '', Value: value = '' }) => ({ thing, aspect: 'tag', name, value }))
}

/** IAM gives documents percent-encoded. */
function documentText(encoded: string | undefined): string {
  return canonicalText(decodeURIComponent(encoded ?? ''))
}
