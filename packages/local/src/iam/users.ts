import type { User } from '@aws-sdk/client-iam'
import type { Table } from '../call.js'
import { alreadyExists, deleteConflict } from './errors.js'
import { iamArn, newId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { callingUser, getUser, namedOrCalling, putUser, required } from './operation.js'
import { page } from './pages.js'
import { moveBoundary, renameUses } from './policy-uses.js'
import type { UserRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey, under } from './tables.js'
import { addTags, readTags, removeTags, tagList } from './tags.js'

export const userOperations = {
  CreateUser(input, call, { tables, write }) {
    const { account } = call.caller
    const name = required(input.UserName, 'userName')
    const path = input.Path ?? '/'
    return write(() => {
      if (tables.users.get(nameKey(account, name)) !== undefined) {
        throw alreadyExists(`User with name ${name} already exists.`)
      }
      const user: UserRecord = {
        account,
        name,
        path,
        id: newId('AIDA'),
        arn: iamArn(account, `user${path}${name}`),
        createdMs: call.timeMs,
        tags: readTags(input.Tags),
        inline: {},
        attached: [],
        groups: [],
        accessKeyIds: [],
        mfa: [],
      }
      const bounded = withBoundary(user, input.PermissionsBoundary)
      moveBoundary(tables, user, 'user', input.PermissionsBoundary)
      putUser(tables, bounded)
      return { User: describeUser(bounded) }
    })
  },

  GetUser(input, call, { tables }) {
    const { account } = call.caller
    const name = input.UserName ?? callingUser(call)
    if (name === undefined && call.caller.principal === iamArn(account, 'root')) {
      return { User: rootUser(account, tables.accounts.get([account])?.createdMs ?? 0) }
    }
    return { User: describeUser(getUser(tables, account, namedOrCalling(name, call))) }
  },

  ListUsers(input, call, { tables }) {
    const prefix = input.PathPrefix ?? '/'
    const users = [...under(tables.users, [call.caller.account])].map(({ value }) => value)
    const { items, ...rest } = page(
      users.filter(({ path }) => path.startsWith(prefix)),
      input,
      ({ name }) => name,
    )
    return { Users: items.map((user) => withoutDetails(describeUser(user))), ...rest }
  },

  UpdateUser(input, call, { tables, write, replacePrincipal }) {
    const { account } = call.caller
    return write(() => {
      const user = getUser(tables, account, required(input.UserName, 'userName'))
      const name = input.NewUserName ?? user.name
      const path = input.NewPath ?? user.path
      const taken = tables.users.get(nameKey(account, name))
      if (taken !== undefined && taken.id !== user.id) {
        throw alreadyExists(`User with name ${name} already exists.`)
      }
      renameUses(tables, user, 'user', name)
      for (const group of user.groups) {
        tables.memberships.delete([account, group.toLowerCase(), user.name.toLowerCase()])
        tables.memberships.put([account, group.toLowerCase(), name.toLowerCase()], true)
      }
      for (const id of user.accessKeyIds) {
        const key = tables.accessKeys.get([id])
        if (key !== undefined) tables.accessKeys.put([id], { ...key, user: name })
      }
      for (const { serial } of user.mfa) {
        const device = tables.mfaDevices.get([account, serial])
        if (device !== undefined) tables.mfaDevices.put([account, serial], { ...device, user: name })
      }
      tables.users.delete(nameKey(account, user.name))
      const arn = iamArn(account, `user${path}${name}`)
      putUser(tables, { ...user, name, path, arn })
      replacePrincipal(user.arn, arn)
      return {}
    })
  },

  DeleteUser(input, call, { tables, write, replacePrincipal }) {
    const { account } = call.caller
    return write(() => {
      const user = getUser(tables, account, required(input.UserName, 'userName'))
      const first = obstacle(tables, user)
      if (first !== undefined) throw deleteConflict(`Cannot delete entity, must ${first} first.`)
      moveBoundary(tables, user, 'user', undefined)
      tables.users.delete(nameKey(account, user.name))
      replacePrincipal(user.arn, user.id)
      return {}
    })
  },

  PutUserPermissionsBoundary(input, call, { tables, write }) {
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      const boundary = required(input.PermissionsBoundary, 'permissionsBoundary')
      moveBoundary(tables, user, 'user', boundary)
      putUser(tables, withBoundary(user, boundary))
      return {}
    })
  },

  DeleteUserPermissionsBoundary(input, call, { tables, write }) {
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      moveBoundary(tables, user, 'user', undefined)
      putUser(tables, withBoundary(user, undefined))
      return {}
    })
  },

  TagUser(input, call, { tables, write }) {
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      putUser(tables, { ...user, tags: addTags(user.tags, input.Tags) })
      return {}
    })
  },

  UntagUser(input, call, { tables, write }) {
    return write(() => {
      const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
      putUser(tables, { ...user, tags: removeTags(user.tags, input.TagKeys) })
      return {}
    })
  },

  ListUserTags(input, call, { tables }) {
    const user = getUser(tables, call.caller.account, required(input.UserName, 'userName'))
    const { items, ...rest } = page(tagList(user.tags), input, ({ Key }) => Key)
    return { Tags: items, ...rest }
  },
} satisfies IamOperations

/** What must be taken away before AWS lets a user go, or nothing. */
function obstacle(tables: IamTables, user: UserRecord): string | undefined {
  const has = (table: Table<unknown>): boolean => !under(table, [user.account, user.id]).next().done
  if (user.loginProfile !== undefined) return 'delete login profile'
  if (user.accessKeyIds.length > 0) return 'delete access keys'
  if (user.mfa.length > 0) return 'delete MFA device'
  if (has(tables.signingCertificates)) return 'delete certificates'
  if (Object.keys(user.inline).length > 0) return 'delete policies'
  if (user.attached.length > 0) return 'detach all policies'
  if (user.groups.length > 0) return 'remove users from group'
  if (has(tables.sshKeys) || has(tables.serviceCredentials)) return 'remove referenced objects'
  return undefined
}

function withBoundary(user: UserRecord, boundary: string | undefined): UserRecord {
  const { boundary: _, ...rest } = user
  return boundary === undefined ? rest : { ...rest, boundary }
}

export function describeUser(user: UserRecord): User {
  return {
    Path: user.path,
    UserName: user.name,
    UserId: user.id,
    Arn: user.arn,
    CreateDate: new Date(user.createdMs),
    ...(user.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: user.boundary,
          },
        }),
    ...(Object.keys(user.tags).length === 0 ? {} : { Tags: tagList(user.tags) }),
  }
}

/** Lists leave tags and boundaries out (API Reference, ListUsers). */
export function withoutDetails(user: User): User {
  const { Tags: _tags, PermissionsBoundary: _boundary, ...rest } = user
  return rest
}

function rootUser(account: string, createdMs: number): User {
  return {
    Path: '/',
    UserName: undefined,
    UserId: account,
    Arn: iamArn(account, 'root'),
    CreateDate: new Date(createdMs),
  }
}
