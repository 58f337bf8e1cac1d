import type { AccessKeyMetadata } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { limitExceeded, noSuchEntity } from './errors.js'
import { newId, newSecret, rootArn } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getUser, namedOrCalling, putUser, required } from './operation.js'
import { page } from './pages.js'
import type { AccessKeyRecord } from './records.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'

/** Access keys of one user (IAM quotas). */
const maximumKeys = 2

export const accessKeyOperations = {
  CreateAccessKey(input, call, { tables, write }) {
    const { account } = call.caller
    const owner = ownerOf(input.UserName, call)
    return write(() => {
      if (keysOf(tables, account, owner).length >= maximumKeys) {
        throw limitExceeded(`Cannot exceed quota for AccessKeysPerUser: ${maximumKeys}`)
      }
      const key = newAccessKey(account, owner, call.timeMs)
      putAccessKey(tables, key)
      return {
        AccessKey: {
          UserName: owner ?? account,
          AccessKeyId: key.id,
          Status: key.status,
          SecretAccessKey: key.secret,
          CreateDate: new Date(key.createdMs),
        },
      }
    })
  },

  ListAccessKeys(input, call, { tables }) {
    const keys = keysOf(tables, call.caller.account, ownerOf(input.UserName, call))
    const { items, ...rest } = page(keys, input, ({ id }) => id)
    return { AccessKeyMetadata: items.map(describeKey), ...rest }
  },

  UpdateAccessKey(input, call, { tables, write }) {
    return write(() => {
      const key = ownedKey(tables, call, input.UserName, input.AccessKeyId)
      const status = required(input.Status, 'status')
      tables.accessKeys.put([key.id], { ...key, status: status === 'Active' ? 'Active' : 'Inactive' })
      return {}
    })
  },

  DeleteAccessKey(input, call, { tables, write }) {
    return write(() => {
      const key = ownedKey(tables, call, input.UserName, input.AccessKeyId)
      tables.accessKeys.delete([key.id])
      if (key.user === undefined) return {}
      const user = getUser(tables, key.account, key.user)
      putUser(tables, { ...user, accessKeyIds: user.accessKeyIds.filter((id) => id !== key.id) })
      return {}
    })
  },

  GetAccessKeyLastUsed(input, call, { lastUse, tables }) {
    const key = tables.accessKeys.get([required(input.AccessKeyId, 'accessKeyId')])
    if (key === undefined || key.account !== call.caller.account) throw noSuchKey(input.AccessKeyId)
    const use = lastUse.ofKey(key.id)
    return {
      UserName: key.user ?? key.account,
      AccessKeyLastUsed:
        use === undefined
          ? { LastUsedDate: undefined, ServiceName: 'N/A', Region: 'N/A' }
          : { LastUsedDate: new Date(use.timeMs), ServiceName: use.service, Region: use.region },
    }
  },
} satisfies IamOperations

/** A long-lived key; without a user it is the account's root's. */
export function newAccessKey(account: string, user: string | undefined, timeMs: number): AccessKeyRecord {
  return {
    id: newId('AKIA'),
    secret: newSecret(),
    account,
    status: 'Active',
    createdMs: timeMs,
    ...(user === undefined ? {} : { user }),
  }
}

export function putAccessKey(tables: IamTables, key: AccessKeyRecord): void {
  tables.accessKeys.put([key.id], key)
  if (key.user === undefined) return
  const user = getUser(tables, key.account, key.user)
  putUser(tables, { ...user, accessKeyIds: [...user.accessKeyIds, key.id] })
}

/** The user whose credentials are meant; `undefined` is the root user asking about its own. */
export function ownerOf(name: string | undefined, call: Call): string | undefined {
  const root = call.caller.principal === rootArn(call.caller.account)
  return name === undefined && root ? undefined : namedOrCalling(name, call)
}

function keysOf(tables: IamTables, account: string, user: string | undefined): AccessKeyRecord[] {
  if (user !== undefined) {
    return getUser(tables, account, user).accessKeyIds.flatMap((id) => tables.accessKeys.get([id]) ?? [])
  }
  const all = [...under(tables.accessKeys, [])].map(({ value }) => value)
  return all.filter((key) => key.account === account && key.user === undefined)
}

function ownedKey(
  tables: IamTables,
  call: Call,
  name: string | undefined,
  id: string | undefined,
): AccessKeyRecord {
  const wanted = required(id, 'accessKeyId')
  const key = keysOf(tables, call.caller.account, ownerOf(name, call)).find(
    (candidate) => candidate.id === wanted,
  )
  if (key === undefined) throw noSuchKey(wanted)
  return key
}

function noSuchKey(id: string | undefined): Error {
  return noSuchEntity(`The Access Key with id ${id} cannot be found.`)
}

function describeKey(key: AccessKeyRecord): AccessKeyMetadata {
  return {
    UserName: key.user ?? key.account,
    AccessKeyId: key.id,
    Status: key.status,
    CreateDate: new Date(key.createdMs),
  }
}
