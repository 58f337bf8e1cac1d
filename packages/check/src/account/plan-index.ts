import type { Plan, Resource, ResourceType, SourceSpan } from '@ringfence/plan'
import type { PublicAccessBlock } from '@ringfence/policy'
import type { PolicyLines } from './account.js'

/** What the resources of a plan say about each other, looked up by name. */
export interface PlanIndex {
  readonly plan: Plan
  /** In the order of the plan. */
  readonly ofType: <Type extends ResourceType>(type: Type) => readonly OfType<Type>[]
  /** By `user/NAME`, `group/NAME` or `role/NAME`. */
  readonly attachments: ReadonlyMap<string, Attachments>
  /** Names of groups, by name of user. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  /** How many, by name of user. */
  readonly accessKeys: ReadonlyMap<string, number>
}

type OfType<Type extends ResourceType> = Extract<Resource, { readonly type: Type }>

interface Attachments {
  /** ARNs of managed policies. */
  readonly arns: readonly string[]
  /** What the file calls whom they are attached to: `member/ada`. */
  readonly declared: string
}

/** Goes through a plan once. */
export function indexPlan(plan: Plan): PlanIndex {
  const byType = new Map<ResourceType, Resource[]>()
  for (const resource of plan.resources) {
    const same = byType.get(resource.type)
    if (same === undefined) byType.set(resource.type, [resource])
    else same.push(resource)
  }
  const ofType: PlanIndex['ofType'] = <Type extends ResourceType>(type: Type) =>
    (byType.get(type) ?? []) as readonly Resource[] as readonly OfType<Type>[]
  const attachments = new Map<string, Attachments>()
  for (const { id, name, policyArns: arns, target } of ofType('iam.PolicyAttachments'))
    attachments.set(`${target}/${name}`, { arns, declared: declaredOf(id) })
  const groups = new Map(ofType('iam.UserGroupMembership').map((one) => [one.user, one.groups]))
  const accessKeys = new Map<string, number>()
  for (const { user } of ofType('iam.AccessKey')) accessKeys.set(user, (accessKeys.get(user) ?? 0) + 1)
  return { plan, ofType, attachments, groups, accessKeys }
}

/** Where the file asked for the statements of a plan, as `Account` has it. */
export function linesOfStatements(plan: Plan): () => PolicyLines {
  let lines: PolicyLines | undefined
  return () => (lines ??= readLines(plan))
}

function readLines({ statements }: Plan): PolicyLines {
  const lines = new Map<string, Record<string, SourceSpan>>()
  for (const { policy, sid, declaredAt } of statements) {
    const bySid = lines.get(policy)
    if (bySid === undefined) lines.set(policy, { [sid]: declaredAt })
    else bySid[sid] ??= declaredAt
  }
  return lines
}

/** The declared thing that a resource of a plan belongs to: `member/ada/user` → `member/ada`. */
export function declaredOf(id: string): string {
  return id.slice(0, id.lastIndexOf('/'))
}

/** The four switches of a resource of the plan, and nothing else of it. */
export function accessBlockOf(block: PublicAccessBlock): PublicAccessBlock {
  const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = block
  return { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets }
}
