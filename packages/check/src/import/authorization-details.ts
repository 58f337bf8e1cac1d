import { parseArn } from './arn.js'
import { startOf } from './diagnostic.js'
import type { Description, IdentityKind, Source } from './drafts.js'
import { field, isFields, listField, tagsOf, textField } from './fields.js'
import type { Format } from './format.js'
import type { ParsedFile } from './input-file.js'
import type { Inventory } from './inventory.js'

const lists = {
  user: { key: 'UserDetailList', name: 'UserName', policies: 'UserPolicyList' },
  role: { key: 'RoleDetailList', name: 'RoleName', policies: 'RolePolicyList' },
  group: { key: 'GroupDetailList', name: 'GroupName', policies: 'GroupPolicyList' },
} as const
const kinds = ['user', 'role', 'group'] as const

/**
 * Answers of `aws iam get-account-authorization-details`: one of the whole account, or its pages. They say nothing of
 * login profiles, access keys, identity providers, nor of any resource. [API_GetAccountAuthorizationDetails]
 */
export const authorizationDetails: Format = {
  name: 'aws iam get-account-authorization-details',
  recognizes: ({ value }) =>
    isFields(value) &&
    [...kinds.map((kind) => lists[kind].key), 'Policies'].some((key) => isDetailList(value, key)),
  placesIn: ({ value }) =>
    [...kinds.map((kind) => lists[kind].key), 'Policies'].flatMap((key) =>
      listField(value, key).flatMap((detail) => parseArn(field(detail, 'Arn')) ?? []),
    ),
  read(files, inventory) {
    const isCut = files.length > 0 && files.every(({ value }) => isTruncated(value))
    const isFiltered = lacksPolicies(files)
    for (const file of files) readDetails(file, inventory)
    if (isCut) {
      const reason = 'the authorization details are cut off (IsTruncated), and no page of them is the last'
      inventory.unknown(`account ${inventory.scope.account}`, 'principals', reason, { file: files[0]!.path })
    }
    for (const kind of kinds) {
      const told = files.filter(({ value }) => Array.isArray(field(value, lists[kind].key)))
      const isEmpty = told.every(({ value }) => listField(value, lists[kind].key).length === 0)
      if (isCut || told.length === 0) continue
      // Each account has at least the roles of AWS Support and Trusted Advisor.
      if (!isEmpty || (kind !== 'role' && !isFiltered)) inventory.complete.add(kind)
    }
  },
}

/**
 * With `--filter` the lists of other kinds are empty. Without it there are all policies that are attached, and some are
 * in each account: those of the roles of AWS Support and Trusted Advisor.
 */
function lacksPolicies(files: readonly ParsedFile[]): boolean {
  const listed = new Set(
    files.flatMap(({ value }) => listField(value, 'Policies').map((policy) => textField(policy, 'Arn'))),
  )
  const details = files.flatMap(({ value }) => kinds.flatMap((kind) => listField(value, lists[kind].key)))
  const attached = details.flatMap((detail) => listField(detail, 'AttachedManagedPolicies'))
  return listed.size === 0 || attached.some((policy) => !listed.has(textField(policy, 'PolicyArn')))
}

/** `Policies` alone may also be the list of something else. */
function isDetailList(value: unknown, key: string): boolean {
  if (!Array.isArray(field(value, key))) return false
  const list = listField(value, key)
  return key !== 'Policies' || list.some((policy) => Array.isArray(field(policy, 'PolicyVersionList')))
}

function isTruncated(value: unknown): boolean {
  // The AWS CLI pages by itself; with --max-items it leaves a NextToken.
  return field(value, 'IsTruncated') === true || textField(value, 'NextToken') !== undefined
}

function readDetails(file: ParsedFile, inventory: Inventory): void {
  for (const kind of kinds) {
    for (const [index, detail] of listField(file.value, lists[kind].key).entries()) {
      const place = `${lists[kind].key}[${index}]`
      readIdentity(kind, detail, { file: file.path, place, complete: true }, inventory)
    }
  }
  for (const [index, policy] of listField(file.value, 'Policies').entries()) {
    readManagedPolicy(policy, { file: file.path, place: `Policies[${index}]`, complete: true }, inventory)
  }
}

