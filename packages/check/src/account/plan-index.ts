import type { Plan, SourceSpan } from '@ringfence/plan'
import type { PublicAccessBlock } from '@ringfence/policy'
import type { NamedPolicy } from './account.js'

/** What the resources of a plan say about each other, looked up by name. */
export interface PlanIndex {
  readonly plan: Plan
  /** By policy, as `StatementSource` names it, and Sid. */
  readonly lines: ReadonlyMap<string, Readonly<Record<string, SourceSpan>>>
  /** By `user/NAME`, `group/NAME` or `role/NAME`. */
  readonly attachments: ReadonlyMap<string, Attachments>
  /** Names of groups, by name of user. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** How many, by name of user. */
  readonly accessKeys: ReadonlyMap<string, number>
}

interface Attachments {
  /** ARNs of managed policies. */
  readonly arns: readonly string[]
  /** What the file calls whom they are attached to: `member/ada`. */
  readonly declared: string
}

/** Goes through a plan once. */
export function indexPlan(plan: Plan): PlanIndex {
  const lines = new Map<string, Record<string, SourceSpan>>()
  for (const { policy, sid, declaredAt } of plan.statements) {
    const bySid = lines.get(policy)
    if (bySid === undefined) lines.set(policy, { [sid]: declaredAt })
    else bySid[sid] ??= declaredAt
  }
  const attachments = new Map<string, Attachments>()
  const groups = new Map<string, readonly string[]>()
  const accessKeys = new Map<string, number>()
  for (const resource of plan.resources) {
    if (resource.type === 'iam.PolicyAttachments') {
      const attached = { arns: resource.policyArns, declared: declaredOf(resource.id) }
      attachments.set(`${resource.target}/${resource.name}`, attached)
    } else if (resource.type === 'iam.UserGroupMembership') {
      groups.set(resource.user, resource.groups)
    } else if (resource.type === 'iam.AccessKey') {
      accessKeys.set(resource.user, (accessKeys.get(resource.user) ?? 0) + 1)
    }
  }
  return { plan, lines, attachments, groups, accessKeys }
}

/** The declared thing that a resource of a plan belongs to: `member/ada/user` → `member/ada`. */
export function declaredOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}

/** A document of the plan under the name that its lines go by. */
export function namedPolicy(name: string, document: unknown, { lines }: PlanIndex): NamedPolicy {
  const declaredAt = lines.get(name)
  return { name, document, ...(declaredAt === undefined ? {} : { declaredAt }) }
}

/** The four switches of a resource of the plan, and nothing else of it. */
export function accessBlockOf(block: PublicAccessBlock): PublicAccessBlock {
  const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = block
  return { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets }
}
