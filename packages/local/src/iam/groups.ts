import type { Group } from '@aws-sdk/client-iam'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './errors.js'
import { iamArn, newId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getGroup, getUser, putGroup, putUser, required } from './operation.js'
import { page } from './pages.js'
import { renameUses } from './policy-uses.js'
import type { GroupRecord, UserRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey, under } from './tables.js'
import { describeUser, withoutDetails } from './users.js'

/** Groups that one user may be in (IAM quotas). */
const maximumGroups = 10

export const groupOperations = {
  CreateGroup(input, call, { tables, write }) {
    const { account } = call.caller
    const name = required(input.GroupName, 'groupName')
    const path = input.Path ?? '/'
    return write(() => {
      if (tables.groups.get(nameKey(account, name)) !== undefined) {
        throw alreadyExists(`Group with name ${name} already exists.`)
      }
      const group: GroupRecord = {
        account,
        name,
        path,
        id: newId('AGPA'),
        arn: iamArn(account, `group${path}${name}`),
        createdMs: call.timeMs,
        inline: {},
        attached: [],
      }
      putGroup(tables, group)
      return { Group: describeGroup(group) }
    })
  },

  GetGroup(input, call, { tables }) {
    const group = getGroup(tables, call.caller.account, required(input.GroupName, 'groupName'))
    const { items, ...rest } = page(members(tables, group), input, ({ name }) => name)
    return {
      Group: describeGroup(group),
      Users: items.map((user) => withoutDetails(describeUser(user))),
      ...rest,
    }
  },

  ListGroups(input, call, { tables }) {
    const prefix = input.PathPrefix ?? '/'
    const groups = [...under(tables.groups, [call.caller.account])].map(({ value }) => value)
    const { items, ...rest } = page(
      groups.filter(({ path }) => path.startsWith(prefix)),
      input,
      ({ name }) => name,
    )
    return { Groups: items.map(describeGroup), ...rest }
  },

  UpdateGroup(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const group = getGroup(tables, account, required(input.GroupName, 'groupName'))
      const name = input.NewGroupName ?? group.name
      const path = input.NewPath ?? group.path
      const taken = tables.groups.get(nameKey(account, name))
      if (taken !== undefined && taken.id !== group.id) {
        throw alreadyExists(`Group with name ${name} already exists.`)
      }
      renameUses(tables, group, 'group', name)
      for (const user of members(tables, group)) {
        tables.memberships.delete([account, group.name.toLowerCase(), user.name.toLowerCase()])
        tables.memberships.put([account, name.toLowerCase(), user.name.toLowerCase()], true)
        putUser(tables, {
          ...user,
          groups: user.groups.map((other) => (other === group.name ? name : other)),
        })
      }
      tables.groups.delete(nameKey(account, group.name))
      putGroup(tables, { ...group, name, path, arn: iamArn(account, `group${path}${name}`) })
      return {}
    })
  },

  DeleteGroup(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const group = getGroup(tables, account, required(input.GroupName, 'groupName'))
      if (members(tables, group).length > 0) {
        throw deleteConflict('Cannot delete entity, must remove users from group first.')
      }
      if (Object.keys(group.inline).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.')
      }
      if (group.attached.length > 0) {
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      }
      tables.groups.delete(nameKey(account, group.name))
      return {}
    })
  },

  AddUserToGroup(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const group = getGroup(tables, account, required(input.GroupName, 'groupName'))
      const user = getUser(tables, account, required(input.UserName, 'userName'))
      if (user.groups.includes(group.name)) return {}
      if (user.groups.length >= maximumGroups) {
        throw limitExceeded(`Cannot exceed quota for GroupsPerUser: ${maximumGroups}`)
      }
      putUser(tables, { ...user, groups: [...user.groups, group.name] })
      tables.memberships.put([account, group.name.toLowerCase(), user.name.toLowerCase()], true)
      return {}
    })
  },

  RemoveUserFromGroup(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const group = getGroup(tables, account, required(input.GroupName, 'groupName'))
      const user = getUser(tables, account, required(input.UserName, 'userName'))
      if (!user.groups.includes(group.name)) {
        throw noSuchEntity(`The user with name ${user.name} is not in group ${group.name}.`)
      }
      putUser(tables, { ...user, groups: user.groups.filter((other) => other !== group.name) })
      tables.memberships.delete([account, group.name.toLowerCase(), user.name.toLowerCase()])
      return {}
    })
  },

  ListGroupsForUser(input, call, { tables }) {
    const { account } = call.caller
    const user = getUser(tables, account, required(input.UserName, 'userName'))
    const groups = user.groups.map((name) => getGroup(tables, account, name))
    const { items, ...rest } = page(groups, input, ({ name }) => name)
    return { Groups: items.map(describeGroup), ...rest }
  },
} satisfies IamOperations

/** The users of a group by name. */
export function members(tables: IamTables, group: GroupRecord): UserRecord[] {
  const { account, name } = group
  const found = [...under(tables.memberships, [account, name.toLowerCase()])]
  return found.map(({ key }) => getUser(tables, account, key[2] ?? ''))
}

function describeGroup(group: GroupRecord): Group {
  return {
    Path: group.path,
    GroupName: group.name,
    GroupId: group.id,
    Arn: group.arn,
    CreateDate: new Date(group.createdMs),
  }
}
