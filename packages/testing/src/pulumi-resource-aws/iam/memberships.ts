import type { GroupMembership, GroupMembershipArgs } from '@pulumi/aws/iam/groupMembership.js'
import type { UserGroupMembership, UserGroupMembershipArgs } from '@pulumi/aws/iam/userGroupMembership.js'
import { paginateGetGroup, paginateListGroupsForUser, type IAM } from '@aws-sdk/client-iam'
import { collect, unlessGone } from '../aws.js'
import { resourceType } from '../resource-type.js'
import { uniqueId } from '../unique-id.js'

const gone = 'NoSuchEntityException'

/** All members of a group: one that is not listed is seen as drift. */
export const iamGroupMembership = resourceType<GroupMembershipArgs, GroupMembership>({
  token: 'aws:iam/groupMembership:GroupMembership',
  arguments: {
    group: { kind: 'string', required: true, replaces: true },
    name: { kind: 'string', required: true, replaces: true },
    users: { kind: 'strings', required: true },
  },
  outputs: [],
  uniqueName: 'name',

  async create({ group, name = '', users }, aws) {
    const iam = await aws.iam()
    return { id: name, finish: () => setMembers(iam, group, [], users) }
  },
  async read(id, aws, { group }) {
    const pages = paginateGetGroup({ client: await aws.iam() }, { GroupName: group })
    const users = await unlessGone(
      collect(pages, (page) => page.Users),
      gone,
    )
    return users && { group, name: id, users: users.map(({ UserName }) => UserName) }
  },
  async update(_id, { before, after }, aws) {
    await setMembers(await aws.iam(), after.group, before.users, after.users)
  },
  async delete(_id, { group, users }, aws) {
    await setMembers(await aws.iam(), group, users, [])
  },
})

async function setMembers(
  iam: IAM,
  group: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const user of before.filter((name) => !after.includes(name)))
    await unlessGone(iam.removeUserFromGroup({ GroupName: group, UserName: user }), gone)
  for (const user of after.filter((name) => !before.includes(name)))
    await iam.addUserToGroup({ GroupName: group, UserName: user })
}

/** Some groups of a user: others are nobody's business here. */
export const iamUserGroupMembership = resourceType<UserGroupMembershipArgs, UserGroupMembership>({
  token: 'aws:iam/userGroupMembership:UserGroupMembership',
  arguments: {
    groups: { kind: 'strings', required: true },
    user: { kind: 'string', required: true, replaces: true },
  },
  outputs: [],

  async create({ groups, user }, aws) {
    const iam = await aws.iam()
    return { id: uniqueId('terraform-'), finish: () => setGroups(iam, user, [], groups) }
  },
  async read(_id, aws, { groups, user }) {
    const pages = paginateListGroupsForUser({ client: await aws.iam() }, { UserName: user })
    const present = await unlessGone(
      collect(pages, (page) => page.Groups),
      gone,
    )
    if (present === undefined) return undefined
    const names = new Set(present.map(({ GroupName }) => GroupName))
    return { groups: groups.filter((name) => names.has(name)), user }
  },
  async update(_id, { before, after }, aws) {
    await setGroups(await aws.iam(), after.user, before.groups, after.groups)
  },
  async delete(_id, { groups, user }, aws) {
    await setGroups(await aws.iam(), user, groups, [])
  },
})

async function setGroups(
  iam: IAM,
  user: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const group of before.filter((name) => !after.includes(name)))
    await unlessGone(iam.removeUserFromGroup({ GroupName: group, UserName: user }), gone)
  for (const group of after.filter((name) => !before.includes(name)))
    await iam.addUserToGroup({ GroupName: group, UserName: user })
}
