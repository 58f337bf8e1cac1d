import type { Call } from '../call.js'
import { noSuchEntity } from './errors.js'
import type { IamDeps, IamOperations } from './operation.js'
import { getGroup, getUser, putGroup, putRole, putUser, required } from './operation.js'
import { getRole } from './operation.js'
import { page } from './pages.js'
import { checkInlineSize, checkPolicyDocument } from './policy-documents.js'
import { attach, detach, findPolicy } from './policy-uses.js'
import { getModifiableRole } from './roles.js'
import type { GroupRecord, RoleRecord, UserRecord } from './records.js'
import type { IamTables } from './tables.js'

/** How the three kinds of holders of policies differ. */
interface HolderKind<Record extends GroupRecord | UserRecord | RoleRecord> {
  readonly kind: 'user' | 'group' | 'role'
  readonly get: (tables: IamTables, account: string, name: string) => Record
  readonly getToChange: (tables: IamTables, account: string, name: string) => Record
  readonly put: (tables: IamTables, record: Record) => void
}

interface NamedPolicy {
  readonly PolicyName: string | undefined
  readonly PolicyDocument: string | undefined
}

interface Listing {
  readonly Marker?: string | undefined
  readonly MaxItems?: number | undefined
  readonly PathPrefix?: string | undefined
}

function operationsOf<Record extends GroupRecord | UserRecord | RoleRecord>(holder: HolderKind<Record>) {
  const { kind, get, getToChange, put } = holder
  const update = (call: Call, deps: IamDeps, name: string | undefined, change: (record: Record) => Record) =>
    deps.write(() => {
      put(deps.tables, change(getToChange(deps.tables, call.caller.account, required(name, `${kind}Name`))))
      return {}
    })
  return {
    putInline: (name: string | undefined, input: NamedPolicy, call: Call, deps: IamDeps) => {
      const document = required(input.PolicyDocument, 'policyDocument')
      const policyName = required(input.PolicyName, 'policyName')
      checkPolicyDocument(document, 'identity')
      return update(call, deps, name, (record) => {
        const changed = { ...record, inline: { ...record.inline, [policyName]: document } }
        checkInlineSize(changed, kind)
        return changed
      })
    },
    getInline: (name: string | undefined, policy: string | undefined, call: Call, deps: IamDeps) => {
      const record = get(deps.tables, call.caller.account, required(name, `${kind}Name`))
      const document = record.inline[required(policy, 'policyName')]
      if (document === undefined) throw noInline(kind, policy)
      return { holder: record.name, policy: policy ?? '', document: encodeURIComponent(document) }
    },
    deleteInline: (name: string | undefined, policy: string | undefined, call: Call, deps: IamDeps) =>
      update(call, deps, name, (record) => {
        const { [required(policy, 'policyName')]: gone, ...inline } = record.inline
        if (gone === undefined) throw noInline(kind, policy)
        return { ...record, inline }
      }),
    listInline: (name: string | undefined, input: Listing, call: Call, deps: IamDeps) => {
      const record = get(deps.tables, call.caller.account, required(name, `${kind}Name`))
      const { items, ...rest } = page(Object.keys(record.inline), input, (policy) => policy)
      return { PolicyNames: items, ...rest }
    },
    attach: (name: string | undefined, arn: string | undefined, call: Call, deps: IamDeps) =>
      update(call, deps, name, (record) => ({
        ...record,
        attached: attach(deps.tables, record, kind, required(arn, 'policyArn')),
      })),
    detach: (name: string | undefined, arn: string | undefined, call: Call, deps: IamDeps) =>
      update(call, deps, name, (record) => ({
        ...record,
        attached: detach(deps.tables, record, kind, required(arn, 'policyArn')),
      })),
    listAttached: (name: string | undefined, input: Listing, call: Call, deps: IamDeps) => {
      const { account } = call.caller
      const record = get(deps.tables, account, required(name, `${kind}Name`))
      const policies = record.attached
        .flatMap((arn) => findPolicy(deps.tables, account, arn) ?? [])
        .filter(({ path }) => path.startsWith(input.PathPrefix ?? '/'))
      const { items, ...rest } = page(policies, input, ({ name: policy }) => policy)
      const AttachedPolicies = items.map((policy) => ({ PolicyName: policy.name, PolicyArn: policy.arn }))
      return { AttachedPolicies, ...rest }
    },
  }
}

function noInline(kind: string, policy: string | undefined): Error {
  return noSuchEntity(`The ${kind} policy with name ${policy} cannot be found.`)
}

const users = operationsOf({ kind: 'user', get: getUser, getToChange: getUser, put: putUser })
const groups = operationsOf({ kind: 'group', get: getGroup, getToChange: getGroup, put: putGroup })
const roles = operationsOf({ kind: 'role', get: getRole, getToChange: getModifiableRole, put: putRole })

/** Inline and attached policies of users, groups and roles. */
export const holderPolicyOperations = {
  PutUserPolicy: (input, call, deps) => users.putInline(input.UserName, input, call, deps),
  GetUserPolicy(input, call, deps) {
    const found = users.getInline(input.UserName, input.PolicyName, call, deps)
    return { UserName: found.holder, PolicyName: found.policy, PolicyDocument: found.document }
  },
  DeleteUserPolicy: (input, call, deps) => users.deleteInline(input.UserName, input.PolicyName, call, deps),
  ListUserPolicies: (input, call, deps) => users.listInline(input.UserName, input, call, deps),
  AttachUserPolicy: (input, call, deps) => users.attach(input.UserName, input.PolicyArn, call, deps),
  DetachUserPolicy: (input, call, deps) => users.detach(input.UserName, input.PolicyArn, call, deps),
  ListAttachedUserPolicies: (input, call, deps) => users.listAttached(input.UserName, input, call, deps),

  PutGroupPolicy: (input, call, deps) => groups.putInline(input.GroupName, input, call, deps),
  GetGroupPolicy(input, call, deps) {
    const found = groups.getInline(input.GroupName, input.PolicyName, call, deps)
    return { GroupName: found.holder, PolicyName: found.policy, PolicyDocument: found.document }
  },
  DeleteGroupPolicy: (input, call, deps) =>
    groups.deleteInline(input.GroupName, input.PolicyName, call, deps),
  ListGroupPolicies: (input, call, deps) => groups.listInline(input.GroupName, input, call, deps),
  AttachGroupPolicy: (input, call, deps) => groups.attach(input.GroupName, input.PolicyArn, call, deps),
  DetachGroupPolicy: (input, call, deps) => groups.detach(input.GroupName, input.PolicyArn, call, deps),
  ListAttachedGroupPolicies: (input, call, deps) => groups.listAttached(input.GroupName, input, call, deps),

  PutRolePolicy: (input, call, deps) => roles.putInline(input.RoleName, input, call, deps),
  GetRolePolicy(input, call, deps) {
    const found = roles.getInline(input.RoleName, input.PolicyName, call, deps)
    return { RoleName: found.holder, PolicyName: found.policy, PolicyDocument: found.document }
  },
  DeleteRolePolicy: (input, call, deps) => roles.deleteInline(input.RoleName, input.PolicyName, call, deps),
  ListRolePolicies: (input, call, deps) => roles.listInline(input.RoleName, input, call, deps),
  AttachRolePolicy: (input, call, deps) => roles.attach(input.RoleName, input.PolicyArn, call, deps),
  DetachRolePolicy: (input, call, deps) => roles.detach(input.RoleName, input.PolicyArn, call, deps),
  ListAttachedRolePolicies: (input, call, deps) => roles.listAttached(input.RoleName, input, call, deps),
} satisfies IamOperations
