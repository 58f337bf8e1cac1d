import type { Plan, Resource } from '../../plan.js'
import type { Shortfall } from '../findings.js'
import { keptStores } from '../kept-stores.js'
import type { Json, JsonObject } from '../print-json.js'

/** What one resource of the plan becomes in a template. */
export type Mapped =
  /** A resource of its own. */
  | {
      readonly as: 'resource'
      readonly type: string
      readonly properties: JsonObject
      /** For what holds data or guards it: survives the stack, and being replaced or taken out of the template. */
      readonly retain?: boolean
      /** Id of the resource of the plan that `properties` refers to. */
      readonly refersTo?: string
      /** What the plan says and the type has no property for. */
      readonly lacks?: Shortfall
    }
  /** Properties of the resource that the plan calls `of`: CloudFormation has no type for these alone. */
  | { readonly as: 'properties'; readonly of: string; readonly properties: JsonObject }
  | { readonly as: 'nothing'; readonly why: Shortfall }
  | { readonly as: 'refused'; readonly why: Shortfall }

/** Answers about the plan as a whole; ids are those of its resources. */
export interface PlanIndex {
  readonly bucket: (name: string) => string | undefined
  readonly holder: (kind: 'user' | 'group' | 'role', name: string) => string | undefined
  readonly has: (id: string) => boolean
  readonly isKept: (resource: Resource) => boolean
}

/** Reads a plan once. */
export function indexPlan(plan: Plan): PlanIndex {
  const named = new Map<string, string>()
  for (const one of plan.resources) {
    if (one.type === 's3.Bucket') named.set(`bucket ${one.bucket}`, one.id)
    if (one.type === 'iam.User') named.set(`user ${one.name}`, one.id)
    if (one.type === 'iam.Group') named.set(`group ${one.name}`, one.id)
    if (one.type === 'iam.Role') named.set(`role ${one.name}`, one.id)
  }
  const ids = new Set(plan.resources.map(({ id }) => id))
  return {
    bucket: (name) => named.get(`bucket ${name}`),
    holder: (kind, name) => named.get(`${kind} ${name}`),
    has: (id) => ids.has(id),
    isKept: keptStores(plan),
  }
}

/** Properties of something that exists already: a template manages whole resources only. */
export function refuseExisting(what: string): Mapped {
  return {
    as: 'refused',
    why: {
      message: `${what} exists already, and a CloudFormation template cannot set single properties of it`,
      hint: 'export to terraform, or deploy with Pulumi',
    },
  }
}

/** Tags as CloudFormation writes them. */
export function tagList(tags: Readonly<Record<string, string>>): Json {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
