import type * as pulumi from '@pulumi/pulumi'
import type { Provider } from '@pulumi/pulumi/provider/index.js'
import { componentTypes } from '../component-types.js'
import type { ManagedPoliciesArgs } from '../components/managed-policies.js'
import { ManagedPolicies } from '../components/managed-policies.js'
import type { OrganizationArgs } from '../components/organization.js'
import { Organization } from '../components/organization.js'
import type { PrivateDatasetArgs } from '../components/private-dataset.js'
import { PrivateDataset } from '../components/private-dataset.js'
import type { ProvisionedMemberArgs } from '../components/provisioned-member.js'
import { ProvisionedMember } from '../components/provisioned-member.js'
import type { SegregatedDatasetsArgs } from '../components/segregated-datasets.js'
import { SegregatedDatasets } from '../components/segregated-datasets.js'
import type { TeamAccessArgs } from '../components/team-access.js'
import { TeamAccess } from '../components/team-access.js'
import type { TrainingPlatformArgs } from '../components/training-platform.js'
import { TrainingPlatform } from '../components/training-platform.js'

type Construct = (
  name: string,
  args: pulumi.Inputs,
  options: pulumi.ComponentResourceOptions,
) => pulumi.ComponentResource

// What another language sent is checked by the components themselves, value by value.
const constructors: Readonly<Record<string, Construct>> = {
  [componentTypes.organization]: (name, args, options) =>
    new Organization(name, args as OrganizationArgs, options),
  [componentTypes.privateDataset]: (name, args, options) =>
    new PrivateDataset(name, args as PrivateDatasetArgs, options),
  [componentTypes.segregatedDatasets]: (name, args, options) =>
    new SegregatedDatasets(name, args as SegregatedDatasetsArgs, options),
  [componentTypes.provisionedMember]: (name, args, options) =>
    new ProvisionedMember(name, args as ProvisionedMemberArgs, options),
  [componentTypes.teamAccess]: (name, args, options) => new TeamAccess(name, args as TeamAccessArgs, options),
  [componentTypes.trainingPlatform]: (name, args, options) =>
    new TrainingPlatform(name, args as TrainingPlatformArgs, options),
  [componentTypes.managedPolicies]: (name, args, options) =>
    new ManagedPolicies(name, args as ManagedPoliciesArgs, options),
}

/** The part of a Pulumi schema that tells what a component gives out. */
interface Schema {
  readonly resources: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>
}

/** A Pulumi provider of the components, for programs in other languages; `schema` is the baked one. */
export function createProvider(schema: string, version: string): Provider {
  const { resources } = JSON.parse(schema) as Schema
  return {
    version,
    schema,
    construct: (name, type, inputs, options) => {
      const construct = constructors[type]
      const properties = resources[type]?.properties
      if (construct === undefined || properties === undefined) {
        const known = Object.keys(constructors).join(', ')
        return Promise.reject(new Error(`There is no component ${type}.\nTry: ${known}`))
      }
      const component = construct(name, inputs, options)
      const outputs = new Map(Object.entries(component))
      const state = Object.keys(properties).flatMap((key) => {
        const value: unknown = outputs.get(key)
        return value === undefined ? [] : [[key, value] as const]
      })
      return Promise.resolve({ urn: component.urn, state: Object.fromEntries(state) })
    },
  }
}
