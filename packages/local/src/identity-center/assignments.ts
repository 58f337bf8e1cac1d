import type {
  AccountAssignmentOperationStatus,
  PermissionSetProvisioningStatus,
} from '@aws-sdk/client-sso-admin'
import type { Call } from '../call.js'
import { findOrganization } from '../organizations/tables.js'
import { notFound } from './errors.js'
import type { IdentityCenterDeps, SsoAdminOperations } from './operation.js'
import { getGroup, getInstance, getPermissionSet, getUser } from './operation.js'
import { page } from './pages.js'
import { noteRequest, provision, withdraw } from './provisioning.js'
import type { AssignmentRecord, RequestRecord } from './records.js'
import { all, assignmentPlace, assignmentsOf, type IdentityCenterTables } from './tables.js'

interface AssignmentInput {
  readonly InstanceArn: string | undefined
  readonly PermissionSetArn: string | undefined
  readonly PrincipalId: string | undefined
  readonly PrincipalType: string | undefined
  readonly TargetId: string | undefined
}

/** Their answers come while Identity Center still works; it is done here before the client asks how it went. */
export const assignmentOperations = {
  CreateAccountAssignment(input, call, deps) {
    return deps.write(() => {
      const set = getPermissionSet(deps.tables, call, input)
      const assignment = readAssignment(input, deps)
      checkPrincipal(assignment, deps.tables)
      const place = assignmentPlace(assignment)
      const isNew = deps.tables.assignments.get(place) === undefined
      const failure = isNew ? provision(deps, set, assignment.account, call.timeMs) : undefined
      if (failure === undefined) deps.tables.assignments.put(place, assignment)
      const request = noteAssignment(deps, call, 'creation', assignment, failure)
      return { AccountAssignmentCreationStatus: describeAssignment(request, 'IN_PROGRESS') }
    })
  },

  DeleteAccountAssignment(input, call, deps) {
    return deps.write(() => {
      const set = getPermissionSet(deps.tables, call, input)
      const assignment = readAssignment(input, deps)
      const place = assignmentPlace(assignment)
      const failure =
        deps.tables.assignments.get(place) === undefined
          ? 'Received a 404 status error: The account assignment does not exist.'
          : undefined
      deps.tables.assignments.delete(place)
      if (assignmentsOf(deps.tables, set.arn, assignment.account).length === 0)
        withdraw(deps, set, assignment.account)
      const request = noteAssignment(deps, call, 'deletion', assignment, failure)
      return { AccountAssignmentDeletionStatus: describeAssignment(request, 'IN_PROGRESS') }
    })
  },

  DescribeAccountAssignmentCreationStatus(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const request = getRequest(tables, 'creation', input.AccountAssignmentCreationRequestId)
    return { AccountAssignmentCreationStatus: describeAssignment(request) }
  },

  DescribeAccountAssignmentDeletionStatus(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const request = getRequest(tables, 'deletion', input.AccountAssignmentDeletionRequestId)
    return { AccountAssignmentDeletionStatus: describeAssignment(request) }
  },

  ListAccountAssignments(input, call, { tables }) {
    const { arn } = getPermissionSet(tables, call, input)
    const found = assignmentsOf(tables, arn, input.AccountId)
    const { items, ...rest } = page(found, input, identify)
    const AccountAssignments = items.map(({ account, permissionSet, principalId, principalType }) => ({
      AccountId: account,
      PermissionSetArn: permissionSet,
      PrincipalType: principalType,
      PrincipalId: principalId,
    }))
    return { AccountAssignments, ...rest }
  },

  /** Those of the principal itself, and of the groups that a user is in. */
  ListAccountAssignmentsForPrincipal(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const ids = principalsOf(tables, input.PrincipalId ?? '')
    const found = all(tables.assignments).filter(
      ({ account, principalId }) => ids.has(principalId) && (input.Filter?.AccountId ?? account) === account,
    )
    const { items, ...rest } = page(found, input, identify)
    const AccountAssignments = items.map(({ account, permissionSet, principalId, principalType }) => ({
      AccountId: account,
      PermissionSetArn: permissionSet,
      PrincipalType: principalType,
      PrincipalId: principalId,
    }))
    return { AccountAssignments, ...rest }
  },

  ProvisionPermissionSet(input, call, deps) {
    return deps.write(() => {
      const set = getPermissionSet(deps.tables, call, input)
      const one = input.TargetType === 'AWS_ACCOUNT' ? input.TargetId : undefined
      if (one !== undefined && set.roles[one] === undefined)
        throw notFound(`PermissionSet with id ${set.arn} is not provisioned in account ${one}.`)
      const accounts = one === undefined ? Object.keys(set.roles) : [one]
      const failures = accounts.flatMap((account) => provision(deps, set, account, call.timeMs) ?? [])
      const request = noteRequest(deps, call, {
        kind: 'provisioning',
        permissionSet: set.arn,
        ...(one === undefined ? {} : { account: one }),
        ...(failures.length === 0 ? {} : { failure: failures.join('; ') }),
      })
      return { PermissionSetProvisioningStatus: describeProvisioning(request, 'IN_PROGRESS') }
    })
  },

  DescribePermissionSetProvisioningStatus(input, call, { tables }) {
    getInstance(tables, call, input.InstanceArn)
    const request = getRequest(tables, 'provisioning', input.ProvisionPermissionSetRequestId)
    return { PermissionSetProvisioningStatus: describeProvisioning(request) }
  },
} satisfies SsoAdminOperations

