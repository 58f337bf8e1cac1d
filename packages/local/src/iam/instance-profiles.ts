import type { InstanceProfile } from '@aws-sdk/client-iam'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './errors.js'
import { iamArn, newId } from './identifiers.js'
import type { IamOperations } from './operation.js'
import { getRole, required } from './operation.js'
import { page } from './pages.js'
import type { InstanceProfileRecord } from './records.js'
import { listedRole } from './roles.js'
import type { IamTables } from './tables.js'
import { nameKey, under } from './tables.js'
import { readTags, tagList } from './tags.js'

export const instanceProfileOperations = {
  CreateInstanceProfile(input, call, { tables, write }) {
    const { account } = call.caller
    const name = required(input.InstanceProfileName, 'instanceProfileName')
    const path = input.Path ?? '/'
    return write(() => {
      if (tables.instanceProfiles.get(nameKey(account, name)) !== undefined) {
        throw alreadyExists(`Instance Profile ${name} already exists.`)
      }
      const profile: InstanceProfileRecord = {
        account,
        name,
        path,
        id: newId('AIPA'),
        arn: iamArn(account, `instance-profile${path}${name}`),
        createdMs: call.timeMs,
        tags: readTags(input.Tags),
      }
      tables.instanceProfiles.put(nameKey(account, name), profile)
      return { InstanceProfile: describe(tables, profile) }
    })
  },

  GetInstanceProfile(input, call, { tables }) {
    const profile = getProfile(tables, call.caller.account, input.InstanceProfileName)
    return { InstanceProfile: describe(tables, profile) }
  },

  ListInstanceProfiles(input, call, { tables }) {
    const prefix = input.PathPrefix ?? '/'
    const all = [...under(tables.instanceProfiles, [call.caller.account])].map(({ value }) => value)
    const { items, ...rest } = page(
      all.filter(({ path }) => path.startsWith(prefix)),
      input,
      ({ name }) => name,
    )
    return { InstanceProfiles: items.map((profile) => describe(tables, profile)), ...rest }
  },

  ListInstanceProfilesForRole(input, call, { tables }) {
    const { account } = call.caller
    const role = getRole(tables, account, required(input.RoleName, 'roleName'))
    const all = [...under(tables.instanceProfiles, [account])].map(({ value }) => value)
    const { items, ...rest } = page(
      all.filter((profile) => profile.role === role.name),
      input,
      ({ name }) => name,
    )
    return { InstanceProfiles: items.map((profile) => describe(tables, profile)), ...rest }
  },

  DeleteInstanceProfile(input, call, { tables, write }) {
    return write(() => {
      const { account, name, role } = getProfile(tables, call.caller.account, input.InstanceProfileName)
      if (role !== undefined)
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
      tables.instanceProfiles.delete(nameKey(account, name))
      return {}
    })
  },

  AddRoleToInstanceProfile(input, call, { tables, write }) {
    return write(() => {
      const profile = getProfile(tables, call.caller.account, input.InstanceProfileName)
      const role = getRole(tables, profile.account, required(input.RoleName, 'roleName'))
      if (profile.role !== undefined) {
        throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
      }
      tables.instanceProfiles.put(nameKey(profile.account, profile.name), { ...profile, role: role.name })
      return {}
    })
  },

  RemoveRoleFromInstanceProfile(input, call, { tables, write }) {
    return write(() => {
      const { role, ...profile } = getProfile(tables, call.caller.account, input.InstanceProfileName)
      if (role === undefined || role !== input.RoleName) {
        throw noSuchEntity(`Role ${input.RoleName} in Instance Profile ${profile.name} cannot be found.`)
      }
      tables.instanceProfiles.put(nameKey(profile.account, profile.name), profile)
      return {}
    })
  },
} satisfies IamOperations

function getProfile(tables: IamTables, account: string, name: string | undefined): InstanceProfileRecord {
  const profile = tables.instanceProfiles.get(nameKey(account, required(name, 'instanceProfileName')))
  if (profile !== undefined) return profile
  throw noSuchEntity(`Instance Profile ${name} cannot be found.`)
}

export function describe(tables: IamTables, profile: InstanceProfileRecord): InstanceProfile {
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profile.arn,
    CreateDate: new Date(profile.createdMs),
    Roles: profile.role === undefined ? [] : [listedRole(getRole(tables, profile.account, profile.role))],
    Tags: tagList(profile.tags),
  }
}
