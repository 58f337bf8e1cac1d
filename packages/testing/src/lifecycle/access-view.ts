import {
  someReservedRole,
  type ExternalReservedRole,
  type IamRole,
  type IamUser,
  type Plan,
} from '@ringfence/plan'
import { documentOf, sortedInstants, type Document } from './documents.js'

/** All that decides on what a user or a role may do but the policies of buckets: the same object for the same. */
export interface Standing {
  readonly id: number
  readonly arn: string
  readonly tags: Readonly<Record<string, string>>
  readonly boundary: Document | undefined
  /** Its own and those of its groups. */
  readonly policies: readonly Document[]
  /** All instants in the policies, sorted. */
  readonly instantsMs: readonly number[]
}

/** A user or a role. */
export interface Holder {
  readonly name: string
  readonly standing: Standing
  /** Of AWS; a planned one has none. */
  readonly uniqueId?: string
  /** Of roles. */
  readonly trust?: Document
  /** Of roles that Identity Center makes: the user names of those who are assigned to it. */
  readonly letsIn?: ReadonlySet<string>
}

/** What stands around a bucket. */
export interface Fence {
  readonly policy: Document | undefined
  /** The key with which it encrypts by default; without a policy while there is no such key. */
  readonly key: { readonly alias: string; readonly policy: Document | undefined } | undefined
}

/** Those of all buckets by name: the same object for the same. */
export interface Fences {
  readonly id: number
  readonly byBucket: ReadonlyMap<string, Fence>
  readonly instantsMs: readonly number[]
}

/** Who may do what with which buckets: of an account as it is, or of a plan. */
export interface AccessView {
  readonly account: string
  readonly users: ReadonlyMap<string, Holder>
  readonly roles: ReadonlyMap<string, Holder>
  readonly fences: Fences
}

/** Whether two views of an account are the same. */
export function isSameView(one: AccessView, other: AccessView): boolean {
  const text = ({ roles, users }: AccessView) =>
    [...users.values(), ...roles.values()]
      .map(({ letsIn = [], name, standing, trust, uniqueId }) =>
        [name, uniqueId, standing.id, trust?.id, ...[...letsIn].toSorted()].join(' '),
      )
      .join('\n')
  return one.fences === other.fences && text(one) === text(other)
}

const standings = new Map<string, Standing>()

export function standingOf(given: Omit<Standing, 'id' | 'instantsMs'>): Standing {
  const { arn, tags, boundary, policies } = given
  const ids = policies.map(({ id }) => id).toSorted((one, other) => one - other)
  const key = `${arn} ${JSON.stringify(tags)} ${boundary?.id ?? '-'} ${ids.join(' ')}`
  let standing = standings.get(key)
  if (standing === undefined) {
    const instants = [...policies, ...(boundary === undefined ? [] : [boundary])]
    standing = {
      ...given,
      id: standings.size,
      instantsMs: sortedInstants(instants.flatMap(({ instantsMs }) => instantsMs)),
    }
    standings.set(key, standing)
  }
  return standing
}

const allFences = new Map<string, Fences>()

export function fencesOf(byBucket: ReadonlyMap<string, Fence>): Fences {
  const texts = [...byBucket].map(([name, fence]) => `${name} ${fenceText(fence)}`)
  const key = texts.toSorted().join('|')
  let fences = allFences.get(key)
  if (fences === undefined) {
    const instants = [...byBucket.values()].flatMap(instantsOf)
    fences = { id: allFences.size, byBucket: new Map(byBucket), instantsMs: sortedInstants(instants) }
    allFences.set(key, fences)
  }
  return fences
}

/** The same for two fences alike. */
export function fenceText({ key, policy }: Fence): string {
  return `${policy?.id ?? '-'} ${key === undefined ? '-' : `${key.alias} ${key.policy?.id ?? '-'}`}`
}

export function instantsOf({ key, policy }: Fence): readonly number[] {
  return [...(policy?.instantsMs ?? []), ...(key?.policy?.instantsMs ?? [])]
}

