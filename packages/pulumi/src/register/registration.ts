import * as pulumi from '@pulumi/pulumi'
import type { Plan, Resource } from '@ringfence/plan'
import type { OutputLists } from './registered-plan.js'
import { createOutputLists } from './registered-plan.js'

/** Where the resources of a plan are registered. */
export interface RegisterOptions {
  /** The component's name: every child's name starts with it, so that two components never share a URN. */
  readonly name: string
  readonly parent: pulumi.Resource
  /** The provider of the declared account; without one the parent's. */
  readonly provider?: pulumi.ProviderResource
  /** A provider of the organization's management account, for the service control policy. */
  readonly managementProvider?: pulumi.ProviderResource
}

/** What all registering functions share. */
export interface Registration {
  readonly plan: Plan
  readonly managementProvider: pulumi.ProviderResource | undefined
  readonly outputs: OutputLists
  /** The buckets that are registered, by their name on AWS. */
  readonly buckets: Map<string, { readonly resource: pulumi.Resource; readonly forceDestroy: boolean }>
  /** Name of a child: the plan's id behind the component's name. Part of its URN, so it never changes. */
  childName(id: string): string
  /** Options of a child: parent, provider, and what the plan says must exist before. */
  options(planned: Pick<Resource, 'dependsOn'>): pulumi.CustomResourceOptions
  /** Keeps a resource under its plan id; whoever depends on that id waits for all that is kept under it. */
  keep(id: string, ...resources: readonly pulumi.Resource[]): void
  /** All that is kept under a plan id. */
  find(id: string): readonly pulumi.Resource[]
}

export function createRegistration(plan: Plan, options: RegisterOptions): Registration {
  const { name, parent, provider, managementProvider } = options
  const kept = new Map<string, pulumi.Resource[]>()
  const find = (id: string): readonly pulumi.Resource[] => {
    const resources = kept.get(id)
    if (resources === undefined) throw new Error(`the plan refers to ${id} before it is registered`)
    return resources
  }
  return {
    plan,
    managementProvider,
    outputs: createOutputLists(),
    buckets: new Map(),
    childName: (id) => `${name}/${id}`,
    options: ({ dependsOn }) => ({
      parent,
      dependsOn: dependsOn.flatMap((id) => [...find(id)]),
      ...(provider === undefined ? {} : { provider }),
    }),
    keep: (id, ...resources) => {
      const present = kept.get(id)
      if (present === undefined) kept.set(id, [...resources])
      else present.push(...resources)
    },
    find,
  }
}
