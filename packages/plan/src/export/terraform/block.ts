import type { Plan, PolicyDocument, Resource } from '../../plan.js'
import type { Shortfall } from '../findings.js'
import { keptStores } from '../kept-stores.js'
import type { Value } from './expression.js'

/** A `resource` block. */
export interface Block {
  readonly type: string
  /** From this its name is made: the id of a resource of the plan, or one that begins with it. */
  readonly id: string
  readonly arguments: Readonly<Record<string, Value>>
  /** Ids of the resources of the plan that come first. */
  readonly dependsOn: readonly string[]
  /** Other blocks that come first. */
  readonly after?: readonly Block[]
  /** Terraform refuses every plan that would destroy it. */
  readonly preventDestroy?: boolean
  /** Made with the credentials of the organization's management account. */
  readonly inManagementAccount?: boolean
}

/** What a resource of the plan becomes: blocks, or nothing, for a reason. */
export type Mapped = readonly Block[] | { readonly leftOut: Shortfall }

/** Answers about the plan as a whole; ids are those of its resources. */
export interface PlanIndex {
  readonly has: (id: string) => boolean
  readonly isKept: (resource: Resource) => boolean
}

/** Reads a plan once. */
export function indexPlan(plan: Plan): PlanIndex {
  const ids = new Set(plan.resources.map(({ id }) => id))
  return { has: (id) => ids.has(id), isKept: keptStores(plan) }
}

/** Arguments for policies are texts. */
export function policyText(policy: PolicyDocument): string {
  return JSON.stringify(policy)
}
