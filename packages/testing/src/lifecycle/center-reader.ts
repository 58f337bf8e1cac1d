import type { LocalAws, LocalCredentials } from '@ringfence/local'
import type { Change } from './in-process-aws.js'
import { identityCenter } from './small-organization.js'

const { identityStore: IdentityStoreId, instance: InstanceArn } = identityCenter

/** Whom Identity Center lets into the roles that it makes in an account, as its own account sees it. */
export class CenterReader {
  /** By the name of a permission set: the ids of the groups to which it is assigned in the account. */
  #groups: ReadonlyMap<string, readonly string[]> = new Map()
  /** By the id of a group. */
  #userNames: ReadonlyMap<string, readonly string[]> = new Map()

  constructor(
    private readonly local: Pick<LocalAws, 'account' | 'call'>,
    private readonly management: LocalCredentials,
  ) {}

  async read(): Promise<void> {
    await this.#readAssignments()
    await this.#readStore()
  }

  async readAfter({ operation, service }: Pick<Change, 'operation' | 'service'>): Promise<void> {
    if (operation.endsWith('AccountAssignment') || /^(Create|Delete)PermissionSet$/.test(operation))
      await this.#readAssignments()
    if (service === 'identitystore') await this.#readStore()
  }

  /** Undefined: the role is none of Identity Center's. */
  letInto(role: string): ReadonlySet<string> | undefined {
    const [, set] = /^AWSReservedSSO_(.*)_[0-9a-f]{16}$/.exec(role) ?? []
    if (set === undefined) return undefined
    const groups = this.#groups.get(set) ?? []
    return new Set(groups.flatMap((group) => this.#userNames.get(group) ?? []))
  }

  async #readAssignments(): Promise<void> {
    const { call, account: AccountId } = this.local
    const { management } = this
    const groups = new Map<string, readonly string[]>()
    const { PermissionSets = [] } = await call(management, 'sso-admin', 'ListPermissionSets', { InstanceArn })
    for (const PermissionSetArn of PermissionSets) {
      const one = { InstanceArn, PermissionSetArn }
      const { PermissionSet } = await call(management, 'sso-admin', 'DescribePermissionSet', one)
      const here = { ...one, AccountId }
      const { AccountAssignments = [] } = await call(management, 'sso-admin', 'ListAccountAssignments', here)
      groups.set(
        PermissionSet?.Name ?? '',
        AccountAssignments.map(({ PrincipalId = '' }) => PrincipalId),
      )
    }
    this.#groups = groups
  }

  async #readStore(): Promise<void> {
    const { call } = this.local
    const { management } = this
    const { Users = [] } = await call(management, 'identitystore', 'ListUsers', { IdentityStoreId })
    const nameOf = new Map(Users.map(({ UserId, UserName = '' }) => [UserId, UserName]))
    const userNames = new Map<string, readonly string[]>()
    const { Groups = [] } = await call(management, 'identitystore', 'ListGroups', { IdentityStoreId })
    for (const { GroupId = '' } of Groups) {
      const one = { IdentityStoreId, GroupId }
      const { GroupMemberships = [] } = await call(management, 'identitystore', 'ListGroupMemberships', one)
      userNames.set(
        GroupId,
        GroupMemberships.map(({ MemberId }) => nameOf.get(MemberId?.UserId) ?? ''),
      )
    }
    this.#userNames = userNames
  }
}
