import type { Plan, PolicyDocument, Resource, ResourceType } from '@ringfence/plan'
import { isSameDocument } from '../../same/same-document.js'
import { isSameBut } from '../../same/same-fields.js'
import type { Account, AccountResource } from '../../account/account.js'
import { linesOfStatements } from '../../account/plan-index.js'

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
    managedPolicies: edited(managedPolicies, edits, arnOf, (one, document) => {
      return { ...one, versions: one.versions.map((version) => ({ ...version, document })) }
    }),
    roles: edited(roles, edits, arnOf, (one, document) => {
      return { ...one, trust: { ...one.trust, document } }
    }),
    resources: edited(resources, edits, nameOfResource, (one, document) => {
      return one.policy === undefined ? one : { ...one, policy: { ...one.policy, document } }
    }),
    lines: linesOfStatements(plan),
  }
}

/** Of a plan: looked at by themselves, or nothing that an account is made of. */
const apart: ReadonlySet<keyof Plan> = new Set(['access', 'kept', 'resources', 'statements'])

/** What policies say now: of roles and managed ones by ARN, else by `bucket NAME` and `key ALIAS`. */
type Edits = ReadonlyMap<string, PolicyDocument>

const arnOf = ({ arn }: { readonly arn: string }): string => arn
const nameOfResource = ({ kind, name }: AccountResource): string => `${kind} ${name}`

/** The same list where none of it is edited. */
function edited<One>(
  all: readonly One[],
  edits: Edits,
  nameOf: (one: One) => string,
  make: (one: One, document: PolicyDocument) => One,
): readonly One[] {
  let made: One[] | undefined
  if (edits.size > 0)
    for (const [at, one] of all.entries()) {
      const document = edits.get(nameOf(one))
      if (document !== undefined) (made ??= [...all])[at] = make(one, document)
    }
  return made ?? all
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
function editsBetween(before: readonly Resource[], now: readonly Resource[]): Edits | undefined {
  if (before.length !== now.length) return undefined
  const edits = new Map<string, PolicyDocument>()
  for (let at = 0; at < now.length; at++) {
    const [was, is] = [before[at]!, now[at]!]
    if (was.type !== is.type) return undefined
    if (silent.has(is.type)) continue
    if (!isSameBut(documents, was, is)) return undefined
    const document = documentOf(is)
    if (isSameDocument(documentOf(was), document)) continue
    const name = nameOfPolicy(is)
    if (name === undefined || document === undefined) return undefined
    edits.set(name, document)
  }
  return edits.size === 0 ? edits : byAliases(now, edits)
}

/** Of a resource whose policy may be edited; policies of others have a say in more than one place. */
function nameOfPolicy(resource: Resource): string | undefined {
  switch (resource.type) {
    case 'iam.Policy':
    case 'iam.Role':
      return resource.arn
    case 's3.BucketPolicy':
      return `bucket ${resource.bucket}`
    case 'kms.Key':
      return `key of ${resource.id}`
    default:
      return undefined
  }
}

/** With keys by their aliases; undefined where a name is there twice, which it never is in a plan of ringfence's own. */
function byAliases(resources: readonly Resource[], edits: Edits): Edits | undefined {
  const named = new Map(edits)
  let count = 0
  for (const resource of resources) {
    const name = nameOfPolicy(resource)
    if (name !== undefined && edits.has(name)) count++
    const ofKey = resource.type === 'kms.Alias' ? edits.get(`key of ${resource.key}`) : undefined
    if (resource.type === 'kms.Alias' && ofKey !== undefined) named.set(`key ${resource.name}`, ofKey)
  }
  return count === edits.size ? named : undefined
}

function documentOf(resource: Resource): PolicyDocument | undefined {
  if (resource.type === 'iam.Role') return resource.assumeRolePolicy
  return 'policy' in resource ? resource.policy : undefined
}
