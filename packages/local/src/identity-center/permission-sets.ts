import type { PermissionSet } from '@aws-sdk/client-sso-admin'
import { conflict, quotaExceeded } from './errors.js'
import type { SsoAdminOperations } from './operation.js'
import { getInstance, getPermissionSet, newSuffix } from './operation.js'
import { page } from './pages.js'
import type { PermissionSetRecord } from './records.js'
import { all, assignmentsOf } from './tables.js'
import { readSsoTags } from './tags.js'

/** IAM Identity Center User Guide, "Quotas": permission sets allowed. */
const maximumSets = 3_500
const defaultDuration = 'PT1H'

export const permissionSetOperations = {
  CreatePermissionSet(input, call, { tables, write }) {
    const tags = readSsoTags(input.Tags)
    return write(() => {
      const { arn: instance } = getInstance(tables, call, input.InstanceArn)
      const name = input.Name ?? ''
      const others = all(tables.permissionSets)
      if (others.some((one) => one.name === name))
        throw conflict(`PermissionSet with name ${name} already exists.`)
      if (others.length >= maximumSets) throw quotaExceeded('The limit of permission sets has been reached.')
      const set: PermissionSetRecord = {
        arn: `${instance.replace(':instance/', ':permissionSet/')}/ps-${newSuffix()}`,
        instance,
        name,
        sessionDuration: input.SessionDuration ?? defaultDuration,
        createdMs: call.timeMs,
        tags,
        managed: [],
        customer: [],
        roles: {},
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.RelayState === undefined ? {} : { relayState: input.RelayState }),
      }
      tables.permissionSets.put([set.arn], set)
      return { PermissionSet: describe(set) }
    })
  },

  DescribePermissionSet: (input, call, { tables }) => ({
    PermissionSet: describe(getPermissionSet(tables, call, input)),
  }),

  /** What is there already in accounts follows by ProvisionPermissionSet. */
  UpdatePermissionSet(input, call, { tables, write }) {
    return write(() => {
      const set = getPermissionSet(tables, call, input)
      tables.permissionSets.put([set.arn], {
        ...set,
        sessionDuration: input.SessionDuration ?? set.sessionDuration,
        ...(input.Description === undefined ? {} : { description: input.Description }),
        ...(input.RelayState === undefined ? {} : { relayState: input.RelayState }),
      })
      return {}
    })
  },

  DeletePermissionSet(input, call, { tables, write }) {
    return write(() => {
      const { arn } = getPermissionSet(tables, call, input)
      if (assignmentsOf(tables, arn).length > 0)
        throw conflict(`PermissionSet with id ${arn} has associated account assignments.`)
      tables.permissionSets.delete([arn])
      return {}
    })
  },

  ListPermissionSets(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const { items, ...rest } = page(all(tables.permissionSets), input, ({ arn }) => arn)
    return { PermissionSets: items.map(({ arn }) => arn), ...rest }
  },

  ListPermissionSetsProvisionedToAccount(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const there = all(tables.permissionSets).filter(({ roles }) => roles[input.AccountId ?? ''] !== undefined)
    const { items, ...rest } = page(there, input, ({ arn }) => arn)
    return { PermissionSets: items.map(({ arn }) => arn), ...rest }
  },

  ListAccountsForProvisionedPermissionSet(input, call, { tables }) {
    const { roles } = getPermissionSet(tables, call, input)
    const { items, ...rest } = page(Object.keys(roles), input, (account) => account)
    return { AccountIds: items, ...rest }
  },
} satisfies SsoAdminOperations

function describe({
  arn,
  createdMs,
  description,
  name,
  relayState,
  sessionDuration,
}: PermissionSetRecord): PermissionSet {
  return {
    Name: name,
    PermissionSetArn: arn,
    CreatedDate: new Date(createdMs),
    SessionDuration: sessionDuration,
    ...(description === undefined ? {} : { Description: description }),
    ...(relayState === undefined ? {} : { RelayState: relayState }),
  }
}