/** What a plan gives, once it is deployed. */
export function viewOfPlan(plan: Plan): AccessView {
  const policies = new Map<string, Document>()
  const attached = new Map<string, readonly string[]>()
  const groupsOf = new Map<string, readonly string[]>()
  const fences = new Map<string, Fence>()
  const keys = new Map<string, Document>()
  const aliases = new Map<string, string>()
  const bucketKeys = new Map<string, string>()
  for (const one of plan.resources) {
    if (one.type === 'iam.Policy') policies.set(one.arn, documentOf(JSON.stringify(one.policy)))
    if (one.type === 'iam.PolicyAttachments') attached.set(`${one.target}/${one.name}`, one.policyArns)
    if (one.type === 'iam.UserGroupMembership') groupsOf.set(one.user, one.groups)
    if (one.type === 'kms.Key') keys.set(one.id, documentOf(JSON.stringify(one.policy)))
    if (one.type === 'kms.Alias') aliases.set(one.arn, one.key)
    if (one.type === 's3.BucketServerSideEncryptionConfiguration' && one.kmsKeyAliasArn !== undefined)
      bucketKeys.set(one.bucket, one.kmsKeyAliasArn)
    if (one.type === 's3.BucketPolicy') {
      const arn = bucketKeys.get(one.bucket)
      const policy = keys.get(aliases.get(arn ?? '') ?? '')
      fences.set(one.bucket, {
        policy: documentOf(JSON.stringify(one.policy)),
        key: arn === undefined ? undefined : { alias: aliasName(arn), policy },
      })
    }
  }
  const holder = (kind: 'user' | 'role', one: IamUser | IamRole): Holder => {
    const groups = kind === 'user' ? (groupsOf.get(one.name) ?? []) : []
    const targets = [`${kind}/${one.name}`, ...groups.map((group) => `group/${group}`)]
    const arns = targets.flatMap((key) => attached.get(key) ?? [])
    return {
      name: one.name,
      standing: standingOf({
        arn: one.arn,
        tags: one.tags,
        boundary: policies.get(one.permissionsBoundary),
        policies: arns.flatMap((arn) => policies.get(arn) ?? []),
      }),
      ...(one.type === 'iam.Role' ? { trust: documentOf(JSON.stringify(one.assumeRolePolicy)) } : {}),
    }
  }
  const users = new Map<string, Holder>()
  const roles = new Map<string, Holder>()
  for (const one of plan.resources) {
    if (one.type === 'iam.User') users.set(one.name, holder('user', one))
    if (one.type === 'iam.Role') roles.set(one.name, holder('role', one))
  }
  for (const one of plan.external) {
    if (one.kind !== 'reservedRole') continue
    const { arn, name } = someReservedRole(one)
    const standing = standingOf({
      arn,
      tags: {},
      boundary: policies.get(one.permissionsBoundary),
      policies: one.policyArns.flatMap((policy) => policies.get(policy) ?? []),
    })
    roles.set(name, { name, standing, letsIn: assignedIn(plan, one) })
  }
  return { account: plan.account, users, roles, fences: fencesOf(fences) }
}

/** Who is in the groups to which a permission set is assigned. */
function assignedIn({ identityCenter }: Plan, { permissionSet }: ExternalReservedRole): ReadonlySet<string> {
  const resources = identityCenter?.resources ?? []
  const set = resources.find((one) => one.type === 'ssoadmin.PermissionSet' && one.name === permissionSet)
  const groups = new Set(
    resources.flatMap((one) =>
      one.type === 'ssoadmin.AccountAssignment' && one.permissionSet === set?.id && 'id' in one.group
        ? [one.group.id]
        : [],
    ),
  )
  const users = new Set(
    resources.flatMap((one) =>
      one.type === 'identitystore.GroupMembership' && groups.has(one.group) ? [one.user] : [],
    ),
  )
  return new Set(
    resources.flatMap((one) =>
      one.type === 'identitystore.User' && users.has(one.id) ? [one.userName] : [],
    ),
  )
}

/**
 * As a plan would have it: AWS picks the end of the name of a role of Identity Center, and no policy can know what it is.
 */
export function withoutPick(nameOrArn: string): string {
  return nameOrArn.replace(/(?<=AWSReservedSSO_.*_)[0-9a-f]{16}$/, '0123456789abcdef')
}

/** `alias/…` of an alias's ARN. */
export function aliasName(arn: string): string {
  return arn.slice(arn.indexOf(':alias/') + 1)
}
