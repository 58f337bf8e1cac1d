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
import { fencesOf, standingOf, type AccessView, type Holder } from './access-view.js'
import { documentOf, type Document } from './documents.js'
import type { Change } from './in-process-aws.js'

type Kind = 'User' | 'Group' | 'Role' | 'LocalManagedPolicy'

/** What an account tells of itself: GetAccountAuthorizationDetails, and the policies of its buckets. */
export class AccountReader {
  #users: readonly UserDetail[] = []
  #groups: readonly GroupDetail[] = []
  #roles: readonly RoleDetail[] = []
  /** By ARN, those in force. */
  #policies = new Map<string, Document>()
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
    if (kinds.length === 0 && typeof PolicyArn === 'string') await this.#readPolicy(PolicyArn)
    else if (kinds.length === 0 && PolicyName !== undefined) kinds.push('LocalManagedPolicy')
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

  async #readPolicy(PolicyArn: string): Promise<void> {
    try {
      const { Policy } = await this.local.call(this.local.root, 'iam', 'GetPolicy', { PolicyArn })
      const VersionId = Policy?.DefaultVersionId
      const input = { PolicyArn, VersionId }
      const { PolicyVersion } = await this.local.call(this.local.root, 'iam', 'GetPolicyVersion', input)
      this.#policies.set(PolicyArn, documentOf(decodeURIComponent(PolicyVersion?.Document ?? '')))
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'NoSuchEntity') throw error
      this.#policies.delete(PolicyArn)
    }
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
      name: one.UserName ?? '',
      uniqueId: one.UserId ?? '',
      standing: standingOf({
        arn: one.Arn ?? '',
        tags: tagsOf(one.Tags),
        boundary: boundary(one),
        policies: [
          ...all(one.AttachedManagedPolicies, one.UserPolicyList),
          ...(one.GroupList ?? []).flatMap((group) => ofGroup.get(group) ?? []),
        ],
      }),
    }))
    const roles = this.#roles.map((one): Holder => ({
      name: one.RoleName ?? '',
      uniqueId: one.RoleId ?? '',
      standing: standingOf({
        arn: one.Arn ?? '',
        tags: tagsOf(one.Tags),
        boundary: boundary(one),
        policies: all(one.AttachedManagedPolicies, one.RolePolicyList),
      }),
      trust: documentOf(decodeURIComponent(one.AssumeRolePolicyDocument ?? '')),
    }))
    return {
      account: this.local.account,
      users: new Map(users.map((one) => [one.name, one])),
      roles: new Map(roles.map((one) => [one.name, one])),
      fences: fencesOf(this.#buckets),
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
