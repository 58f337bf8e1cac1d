import type { Aws } from './aws.js'
import type { Properties } from './properties.js'
import type { Argument } from './resource-type.js'

/** A question that a program asks of AWS while it runs: a function of the provider. */
export interface FunctionType {
  /** Pulumi's token, such as `aws:identitystore/getGroup:getGroup`. */
  readonly token: string
  readonly arguments: Readonly<Record<string, Argument>>
  /** Rejects with what AWS answers. */
  call(inputs: Properties, aws: Aws): Promise<Properties>
}

interface Definition<Args, Result> {
  readonly token: string
  readonly arguments: { readonly [Name in keyof Args]?: Argument }
  call(inputs: Args, aws: Aws): Promise<Result>
}

/** Defines a function by the arguments and the result that `@pulumi/aws` declares for it. */
export function functionType<Args, Result>(definition: Definition<Args, Result>): FunctionType {
  // `invoke` has seen to it that values are of the kinds that the definition names.
  return definition as unknown as FunctionType
}
