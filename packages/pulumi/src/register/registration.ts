import type { AccessKey } from '@pulumi/aws/iam/accessKey.js'
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
  /** A provider of the account that administers Identity Center, in its home region; for its part of the plan. */
  readonly identityCenterProvider?: pulumi.ProviderResource
  /** What everything is to wait for: nothing of the plan begins before it is there. */
  readonly after?: readonly pulumi.Resource[]
}

/** What all registering functions share. */
export interface Registration {
  readonly plan: Plan
  readonly managementProvider: pulumi.ProviderResource | undefined
  readonly identityCenterProvider: pulumi.ProviderResource | undefined
  readonly outputs: OutputLists
  /** The buckets that are registered, by their name on AWS. */
  readonly buckets: Map<string, { readonly resource: pulumi.Resource; readonly forceDestroy: boolean }>
  /** The access keys that are registered, by their plan id. */
  readonly accessKeys: Map<string, AccessKey>
  /**
   * By user, the generation of the latest key: during a rotation, outputs mean it by the member's name, since it is to
   * be used from now on.
   */
  readonly newestKeys: ReadonlyMap<string, number>
  /** ARNs of the plan's policies that only deny. */
  readonly denials: ReadonlySet<string>
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
  const { name, parent, provider, managementProvider, identityCenterProvider, after = [] } = options
  const kept = new Map<string, pulumi.Resource[]>()
  const find = (id: string): readonly pulumi.Resource[] => {
    const resources = kept.get(id)
    if (resources === undefined) throw new Error(`the plan refers to ${id} before it is registered`)
    return resources
  }
  return {
    plan,
    managementProvider,
    identityCenterProvider,
    outputs: createOutputLists(),
    buckets: new Map(),
    accessKeys: new Map(),
    newestKeys: newestKeysOf(plan),
    denials: denialsOf(plan),
    childName: (id) => `${name}/${id}`,
    options: ({ dependsOn }) => ({
      parent,
      dependsOn: [...after, ...dependsOn.flatMap((id) => [...find(id)])],
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

function newestKeysOf({ resources }: Plan): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  for (const resource of resources) {
    if (resource.type !== 'iam.AccessKey') continue
    const { user, generation = 1 } = resource
    newest.set(user, Math.max(generation, newest.get(user) ?? 0))
  }
  return newest
}

function denialsOf({ resources }: Plan): ReadonlySet<string> {
  const denying = resources.flatMap((one) =>
    one.type === 'iam.Policy' && one.policy.Statement.every(({ Effect }) => Effect === 'Deny')
      ? [one.arn]
      : [],
  )
  return new Set(denying)
}
