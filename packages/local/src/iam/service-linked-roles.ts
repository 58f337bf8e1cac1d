import { randomUUID } from 'node:crypto'
import { invalidInput, noSuchEntity } from './errors.js'
import type { IamOperations } from './operation.js'
import { getRole, putRole, required } from './operation.js'
import { describeRole, newRole } from './roles.js'
import { nameKey } from './tables.js'

/** Names of the roles that services make for themselves (service guides, "service-linked roles"). */
const names: Readonly<Record<string, string>> = {
  'sagemaker.amazonaws.com': 'AWSServiceRoleForAmazonSageMakerNotebooks',
  'replication.s3.amazonaws.com': 'AWSServiceRoleForS3Replication',
  'access-analyzer.amazonaws.com': 'AWSServiceRoleForAccessAnalyzer',
  'organizations.amazonaws.com': 'AWSServiceRoleForOrganizations',
}

export const serviceLinkedRoleOperations = {
  CreateServiceLinkedRole(input, call, { tables, write }) {
    const service = required(input.AWSServiceName, 'aWSServiceName')
    const base = names[service]
    if (base === undefined) {
      throw invalidInput(`The local AWS knows no service-linked role of ${service}.`)
    }
    const name = input.CustomSuffix === undefined ? base : `${base}_${input.CustomSuffix}`
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: ['sts:AssumeRole'] }],
    })
    return write(() => {
      const role = {
        ...newRole(tables, call, {
          name,
          path: `/aws-service-role/${service}/`,
          trust,
          description: input.Description,
          maxSessionDuration: undefined,
          tags: {},
        }),
        linkedService: service,
      }
      putRole(tables, role)
      return { Role: describeRole(role) }
    })
  },

  DeleteServiceLinkedRole(input, call, { tables, write }) {
    return write(() => {
      const role = getRole(tables, call.caller.account, required(input.RoleName, 'roleName'))
      if (role.linkedService === undefined) throw invalidInput(`${role.name} is not a service-linked role.`)
      tables.roles.delete(nameKey(role.account, role.name))
      return { DeletionTaskId: `task${role.path}${role.name}/${randomUUID()}` }
    })
  },

  /** Nothing holds a service-linked role back here: it is gone at once. */
  GetServiceLinkedRoleDeletionStatus(input) {
    const id = required(input.DeletionTaskId, 'deletionTaskId')
    if (!/^task\/aws-service-role\/[^/]+\/[^/]+\/[0-9a-f-]{36}$/.test(id)) {
      throw noSuchEntity(`Deletion task ${id} cannot be found.`)
    }
    return { Status: 'SUCCEEDED' as const }
  },
} satisfies IamOperations
