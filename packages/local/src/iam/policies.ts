import type { Policy, PolicyVersion } from '@aws-sdk/client-iam'
import { awsManagedPolicies } from './aws-managed-policies.js'
import { AwsError } from '../aws-error.js'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from './errors.js'
import { iamArn, newId } from './identifiers.js'
import type { IamDeps, IamOperations } from './operation.js'
import { getGroup, getRole, getUser, required } from './operation.js'
import { page } from './pages.js'
import { checkManagedPolicy } from './policy-documents.js'
import { getPolicy, usesOf } from './policy-uses.js'
import type { PolicyRecord, PolicyVersionRecord } from './records.js'
import type { Call } from '../call.js'
import type { IamTables } from './tables.js'
import { under } from './tables.js'
import { addTags, readTags, removeTags, tagList } from './tags.js'

/** Versions of one managed policy (IAM quotas). */
const maximumVersions = 5

export const policyOperations = {
  CreatePolicy(input, call, { tables, write }) {
    const { account } = call.caller
    const name = required(input.PolicyName, 'policyName')
    const path = input.Path ?? '/'
    const document = required(input.PolicyDocument, 'policyDocument')
    checkManagedPolicy(document)
    return write(() => {
      for (const { value } of under(tables.policies, [account])) {
        if (value.name.toLowerCase() !== name.toLowerCase()) continue
        throw alreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`)
      }
      const policy: PolicyRecord = {
        account,
        name,
        path,
        id: newId('ANPA'),
        arn: iamArn(account, `policy${path}${name}`),
        createdMs: call.timeMs,
        updatedMs: call.timeMs,
        tags: readTags(input.Tags),
        defaultVersion: 'v1',
        versions: [{ id: 'v1', document, createdMs: call.timeMs }],
        nextVersion: 2,
        ...(input.Description === undefined ? {} : { description: input.Description }),
      }
      tables.policies.put([account, policy.arn], policy)
      return { Policy: describePolicy(tables, account, policy) }
    })
  },

  GetPolicy(input, call, { tables }) {
    const { account } = call.caller
    return { Policy: describePolicy(tables, account, policyOf(tables, account, input.PolicyArn)) }
  },

  ListPolicies(input, call, { tables }) {
    const { account } = call.caller
    const prefix = input.PathPrefix ?? '/'
    const own = input.Scope === 'AWS' ? [] : [...under(tables.policies, [account])].map(({ value }) => value)
    const aws = input.Scope === 'Local' ? [] : awsManagedPolicies()
    const wanted = [...own, ...aws].filter((policy) => {
      if (!policy.path.startsWith(prefix)) return false
      const uses = usesOf(tables, account, policy.arn)
      if (input.OnlyAttached === true && uses.length === 0) return false
      const usage = input.PolicyUsageFilter
      return usage === undefined || uses.some((use) => use.usage === usage)
    })
    const { items, ...rest } = page(wanted, input, ({ arn }) => arn)
    return { Policies: items.map((policy) => listedPolicy(tables, account, policy)), ...rest }
  },

  DeletePolicy(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const policy = ownPolicy(tables, account, input.PolicyArn)
      if (usesOf(tables, account, policy.arn).length > 0) {
        throw deleteConflict('Cannot delete a policy attached to entities.')
      }
      if (policy.versions.length > 1) {
        throw deleteConflict(
          "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        )
      }
      tables.policies.delete([account, policy.arn])
      return {}
    })
  },

  CreatePolicyVersion(input, call, { tables, write }) {
    const { account } = call.caller
    const document = required(input.PolicyDocument, 'policyDocument')
    checkManagedPolicy(document)
    return write(() => {
      const policy = ownPolicy(tables, account, input.PolicyArn)
      if (policy.versions.length >= maximumVersions) {
        throw limitExceeded(
          `A managed policy can have up to ${maximumVersions} versions. Before you create a new version, you must delete an existing version.`,
        )
      }
      const version: PolicyVersionRecord = { id: `v${policy.nextVersion}`, document, createdMs: call.timeMs }
      const next: PolicyRecord = {
        ...policy,
        updatedMs: call.timeMs,
        versions: [...policy.versions, version],
        nextVersion: policy.nextVersion + 1,
        defaultVersion: input.SetAsDefault === true ? version.id : policy.defaultVersion,
      }
      tables.policies.put([account, policy.arn], next)
      return { PolicyVersion: withoutDocument(describeVersion(next, version)) }
    })
  },

  GetPolicyVersion(input, call, { tables }) {
    const policy = policyOf(tables, call.caller.account, input.PolicyArn)
    return { PolicyVersion: describeVersion(policy, versionOf(policy, input.VersionId)) }
  },

  ListPolicyVersions(input, call, { tables }) {
    const policy = policyOf(tables, call.caller.account, input.PolicyArn)
    const { items, ...rest } = page(policy.versions, input, newestFirst)
    return { Versions: items.map((version) => withoutDocument(describeVersion(policy, version))), ...rest }
  },

  SetDefaultPolicyVersion(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const policy = ownPolicy(tables, account, input.PolicyArn)
      const { id } = versionOf(policy, input.VersionId)
      tables.policies.put([account, policy.arn], { ...policy, defaultVersion: id, updatedMs: call.timeMs })
      return {}
    })
  },

  DeletePolicyVersion(input, call, { tables, write }) {
    const { account } = call.caller
    return write(() => {
      const policy = ownPolicy(tables, account, input.PolicyArn)
      const { id } = versionOf(policy, input.VersionId)
      if (id === policy.defaultVersion) {
        throw deleteConflict('Cannot delete the default version of a policy.')
      }
      const versions = policy.versions.filter((version) => version.id !== id)
      tables.policies.put([account, policy.arn], { ...policy, versions })
      return {}
    })
  },

  ListEntitiesForPolicy(input, call, { tables }) {
    const { account } = call.caller
    const { arn } = policyOf(tables, account, input.PolicyArn)
    const wanted = usesOf(tables, account, arn).filter((use) => {
      const filter = input.EntityFilter?.toLowerCase()
      if (filter !== undefined && filter !== use.kind) return false
      if (input.PolicyUsageFilter !== undefined && input.PolicyUsageFilter !== use.usage) return false
      const prefix = input.PathPrefix ?? '/'
      const get = { user: getUser, group: getGroup, role: getRole }[use.kind]
      return prefix === '/' || get(tables, account, use.name).path.startsWith(prefix)
    })
    const { items, ...rest } = page(wanted, input, ({ kind, usage, name }) => `${kind}/${usage}/${name}`)
    const named = (kind: 'user' | 'group' | 'role') => items.filter((use) => use.kind === kind)
    return {
      PolicyUsers: named('user').map(({ name }) => ({
        UserName: name,
        UserId: getUser(tables, account, name).id,
      })),
      PolicyGroups: named('group').map(({ name }) => ({
        GroupName: name,
        GroupId: getGroup(tables, account, name).id,
      })),
      PolicyRoles: named('role').map(({ name }) => ({
        RoleName: name,
        RoleId: getRole(tables, account, name).id,
      })),
      ...rest,
    }
  },

  TagPolicy(input, call, deps) {
    return retag(call, deps, input.PolicyArn, (tags) => addTags(tags, input.Tags))
  },

  UntagPolicy(input, call, deps) {
    return retag(call, deps, input.PolicyArn, (tags) => removeTags(tags, input.TagKeys))
  },

  ListPolicyTags(input, call, { tables }) {
    const policy = policyOf(tables, call.caller.account, input.PolicyArn)
    const { items, ...rest } = page(tagList(policy.tags), input, ({ Key }) => Key)
    return { Tags: items, ...rest }
  },
} satisfies IamOperations

async function retag(
  call: Call,
  { tables, write }: IamDeps,
  arn: string | undefined,
  change: (tags: PolicyRecord['tags']) => PolicyRecord['tags'],
): Promise<object> {
  const { account } = call.caller
  return write(() => {
    const policy = ownPolicy(tables, account, arn)
    tables.policies.put([account, policy.arn], { ...policy, tags: change(policy.tags) })
    return {}
  })
}

function policyOf(tables: IamTables, account: string, arn: string | undefined): PolicyRecord {
  const wanted = required(arn, 'policyArn')
  try {
    return getPolicy(tables, account, wanted)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    throw noSuchEntity(`Policy ${wanted} was not found.`)
  }
}

/** Sorts newer versions before older ones. */
function newestFirst(version: PolicyVersionRecord): string {
  return String(1e9 - Number(version.id.slice(1)))
}

/** A policy that the account may change; those of AWS it may not. */
function ownPolicy(tables: IamTables, account: string, arn: string | undefined): PolicyRecord {
  const policy = policyOf(tables, account, arn)
  if (policy.account === account) return policy
  throw new AwsError('AccessDenied', `Cannot modify the AWS managed policy ${policy.arn}.`, 403)
}

function versionOf(policy: PolicyRecord, id: string | undefined): PolicyVersionRecord {
  const version = policy.versions.find((candidate) => candidate.id === required(id, 'versionId'))
  if (version !== undefined) return version
  throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`)
}

export function describePolicy(tables: IamTables, account: string, policy: PolicyRecord): Policy {
  const uses = usesOf(tables, account, policy.arn)
  const boundaries = uses.filter(({ usage }) => usage === 'PermissionsBoundary').length
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: uses.length - boundaries,
    PermissionsBoundaryUsageCount: boundaries,
    IsAttachable: true,
    CreateDate: new Date(policy.createdMs),
    UpdateDate: new Date(policy.updatedMs),
    Tags: tagList(policy.tags),
    ...(policy.description === undefined ? {} : { Description: policy.description }),
  }
}

/** Lists leave description and tags out (API Reference, ListPolicies). */
function listedPolicy(tables: IamTables, account: string, policy: PolicyRecord): Policy {
  const { Description: _d, Tags: _t, ...rest } = describePolicy(tables, account, policy)
  return rest
}

export function describeVersion(policy: PolicyRecord, version: PolicyVersionRecord): PolicyVersion {
  return {
    Document: encodeURIComponent(version.document),
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdMs),
  }
}

function withoutDocument(version: PolicyVersion): PolicyVersion {
  const { Document: _, ...rest } = version
  return rest
}
