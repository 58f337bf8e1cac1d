import type { Role } from '@aws-sdk/client-iam'
import type { Call } from '../call.js'
import { alreadyExists, deleteConflict, invalidInput, unmodifiable } from './errors.js'
import { iamArn, newId } from './identifiers.js'
import type { IamDeps, IamOperations } from './operation.js'
import { getRole, putRole, required } from './operation.js'
import { page } from './pages.js'
import { checkTrustPolicy } from './policy-documents.js'
import { moveBoundary } from './policy-uses.js'
import type { RoleRecord } from './records.js'
import type { IamTables } from './tables.js'
import { nameKey, under } from './tables.js'
import { addTags, readTags, removeTags, tagList } from './tags.js'

/** Of the roles that Identity Center makes. */
const reservedPath = '/aws-reserved/'

export const roleOperations = {
  CreateRole(input, call, { tables, write }) {
    const path = input.Path ?? '/'
    if (path.startsWith('/aws-service-role/')) {
      throw invalidInput('Only service-linked roles can be created under the path /aws-service-role/.')
    }
    if (path.startsWith(reservedPath)) {
      throw invalidInput('Only AWS can create roles under the path /aws-reserved/.')
    }
    return write(() => {
      const role = newRole(tables, call, {
        name: required(input.RoleName, 'roleName'),
        path,
        trust: required(input.AssumeRolePolicyDocument, 'assumeRolePolicyDocument'),
        description: input.Description,
        maxSessionDuration: input.MaxSessionDuration,
        tags: readTags(input.Tags),
      })
      moveBoundary(tables, role, 'role', input.PermissionsBoundary)
      const bounded = withBoundary(role, input.PermissionsBoundary)
      putRole(tables, bounded)
      return { Role: describeRole(bounded) }
    })
  },

  GetRole(input, call, { lastUse, tables }) {
    const role = getRole(tables, call.caller.account, required(input.RoleName, 'roleName'))
    const lastUsed = lastUse.ofRole(role.arn) ?? role.lastUsed
    return { Role: describeRole(lastUsed === undefined ? role : { ...role, lastUsed }) }
  },

  ListRoles(input, call, { tables }) {
    const prefix = input.PathPrefix ?? '/'
    const roles = [...under(tables.roles, [call.caller.account])].map(({ value }) => value)
    const { items, ...rest } = page(
      roles.filter(({ path }) => path.startsWith(prefix)),
      input,
      ({ name }) => name,
    )
    return { Roles: items.map(listedRole), ...rest }
  },

  UpdateRole(input, call, deps) {
    return update(call, deps, input.RoleName, (role) => ({
      ...role,
      ...(input.Description === undefined ? {} : { description: input.Description }),
      maxSessionDuration: sessionDuration(input.MaxSessionDuration ?? role.maxSessionDuration),
    })).then(() => ({}))
  },

  async UpdateRoleDescription(input, call, deps) {
    const description = required(input.Description, 'description')
    return {
      Role: describeRole(await update(call, deps, input.RoleName, (role) => ({ ...role, description }))),
    }
  },

  UpdateAssumeRolePolicy(input, call, deps) {
    const trust = required(input.PolicyDocument, 'policyDocument')
    return update(call, deps, input.RoleName, (role) => {
      checkTrustPolicy(deps.tables, trust)
      return { ...role, trust }
    }).then(() => ({}))
  },

  DeleteRole(input, call, { tables, write, replacePrincipal }) {
    const { account } = call.caller
    return write(() => {
      const role = getModifiableRole(tables, account, required(input.RoleName, 'roleName'))
      for (const { value: profile } of under(tables.instanceProfiles, [account])) {
        if (profile.role !== role.name) continue
        throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
      }
      if (Object.keys(role.inline).length > 0) {
        throw deleteConflict('Cannot delete entity, must delete policies first.')
      }
      if (role.attached.length > 0) {
        throw deleteConflict('Cannot delete entity, must detach all policies first.')
      }
      moveBoundary(tables, role, 'role', undefined)
      tables.roles.delete(nameKey(account, role.name))
      replacePrincipal(role.arn, role.id)
      return {}
    })
  },

  PutRolePermissionsBoundary(input, call, deps) {
    const boundary = required(input.PermissionsBoundary, 'permissionsBoundary')
    return update(call, deps, input.RoleName, (role) => {
      moveBoundary(deps.tables, role, 'role', boundary)
      return withBoundary(role, boundary)
    }).then(() => ({}))
  },

  DeleteRolePermissionsBoundary(input, call, deps) {
    return update(call, deps, input.RoleName, (role) => {
      moveBoundary(deps.tables, role, 'role', undefined)
      return withBoundary(role, undefined)
    }).then(() => ({}))
  },

  TagRole(input, call, deps) {
    return update(call, deps, input.RoleName, (role) => ({
      ...role,
      tags: addTags(role.tags, input.Tags),
    })).then(() => ({}))
  },

  UntagRole(input, call, deps) {
    return update(call, deps, input.RoleName, (role) => ({
      ...role,
      tags: removeTags(role.tags, input.TagKeys),
    })).then(() => ({}))
  },

  ListRoleTags(input, call, { tables }) {
    const role = getRole(tables, call.caller.account, required(input.RoleName, 'roleName'))
    const { items, ...rest } = page(tagList(role.tags), input, ({ Key }) => Key)
    return { Tags: items, ...rest }
  },
} satisfies IamOperations

