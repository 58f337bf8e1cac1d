import type { GroupMembership, GroupMembershipArgs } from '@pulumi/aws/identitystore/groupMembership.js'
import { unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { gone } from './group.js'

const fixedArgument = { kind: 'string', required: true, replaces: true } as const

export const identityStoreGroupMembership = resourceType<GroupMembershipArgs, GroupMembership>({
  token: 'aws:identitystore/groupMembership:GroupMembership',
  arguments: { groupId: fixedArgument, identityStoreId: fixedArgument, memberId: fixedArgument },
  outputs: ['membershipId'],

  async create({ groupId, identityStoreId, memberId }, aws) {
    const { MembershipId } = await (
      await aws.identityStore()
    ).createGroupMembership({
      IdentityStoreId: identityStoreId,
      GroupId: groupId,
      MemberId: { UserId: memberId },
    })
    return { id: `${identityStoreId}/${MembershipId}` }
  },
  async read(id, aws, { identityStoreId }) {
    const MembershipId = id.slice(id.indexOf('/') + 1)
    const described = (await aws.identityStore()).describeGroupMembership({
      IdentityStoreId: identityStoreId,
      MembershipId,
    })
    const found = await unlessGone(described, gone)
    if (found === undefined) return undefined
    const memberId = found.MemberId?.UserId
    return { groupId: found.GroupId, identityStoreId, memberId, membershipId: MembershipId }
  },
  async delete(id, { identityStoreId }, aws) {
    const MembershipId = id.slice(id.indexOf('/') + 1)
    await unlessGone(
      (await aws.identityStore()).deleteGroupMembership({ IdentityStoreId: identityStoreId, MembershipId }),
      gone,
    )
  },
})
