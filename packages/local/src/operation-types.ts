import type { Call } from './call.js'

/**
 * The operations of one service, typed by its aggregated SDK client: `OperationsOf<IAM, Deps>['CreateUser']`
 * takes the SDK's input of `createUser` and gives its output without `$metadata`. An operation's code is only
 * its meaning: wire shapes, signatures and permissions are dealt with before it runs.
 */
export type OperationsOf<Client, Deps> = {
  readonly [Method in keyof Client & string as Capitalize<Method>]: Client[Method] extends Overloads<
    infer Input,
    infer Output
  >
    ? (input: Input, call: Call, deps: Deps) => Answer<Output> | Promise<Answer<Output>>
    : never
}

/** The three ways in which the SDK lets each method be called; the last one tells input and output. */
interface Overloads<Input, Output> {
  (args: Input, options: never, callback: (error: never, data?: Output) => void): void
}

type Answer<Output> = Omit<NonNullable<Output>, '$metadata'>

/** Operations by name, once their types have done their work. */
export type AnyOperation<Deps> = (input: never, call: Call, deps: Deps) => object | Promise<object>
