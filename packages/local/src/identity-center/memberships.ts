import { randomUUID } from 'node:crypto'
import { conflict, notFound } from './errors.js'
import type { IdentityStoreOperations } from './operation.js'
import { checkStore, getGroup, getUser } from './operation.js'
import { page } from './pages.js'
import type { StoreMembershipRecord } from './records.js'
import { all, type IdentityCenterTables } from './tables.js'

export const membershipOperations = {
  CreateGroupMembership(input, call, { tables, write }) {
    return write(() => {
      const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
      const group = getGroup(tables, input.GroupId).id
      const user = getUser(tables, input.MemberId?.UserId).id
      if (find(tables, group, user) !== undefined)
        throw conflict('Member and Group relationship already exists.')
      const membership = { id: randomUUID(), group, user }
      tables.memberships.put([membership.id], membership)
      return { MembershipId: membership.id, IdentityStoreId }
    })
  },

  DescribeGroupMembership(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    return describe(getMembership(tables, input.MembershipId), store)
  },

  DeleteGroupMembership(input, call, { tables, write }) {
    return write(() => {
      checkStore(tables, call, input.IdentityStoreId)
      tables.memberships.delete([getMembership(tables, input.MembershipId).id])
      return {}
    })
  },

  GetGroupMembershipId(input, call, { tables }) {
    const IdentityStoreId = checkStore(tables, call, input.IdentityStoreId)
    const found = find(tables, input.GroupId ?? '', input.MemberId?.UserId ?? '')
    if (found === undefined) throw notFound('MEMBERSHIP not found.')
    return { MembershipId: found.id, IdentityStoreId }
  },

  ListGroupMemberships(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    const { id } = getGroup(tables, input.GroupId)
    const of = all(tables.memberships).filter(({ group }) => group === id)
    const { items, ...rest } = page(of, input, (one) => one.id)
    return { GroupMemberships: items.map((one) => describe(one, store)), ...rest }
  },

  ListGroupMembershipsForMember(input, call, { tables }) {
    const store = checkStore(tables, call, input.IdentityStoreId)
    const { id } = getUser(tables, input.MemberId?.UserId)
    const of = all(tables.memberships).filter(({ user }) => user === id)
    const { items, ...rest } = page(of, input, (one) => one.id)
    return { GroupMemberships: items.map((one) => describe(one, store)), ...rest }
  },

  IsMemberInGroups(input, call, { tables }) {
    checkStore(tables, call, input.IdentityStoreId)
    const { id } = getUser(tables, input.MemberId?.UserId)
    const Results = (input.GroupIds ?? []).map((GroupId) => ({
      GroupId,
      MemberId: { UserId: id },
      MembershipExists: find(tables, GroupId, id) !== undefined,
    }))
    return { Results }
  },
} satisfies IdentityStoreOperations

function find(tables: IdentityCenterTables, group: string, user: string): StoreMembershipRecord | undefined {
  return all(tables.memberships).find((one) => one.group === group && one.user === user)
}

function getMembership(tables: IdentityCenterTables, id: string | undefined): StoreMembershipRecord {
  const membership = tables.memberships.get([id ?? ''])
  if (membership === undefined) throw notFound('MEMBERSHIP not found.')
  return membership
}

function describe({ group, id, user }: StoreMembershipRecord, IdentityStoreId: string) {
  return { IdentityStoreId, MembershipId: id, GroupId: group, MemberId: { UserId: user } }
}
