import type { LocalAws, LocalCredentials } from '@ringfence/local'
import type {
  AttachedPolicy,
  GroupDetail,
  ManagedPolicyDetail,
  PolicyDetail,
  RoleDetail,
  Tag,
  UserDetail,
} from '@aws-sdk/client-iam'
import { aliasName, fencesOf, standingOf, withoutPick, type AccessView, type Holder } from './access-view.js'
import { CenterReader } from './center-reader.js'
import { documentOf, type Document } from './documents.js'
import type { Change } from './in-process-aws.js'

type Kind = 'User' | 'Group' | 'Role' | 'LocalManagedPolicy'

/**
 * What an account tells of itself: GetAccountAuthorizationDetails, and the policies of its buckets and keys; and whom
 * Identity Center lets into its roles there.
 */
export class AccountReader {
  #users: readonly UserDetail[] = []
  #groups: readonly GroupDetail[] = []
  #roles: readonly RoleDetail[] = []
  /** By ARN, those in force. */
  #policies = new Map<string, Document>()
  readonly #buckets = new Map<
    string,
    { readonly policy: Document | undefined; readonly alias: string | undefined }
  >()
  /** By alias. */
  #keys: ReadonlyMap<string, Document> = new Map()

  readonly #center: CenterReader

  /** `management`: of the account that administers Identity Center. */
  constructor(
    private readonly local: Pick<LocalAws, 'account' | 'call' | 'root'>,
    management: LocalCredentials,
  ) {
    this.#center = new CenterReader(local, management)
  }

  /** Everything anew. */
  async read(): Promise<AccessView> {
    await this.#readDetails(['User', 'Group', 'Role', 'LocalManagedPolicy'])
    this.#buckets.clear()
    const { Buckets = [] } = await this.local.call(this.local.root, 's3', 'ListBuckets', {})
    for (const { Name = '' } of Buckets) await this.#readBucket(Name)
    await this.#readKeys()
    await this.#center.read()
    return this.view()
  }

  /** Only what a change has touched: the entities that it names. */
  async readAfter(change: Change): Promise<AccessView> {
    const { input, service } = change
    if (service === 'sso-admin' || service === 'identitystore') return this.#readAfterCenter(change)
    if (service === 'kms') await this.#readKeys()
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
    return this.view()
  }

  async #readAfterCenter(change: Change): Promise<AccessView> {
    await this.#center.readAfter(change)
    if (change.service === 'sso-admin') await this.#readDetails(['Role'])
    return this.view()
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
    const { call, root } = this.local
    try {
      const found = await unlessNone(call(root, 's3', 'GetBucketPolicy', { Bucket }), 'NoSuchBucketPolicy')
      const by = await unlessNone(
        call(root, 's3', 'GetBucketEncryption', { Bucket }),
        'ServerSideEncryptionConfigurationNotFoundError',
      )
      const [rule] = by?.ServerSideEncryptionConfiguration?.Rules ?? []
      const key = rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID
      this.#buckets.set(Bucket, {
        policy: found?.Policy === undefined ? undefined : documentOf(found.Policy),
        alias: key === undefined ? undefined : aliasName(key),
      })
    } catch (error) {
      if ((error as { readonly code?: string }).code !== 'NoSuchBucket') throw error
      this.#buckets.delete(Bucket)
    }
  }

  async #readKeys(): Promise<void> {
    const { call, root } = this.local
    const { Aliases = [] } = await call(root, 'kms', 'ListAliases', {})
    const keys = new Map<string, Document>()
    for (const { AliasName = '', TargetKeyId: KeyId } of Aliases) {
      if (!AliasName.startsWith('alias/ringfence/')) continue
      const { Policy = '' } = await call(root, 'kms', 'GetKeyPolicy', { KeyId, PolicyName: 'default' })
      keys.set(AliasName, documentOf(Policy))
    }
    this.#keys = keys
  }

  /** As it was read last. */
  view(): AccessView {
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
    const roles = this.#roles.map((one): Holder => {
      const letsIn = this.#center.letInto(one.RoleName ?? '')
      return {
        name: withoutPick(one.RoleName ?? ''),
        uniqueId: one.RoleId ?? '',
        standing: standingOf({
          arn: withoutPick(one.Arn ?? ''),
          tags: tagsOf(one.Tags),
          boundary: boundary(one),
          policies: all(one.AttachedManagedPolicies, one.RolePolicyList),
        }),
        ...(letsIn === undefined
          ? { trust: documentOf(decodeURIComponent(one.AssumeRolePolicyDocument ?? '')) }
          : { letsIn }),
      }
    })
    const fences = [...this.#buckets].map(([name, { alias, policy }]) => {
      const key = alias === undefined ? undefined : { alias, policy: this.#keys.get(alias) }
      return [name, { policy, key }] as const
    })
    return {
      account: this.local.account,
      users: new Map(users.map((one) => [one.name, one])),
      roles: new Map(roles.map((one) => [one.name, one])),
      fences: fencesOf(new Map(fences)),
    }
  }
}

async function unlessNone<Answer>(answer: Promise<Answer>, code: string): Promise<Answer | undefined> {
  try {
    return await answer
  } catch (error) {
    if ((error as { readonly code?: string }).code !== code) throw error
    return undefined
  }
}

function inForce({ PolicyVersionList = [] }: ManagedPolicyDetail): Document {
  const version = PolicyVersionList.find(({ IsDefaultVersion }) => IsDefaultVersion === true)
  return documentOf(decodeURIComponent(version?.Document ?? ''))
}

function tagsOf(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}