/** What makes a role; the name must be free. Not written yet. */
export function newRole(
  tables: IamTables,
  call: Call,
  options: {
    readonly name: string
    readonly path: string
    readonly trust: string
    readonly description: string | undefined
    readonly maxSessionDuration: number | undefined
    readonly tags: Readonly<Record<string, string>>
  },
): RoleRecord {
  const { account } = call.caller
  const { name, path, trust, description } = options
  if (tables.roles.get(nameKey(account, name)) !== undefined) {
    throw alreadyExists(`Role with name ${name} already exists.`)
  }
  checkTrustPolicy(tables, trust)
  return {
    account,
    name,
    path,
    id: newId('AROA'),
    arn: iamArn(account, `role${path}${name}`),
    createdMs: call.timeMs,
    trust,
    maxSessionDuration: sessionDuration(options.maxSessionDuration ?? 3600),
    tags: options.tags,
    inline: {},
    attached: [],
    ...(description === undefined ? {} : { description }),
  }
}

async function update(
  call: Call,
  { tables, write }: IamDeps,
  name: string | undefined,
  change: (role: RoleRecord) => RoleRecord,
): Promise<RoleRecord> {
  return write(() => {
    const role = change(getModifiableRole(tables, call.caller.account, required(name, 'roleName')))
    putRole(tables, role)
    return role
  })
}

/** Service-linked roles are changed by their service only, and those of Identity Center by itself. */
export function getModifiableRole(tables: IamTables, account: string, name: string): RoleRecord {
  const role = getRole(tables, account, name)
  if (role.linkedService === undefined && !role.path.startsWith(reservedPath)) return role
  throw unmodifiable(
    `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  )
}

function sessionDuration(seconds: number): number {
  if (seconds >= 3600 && seconds <= 43_200) return seconds
  const bound = seconds < 3600 ? 'greater than or equal to 3600' : 'less than or equal to 43200'
  throw invalidInput(
    `1 validation error detected: Value '${seconds}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value ${bound}`,
  )
}

function withBoundary(role: RoleRecord, boundary: string | undefined): RoleRecord {
  const { boundary: _, ...rest } = role
  return boundary === undefined ? rest : { ...rest, boundary }
}

export function describeRole(role: RoleRecord): Role {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdMs),
    AssumeRolePolicyDocument: encodeURIComponent(role.trust),
    MaxSessionDuration: role.maxSessionDuration,
    RoleLastUsed:
      role.lastUsed === undefined
        ? {}
        : { LastUsedDate: new Date(role.lastUsed.timeMs), Region: role.lastUsed.region },
    ...(role.description === undefined ? {} : { Description: role.description }),
    ...(role.boundary === undefined
      ? {}
      : {
          PermissionsBoundary: {
            PermissionsBoundaryType: 'PermissionsBoundaryPolicy',
            PermissionsBoundaryArn: role.boundary,
          },
        }),
    ...(Object.keys(role.tags).length === 0 ? {} : { Tags: tagList(role.tags) }),
  }
}

/** Lists leave tags, boundary and last use out (API Reference, ListRoles). */
export function listedRole(role: RoleRecord): Role {
  const { Tags: _t, PermissionsBoundary: _b, RoleLastUsed: _l, ...rest } = describeRole(role)
  return rest
}
