import type { Plan, PolicyDocument, Resource, ResourceType } from '@ringfence/plan'
import { isSameDocument } from '../same/same-document.js'
import { isSameBut } from '../same/same-fields.js'
import type { Account, NamedPolicy } from './account.js'
import { linesOfStatements } from './plan-index.js'

/** A plan, and the account that it makes. */
export interface AccountBefore {
  readonly plan: Plan
  readonly account: Account
}

/**
 * The same as `accountOfPlan`, out of the parts of the account before: most edits of a file change nothing but what a
 * few policies say. Undefined where something else has changed.
 */
export function accountAgain(before: AccountBefore, plan: Plan): Account | undefined {
  if (!isSameBut(apart, before.plan, plan)) return undefined
  const edits = editsBetween(before.plan.resources, plan.resources)
  if (edits === undefined) return undefined
  const { managedPolicies, resources, roles } = before.account
  return {
    ...before.account,
    managedPolicies: edited(managedPolicies, edits.policies, nameOfPolicy, (one, edit) => {
      return { ...one, versions: one.versions.map((version) => again(version, edit)) }
    }),
    roles: edited(roles, edits.trusts, nameOfPolicy, (one, edit) => {
      return { ...one, trust: again(one.trust, edit) }
    }),
    resources: edited(resources, edits.resources, nameOfResource, (one, edit) => {
      return one.policy === undefined ? one : { ...one, policy: again(one.policy, edit) }
    }),
    lines: linesOfStatements(plan),
  }
}

/** Of a plan: looked at by themselves, or nothing that an account is made of. */
const apart: ReadonlySet<keyof Plan> = new Set(['access', 'kept', 'resources', 'statements'])

/** What a policy said, and what it says now. */
interface Edit {
  readonly before: PolicyDocument
  readonly now: PolicyDocument
}

type Edits = ReadonlyMap<string, Edit>

const nameOfPolicy = ({ arn }: { readonly arn: string }): string => arn
const nameOfResource = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  `${kind} ${name}`

function edited<One>(
  all: readonly One[],
  edits: Edits,
  nameOf: (one: One) => string,
  make: (one: One, edit: Edit) => One,
): readonly One[] {
  if (edits.size === 0) return all
  return all.map((one) => {
    const edit = edits.get(nameOf(one))
    return edit === undefined ? one : make(one, edit)
  })
}

function again<Named extends NamedPolicy>(named: Named, { before, now }: Edit): Named {
  return isSameDocument(named.document, before) ? { ...named, document: now } : named
}

/** They say nothing about who may do what. */
const silent: ReadonlySet<ResourceType> = new Set([
  's3.BucketOwnershipControls',
  's3.BucketVersioning',
  's3.BucketServerSideEncryptionConfiguration',
  's3.BucketLifecycleConfiguration',
])
const documents: ReadonlySet<string> = new Set(['assumeRolePolicy', 'policy', 'dependsOn', 'description'])

/** Undefined where resources came or went, or where one differs in something else. */
function editsBetween(
  before: readonly Resource[],
  now: readonly Resource[],
): Readonly<Record<'policies' | 'trusts' | 'resources', Edits>> | undefined {
  if (before.length !== now.length) return undefined
  const [policies, trusts, resources] = [
    new Map<string, Edit>(),
    new Map<string, Edit>(),
    new Map<string, Edit>(),
  ]
  const editedKeys = new Map<string, Edit>()
  for (let at = 0; at < now.length; at++) {
    const [was, is] = [before[at]!, now[at]!]
    if (was.type !== is.type) return undefined
    if (silent.has(is.type)) continue
    if (!isSameBut(documents, was, is)) return undefined
    const edit = { before: documentOf(was), now: documentOf(is) }
    if (isSameDocument(edit.before, edit.now)) continue
    if (edit.before === undefined || edit.now === undefined) return undefined
    if (is.type === 'iam.Policy') policies.set(is.arn, edit as Edit)
    else if (is.type === 'iam.Role') trusts.set(is.arn, edit as Edit)
    else if (is.type === 's3.BucketPolicy') resources.set(`bucket ${is.bucket}`, edit as Edit)
    else if (is.type === 'kms.Key') editedKeys.set(is.id, edit as Edit)
    else return undefined
  }
  if (editedKeys.size > 0)
    for (const one of now) {
      const edit = one.type === 'kms.Alias' ? editedKeys.get(one.key) : undefined
      if (one.type === 'kms.Alias' && edit !== undefined) resources.set(`key ${one.name}`, edit)
    }
  return { policies, trusts, resources }
}

function documentOf(resource: Resource): PolicyDocument | undefined {
  if (resource.type === 'iam.Role') return resource.assumeRolePolicy
  return 'policy' in resource ? resource.policy : undefined
}
