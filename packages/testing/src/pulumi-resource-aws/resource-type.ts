import type { CustomResource, Unwrap } from '@pulumi/pulumi'
import type { Aws } from './aws.js'
import type { Kind } from './kinds.js'
import type { Properties } from './properties.js'

/** One argument of a resource type, as the stand-in knows it. */
export interface Argument<ItsKind = Kind> {
  readonly kind: ItsKind
  readonly required?: true
  /** A change makes a new resource. */
  readonly replaces?: true
  /** The real provider can change this one in place; the stand-in refuses to. */
  readonly fixed?: true
  /** What an absent argument means. */
  readonly default?: string | number | boolean
  /** Without the argument AWS decides, and whatever it decided is no difference. */
  readonly computed?: true
  /** Further values that mean the same. */
  readonly same?: (one: string, other: string) => boolean
}

/** A resource that was made, and what remains to be done before it counts as whole. */
export interface Created {
  readonly id: string
  /** What AWS tells only once. */
  readonly once?: Properties
  /** When this fails, the engine still learns of the resource and finishes or deletes it later. */
  readonly finish?: () => Promise<void>
}

/** A change of a resource: recorded state and new inputs, both with defaults, and which arguments differ. */
export interface Change<Values> {
  readonly before: Values
  readonly after: Values
  readonly changed: (argument: keyof Values & string) => boolean
}

/** How the stand-in makes, reads, changes and removes the resources of one type. */
export interface ResourceType {
  /** Pulumi's type token, such as `aws:iam/user:User`. */
  readonly token: string
  readonly arguments: Readonly<Record<string, Argument>>
  /** What AWS adds to the arguments. */
  readonly outputs: readonly string[]
  /** Those of the outputs that are secret. */
  readonly secrets?: readonly string[]
  /** The argument that names the thing on AWS: two of one name cannot exist, so a replacement deletes first. */
  readonly uniqueName?: string
  create(inputs: Properties, aws: Aws): Promise<Created>
  /** `undefined` when the thing is gone. What is not in the answer stays as it was known. */
  read(id: string, aws: Aws, known: Properties): Promise<Properties | undefined>
  update?(id: string, change: Change<Properties>, aws: Aws): Promise<void>
  delete(id: string, known: Properties, aws: Aws): Promise<void>
}

/**
 * What an argument takes: where a string will do (an enumeration, a resource that stands for its id, a policy as
 * an object), it is a string.
 */
type Given<Value> = [Extract<NonNullable<Unwrap<Value>>, string>] extends [never]
  ? NonNullable<Unwrap<Value>>
  : string

type KindOf<Value> = Value extends string
  ? 'string' | 'document'
  : Value extends boolean
    ? 'boolean'
    : Value extends number
      ? 'number'
      : Value extends readonly (infer Item)[]
        ? Item extends string
          ? 'strings'
          : { readonly blocks: Fields<Item> }
        : string extends keyof Value
          ? 'map'
          : { readonly block: Fields<Value> }

type Fields<Block> = { readonly [Name in keyof Block]?: KindOf<Given<Block[Name]>> }

type RequiredNames<Args> = {
  [Name in keyof Args]-?: object extends Pick<Args, Name> ? never : Name
}[keyof Args]

type ArgumentsOf<Args> = {
  readonly [Name in RequiredNames<Args>]: Argument<KindOf<Given<Args[Name]>>> & { readonly required: true }
} & {
  readonly [Name in Exclude<keyof Args, RequiredNames<Args>>]?: Argument<KindOf<Given<Args[Name]>>>
}

/** The arguments as values, with Pulumi's promises of values resolved. */
export type Inputs<Args> = { readonly [Name in keyof Args]: Given<Args[Name]> }

type OutputName<Resource> = Exclude<keyof Resource, keyof CustomResource> & string

/** A `ResourceType` whose names are checked against the types of `@pulumi/aws`. */
export interface Definition<Args, Resource> {
  readonly token: string
  readonly arguments: ArgumentsOf<Args>
  readonly outputs: readonly OutputName<Resource>[]
  readonly secrets?: readonly OutputName<Resource>[]
  readonly uniqueName?: keyof Args & string
  create(inputs: Inputs<Args>, aws: Aws): Promise<Created>
  read(
    id: string,
    aws: Aws,
    known: Inputs<Args>,
  ): Promise<{ readonly [Name in OutputName<Resource>]?: unknown } | undefined>
  update?(id: string, change: Change<Inputs<Args>>, aws: Aws): Promise<void>
  delete(id: string, known: Inputs<Args>, aws: Aws): Promise<void>
}

/** Defines a resource type by the arguments and the outputs that `@pulumi/aws` declares for it. */
export function resourceType<Args, Resource>(definition: Definition<Args, Resource>): ResourceType {
  // `check` has seen to it that values are of the kinds that the definition names.
  return definition as unknown as ResourceType
}