function readIdentity(kind: IdentityKind, detail: unknown, source: Source, inventory: Inventory): void {
  const { name: nameKey, policies } = lists[kind]
  const name = textField(detail, nameKey)
  const path = textField(detail, 'Path')
  if (name === undefined || path === undefined) {
    reportShape(`a ${kind} without ${name === undefined ? nameKey : 'Path'}`, source, inventory)
    return
  }
  const draft = inventory.identity(kind, name)
  draft.described.push({ value: describe(kind, detail, path), source })
  for (const policy of listField(detail, 'AttachedManagedPolicies')) {
    const arn = textField(policy, 'PolicyArn')
    if (arn === undefined)
      reportShape(`an attached policy of ${kind}/${name} without PolicyArn`, source, inventory)
    else inventory.attach(kind, name, arn, source)
  }
  for (const policy of listField(detail, policies)) {
    const title = textField(policy, 'PolicyName')
    if (title === undefined) reportShape(`a policy of ${kind}/${name} without PolicyName`, source, inventory)
    else inventory.inline(kind, name, title, field(policy, 'PolicyDocument'), source)
  }
  for (const group of listField(detail, 'GroupList')) {
    if (typeof group === 'string') draft.groups.push({ value: group, source })
    else reportShape(`a group of ${kind}/${name} that is no name`, source, inventory)
  }
  if (kind === 'role') readRole(name, detail, source, inventory)
}

/** What `get-role` answers as well. */
export function describe(kind: IdentityKind, detail: unknown, path: string): Description {
  const uniqueId = textField(detail, { user: 'UserId', role: 'RoleId', group: 'GroupId' }[kind])
  const permissionsBoundary = textField(field(detail, 'PermissionsBoundary'), 'PermissionsBoundaryArn')
  const tags = tagsOf(field(detail, 'Tags'))
  return {
    path,
    ...(uniqueId === undefined ? {} : { uniqueId }),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    ...(tags === undefined ? {} : { tags }),
    tells: 'all',
  }
}

function readRole(name: string, detail: unknown, source: Source, inventory: Inventory): void {
  const draft = inventory.identity('role', name)
  const arn = textField(detail, 'Arn') ?? `role/${name}`
  const document = field(detail, 'AssumeRolePolicyDocument')
  draft.trust.push({ value: inventory.policy(arn, document, 'trust', source), source })
  if (!Array.isArray(field(detail, 'InstanceProfileList'))) return
  draft.tellsInstanceProfiles = true
  for (const profile of listField(detail, 'InstanceProfileList')) {
    const value = textField(profile, 'Arn')
    if (value !== undefined) draft.instanceProfiles.push({ value, source })
  }
}

function readManagedPolicy(policy: unknown, source: Source, inventory: Inventory): void {
  const arn = textField(policy, 'Arn')
  if (arn === undefined) {
    reportShape('a managed policy without Arn', source, inventory)
    return
  }
  const versions = listField(policy, 'PolicyVersionList').map((version) => {
    const isDefault = field(version, 'IsDefaultVersion') === true
    const id = textField(version, 'VersionId') ?? 'unnamed'
    const name = isDefault ? arn : `${arn} (${id})`
    return { id, isDefault, policy: inventory.policy(name, field(version, 'Document'), 'identity', source) }
  })
  inventory.managedPolicy(arn, versions, source)
}

function reportShape(what: string, source: Source, inventory: Inventory): void {
  inventory.diagnostics.push({
    code: 'IMPORT_SHAPE_WRONG',
    severity: 'error',
    message: `${source.file} has ${what}${source.place === undefined ? '' : `, in ${source.place}`}`,
    hint: 'take the answer as AWS gives it, without --query',
    span: startOf(source.file),
  })
}
