import type { LocalAws } from '@ringfence/local'
import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  Tag,
  UserDetail,
} from '@aws-sdk/client-iam'
import type { AccessView, Holder } from './access-view.js'
import { documentOf, type Document } from './documents.js'
import type { Change } from './in-process-aws.js'

type Kind = 'User' | 'Group' | 'Role' | 'LocalManagedPolicy'

/** What an account tells of itself: GetAccountAuthorizationDetails, and the policies of its buckets. */
export class AccountReader {
  #users: readonly UserDetail[] = []
  #groups: readonly GroupDetail[] = []
  #roles: readonly RoleDetail[] = []
  /** By ARN, those in force. */
  #policies: ReadonlyMap<string, Document> = new Map()
  readonly #buckets = new Map<string, Document | undefined>()

  constructor(private readonly local: Pick<LocalAws, 'account' | 'call' | 'root'>) {}

  /** Everything anew. */
  async read(): Promise<AccessView> {
    await this.#readDetails(['User', 'Group', 'Role', 'LocalManagedPolicy'])
    this.#buckets.clear()
    const { Buckets = [] } = await this.local.call(this.local.root, 's3', 'ListBuckets', {})
    for (const { Name = '' } of Buckets) await this.#readBucket(Name)
    return this.#view()
  }

  /** Only what a change has touched: the entities that it names. */
  async readAfter({ input }: Change): Promise<AccessView> {
    const { Bucket, GroupName, PolicyArn, PolicyName, RoleName, UserName } = input
    const kinds: Kind[] = []
    if (UserName !== undefined) kinds.push('User')
    if (GroupName !== undefined) kinds.push('Group')
    if (RoleName !== undefined) kinds.push('Role')
    // With somebody it is an attachment, or their own.
    if (kinds.length === 0 && (PolicyArn ?? PolicyName) !== undefined) kinds.push('LocalManagedPolicy')
    if (kinds.length > 0) await this.#readDetails(kinds)
    if (typeof Bucket === 'string') await this.#readBucket(Bucket)
    return this.#view()
  }

  async #readDetails(kinds: readonly Kind[]): Promise<void> {
    const details = await this.local.call(this.local.root, 'iam', 'GetAccountAuthorizationDetails', {
      Filter: [...kinds],
      MaxItems: 1000,
    })
    if (details.IsTruncated === true) throw new Error('the account is larger than one page')
    if (kinds.includes('User')) this.#users = details.UserDetailList ?? []
    if (kinds.includes('Group')) this.#groups = details.GroupDetailList ?? []
    if (kinds.includes('Role')) this.#roles = details.RoleDetailList ?? []
    if (kinds.includes('LocalManagedPolicy'))
      this.#policies = new Map((details.Policies ?? []).map((one) => [one.Arn ?? '', inForce(one)]))
  }

  async #readBucket(Bucket: string): Promise<void> {
    try {
      const { Policy } = await this.local.call(this.local.root, 's3', 'GetBucketPolicy', { Bucket })
      this.#buckets.set(Bucket, documentOf(Policy ?? ''))
    } catch (error) {
      const { code } = error as { readonly code?: string }
      if (code === 'NoSuchBucket') this.#buckets.delete(Bucket)
      else if (code === 'NoSuchBucketPolicy') this.#buckets.set(Bucket, undefined)
      else throw error
    }
  }

  #view(): AccessView {
    const policies = this.#policies
    const all = (
      attached: readonly AttachedPolicy[] = [],
      inline: readonly PolicyDetail[] = [],
    ): Document[] => [
      ...attached.flatMap(({ PolicyArn }) => policies.get(PolicyArn ?? '') ?? []),
      ...inline.map(({ PolicyDocument = '' }) => documentOf(decodeURIComponent(PolicyDocument))),
    ]
    const ofGroup = new Map(
      this.#groups.map((one) => [one.GroupName, all(one.AttachedManagedPolicies, one.GroupPolicyList)]),
    )
    const boundary = (one: UserDetail | RoleDetail) =>
      policies.get(one.PermissionsBoundary?.PermissionsBoundaryArn ?? '')
    const users = this.#users.map((one): Holder => ({
      kind: 'user',
      name: one.UserName ?? '',
      arn: one.Arn ?? '',
      uniqueId: one.UserId ?? '',
      tags: tagsOf(one.Tags),
      boundary: boundary(one),
      policies: [
        ...all(one.AttachedManagedPolicies, one.UserPolicyList),
        ...(one.GroupList ?? []).flatMap((group) => ofGroup.get(group) ?? []),
      ],
    }))
    const roles = this.#roles.map((one): Holder => ({
      kind: 'role',
      name: one.RoleName ?? '',
      arn: one.Arn ?? '',
      uniqueId: one.RoleId ?? '',
      tags: tagsOf(one.Tags),
      boundary: boundary(one),
      policies: all(one.AttachedManagedPolicies, one.RolePolicyList),
      trust: documentOf(decodeURIComponent(one.AssumeRolePolicyDocument ?? '')),
    }))
    return {
      account: this.local.account,
      users: new Map(users.map((one) => [one.name, one])),
      roles: new Map(roles.map((one) => [one.name, one])),
      buckets: new Map(this.#buckets),
    }
  }
}

function inForce({ PolicyVersionList = [] }: ManagedPolicyDetail): Document {
  const version = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true)
  return documentOf(decodeURIComponent(version?.Document ?? ''))
}

function tagsOf(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}