function readAssignment(input: AssignmentInput, { organizations }: IdentityCenterDeps): AssignmentRecord {
  const account = input.TargetId ?? ''
  if (findOrganization(organizations)?.members.some(({ id }) => id === account) !== true)
    throw notFound(`Account ${account} is not a member of the organization.`)
  return {
    permissionSet: input.PermissionSetArn ?? '',
    account,
    principalType: input.PrincipalType === 'USER' ? 'USER' : 'GROUP',
    principalId: input.PrincipalId ?? '',
  }
}

function checkPrincipal(
  { principalId, principalType }: AssignmentRecord,
  tables: IdentityCenterTables,
): void {
  if (principalType === 'USER') getUser(tables, principalId)
  else getGroup(tables, principalId)
}

/** A user with the groups that it is in, or a group alone. */
export function principalsOf(tables: IdentityCenterTables, id: string): ReadonlySet<string> {
  const groups = all(tables.memberships).flatMap(({ group, user }) => (user === id ? [group] : []))
  return new Set([id, ...groups])
}

function noteAssignment(
  deps: IdentityCenterDeps,
  call: Call,
  kind: 'creation' | 'deletion',
  assignment: AssignmentRecord,
  failure: string | undefined,
): RequestRecord {
  const { account, permissionSet } = assignment
  return noteRequest(deps, call, {
    kind,
    permissionSet,
    account,
    assignment,
    ...(failure === undefined ? {} : { failure }),
  })
}

function getRequest(
  tables: IdentityCenterTables,
  kind: RequestRecord['kind'],
  id: string | undefined,
): RequestRecord {
  const request = tables.requests.get([id ?? ''])
  if (request?.kind === kind) return request
  throw notFound(`Request not found: ${id}`)
}

type Progress = 'IN_PROGRESS' | 'FAILED' | 'SUCCEEDED'

function endOf({ failure }: RequestRecord): Progress {
  return failure === undefined ? 'SUCCEEDED' : 'FAILED'
}

/** What the status of every request tells. */
function describeRequest({ createdMs, failure, id, permissionSet }: RequestRecord, shown: Progress) {
  return {
    Status: shown,
    RequestId: id,
    CreatedDate: new Date(createdMs),
    PermissionSetArn: permissionSet,
    ...(shown === 'FAILED' ? { FailureReason: failure } : {}),
  }
}

function describeAssignment(
  request: RequestRecord,
  shown = endOf(request),
): AccountAssignmentOperationStatus {
  const { assignment } = request
  return {
    ...describeRequest(request, shown),
    TargetType: 'AWS_ACCOUNT',
    TargetId: assignment?.account,
    PrincipalType: assignment?.principalType,
    PrincipalId: assignment?.principalId,
  }
}

function describeProvisioning(
  request: RequestRecord,
  shown = endOf(request),
): PermissionSetProvisioningStatus {
  const { account } = request
  return { ...describeRequest(request, shown), ...(account === undefined ? {} : { AccountId: account }) }
}

function identify(one: AssignmentRecord): string {
  return assignmentPlace(one).join(' ')
}
